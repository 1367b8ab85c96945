#include "modelexport/evidence/names/exported_names.h"

#include <algorithm>
#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/name_prefix.h"
#include "modelexport/evidence/names/mangled_names.h"
#include "modelexport/evidence/names/op_names.h"
#include "modelexport/evidence/names/scope_name.h"
#include "modelexport/evidence/names/scope_tree.h"

namespace modelexport {
namespace {

// Names of which the first few show how all are written.
constexpr size_t kSample = 256;

// Whether the hierarchy has one of the first segments of `scope`: wrappers come before it.
bool HasSegmentOf(const ScopeTree& tree, absl::string_view scope) {
  constexpr int kSegments = 8;
  for (int i = 0; i < kSegments && !scope.empty(); ++i) {
    const absl::string_view segment = scope.substr(0, scope.find('/'));
    if (tree.HasSegment(segment)) return true;
    scope.remove_prefix(std::min(scope.size(), segment.size() + 1));
  }
  return false;
}

}  // namespace

class ExportedNamesReader {
 public:
  explicit ExportedNamesReader(const MatchContext& context)
      : context_(context),
        graph_(context.graph),
        tree_(ScopesOf(context)),
        ops_(OpNamesOf(context)) {}

  ExportedNames::Restored Nodes() const {
    return Restore(
        graph_.num_nodes(), [this](size_t n) { return graph_.name(NodeId(n)); },
        [](size_t n) { return NodeId(n); },
        [this](absl::string_view name) {
          return KnowsScope(ScopeOfNodeName(name)) ||
                 (absl::ConsumePrefix(&name, "node_") && ops_.Find(name).valid());
        });
  }

  ExportedNames::Restored Values() const {
    return Restore(
        graph_.values().size(), [this](size_t v) { return graph_.name(ValueId(v)); },
        [this](size_t v) { return graph_.values()[v].producer; },
        [this](absl::string_view name) {
          return KnowsScope(ScopeOfValueName(name)) || ops_.Find(name).valid();
        });
  }

 private:
  using NameOf = absl::FunctionRef<absl::string_view(size_t)>;
  using MakerOf = absl::FunctionRef<NodeId(size_t)>;  // Invalid: nobody asks for the name.
  using Known = absl::FunctionRef<bool(absl::string_view)>;

  bool KnowsScope(absl::optional<absl::string_view> scope) const {
    return scope.has_value() && HasSegmentOf(tree_, *scope);
  }

  ExportedNames::Restored Restore(size_t count, NameOf name_of, MakerOf maker_of,
                                  Known known) const {
    ExportedNames::Restored restored;
    std::vector<size_t> sample;
    const size_t step = count / kSample + 1;
    for (size_t i = 0; i < count; i += step) {
      if (maker_of(i).valid() && !name_of(i).empty()) sample.push_back(i);
    }
    std::vector<absl::string_view> names;
    for (const size_t i : sample) names.push_back(name_of(i));
    const std::string prefix = FindNamePrefix(names, known);
    if (!prefix.empty()) {
      RemovePrefix(prefix, count, name_of, &restored);
    } else if (AreFewKnown(names, known)) {
      const MangledNames mangled(tree_);
      if (AreMangled(mangled, sample, name_of, maker_of, known)) {
        Unmangle(mangled, count, name_of, maker_of, &restored);
      }
    }
    return restored;
  }

  static void RemovePrefix(const std::string& prefix, size_t count, NameOf name_of,
                           ExportedNames::Restored* restored) {
    restored->note = absl::StrCat("all names begin with \"", prefix, "\"");
    restored->names.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      restored->names.push_back(absl::StripPrefix(name_of(i), prefix));
    }
  }

  static bool AreFewKnown(const std::vector<absl::string_view>& names, Known known) {
    const auto num_known = std::count_if(names.begin(), names.end(), known);
    return 2 * static_cast<size_t>(num_known) < names.size();
  }

  // Whether more can be restored than are known as they are, and at least two.
  bool AreMangled(const MangledNames& mangled, const std::vector<size_t>& sample, NameOf name_of,
                  MakerOf maker_of, Known known) const {
    size_t num_known = 0, num_restored = 0;
    for (const size_t i : sample) {
      num_known += known(name_of(i));
      num_restored += mangled.Restore(name_of(i), graph_.op_type(maker_of(i))).has_value();
    }
    return num_restored >= 2 && num_restored > num_known;
  }

  void Unmangle(const MangledNames& mangled, size_t count, NameOf name_of, MakerOf maker_of,
                ExportedNames::Restored* restored) const {
    restored->note = "names have \"_\" for other characters than letters and digits";
    restored->names.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      restored->names.push_back(name_of(i));
      if (!maker_of(i).valid() || EndsEarly(context_, i)) continue;
      absl::optional<std::string> name = mangled.Restore(name_of(i), graph_.op_type(maker_of(i)));
      if (!name.has_value()) continue;
      restored->texts.push_back(*std::move(name));
      restored->names.back() = restored->texts.back();
    }
  }

  const MatchContext& context_;
  const GraphView& graph_;
  const ScopeTree& tree_;
  const OpNames& ops_;
};

ExportedNames::ExportedNames(const MatchContext& context) : graph_(context.graph) {
  const ExportedNamesReader reader(context);
  nodes_ = reader.Nodes();
  values_ = reader.Values();
}

const ExportedNames& ExportedNamesOf(const MatchContext& context) {
  return context.Share<ExportedNames>(
      [&context] { return std::make_unique<const ExportedNames>(context); });
}

}  // namespace modelexport
