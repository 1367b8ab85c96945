#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "modelexport/evidence/tensors/carried_tensors.h"
#include "modelexport/evidence/tensors/tensor_identity.h"
#include "modelexport/evidence/tensors/tensor_matchers.h"
#include "modelexport/evidence/tensors/tensor_readers.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

// More proposals for a node than this are put as one: their common ancestor.
constexpr size_t kMaxProposals = 64;

// "wn.parametrizations.weight" of this class lies in a container of the module "wn".
constexpr absl::string_view kParametrizations = "torch.nn.utils.parametrize.ParametrizationList";

using Readers = std::vector<TensorReader>;

bool Before(const TensorReader& a, const TensorReader& b) {
  return std::tie(a.module, a.call) < std::tie(b.module, b.call);
}

bool IsSame(const TensorReader& a, const TensorReader& b) {
  return a.module == b.module && a.call == b.call;
}

void SortOut(Readers* readers) {
  std::sort(readers->begin(), readers->end(), Before);
  readers->erase(std::unique(readers->begin(), readers->end(), IsSame), readers->end());
}

// What a node reads, or what a carrier carries, if content has a part in it; else nothing.
std::vector<TensorIdentity::Held> HeldBy(const MatchContext& context, NodeId node) {
  const GraphView& graph = context.graph;
  const bool carries = ChangesFormAlone(graph.op_type(node));
  absl::Span<const ValueId> values = carries ? graph.outputs(node) : graph.inputs(node);
  if (carries) values = values.subspan(0, 1);
  std::vector<TensorIdentity::Held> all;
  bool by_content = false;
  for (const ValueId value : values) {
    if (!value.valid()) continue;
    const TensorIdentity::Held held = TensorsOf(context).of(value);
    if (held.parts.empty()) continue;
    by_content = by_content || held.source == TensorIdentity::Source::kContent;
    all.push_back(held);
  }
  if (!by_content) all.clear();
  return all;
}

class FingerprintMatch {
 public:
  explicit FingerprintMatch(const MatchContext& context)
      : context_(context), readers_(context.hierarchy) {}

  MatchResult Run() {
    MatchResult result;
    const TensorIdentity& tensors = TensorsOf(context_);
    result.offer = {tensors.num_found(), tensors.num_found()};
    for (const std::string& note : tensors.notes()) {
      result.notes.push_back(absl::StrCat("fingerprint: ", note));
    }
    if (tensors.num_found() == 0) return result;
    for (size_t n = 0; n < context_.graph.num_nodes(); ++n) {
      const auto held = HeldBy(context_, NodeId(n));
      if (!held.empty()) Propose(NodeId(n), held, &result.candidates);
    }
    return result;
  }

 private:
  Readers ReadersOfAny(const std::vector<TensorId>& tensors) const {
    Readers all;
    for (const TensorId tensor : tensors) {
      const auto readers = readers_.of(tensor);
      all.insert(all.end(), readers.begin(), readers.end());
    }
    SortOut(&all);
    return all;
  }

  void Propose(NodeId node, const std::vector<TensorIdentity::Held>& held,
               std::vector<Candidate>* candidates) const {
    Readers anyone;
    Readers common;
    bool is_first = true;
    for (const TensorIdentity::Held& value : held) {
      for (const std::vector<TensorId>& part : value.parts) {
        const Readers readers = ReadersOfAny(part);
        anyone.insert(anyone.end(), readers.begin(), readers.end());
        common = is_first ? readers : InBoth(common, readers);
        is_first = false;
      }
    }
    if (common.size() > kMaxProposals) ForgetCalls(&common);
    const bool sure = TakeOutOfParametrizations(common.empty() ? &anyone : &common);
    if (!sure || common.empty() || common.size() > kMaxProposals) {
      const ModuleId around = Around(common.empty() ? anyone : common);
      if (around != Hierarchy::root()) candidates->push_back({node, around, CallId(), false});
      return;
    }
    // What only carries a tensor on belongs with who reads it: the flow of data tells who that is.
    if (common.size() > 1 && ChangesFormAlone(context_.graph.op_type(node))) return;
    for (const TensorReader& reader : common) {
      candidates->push_back({node, reader.module, reader.call, true});
    }
  }

  static Readers InBoth(const Readers& a, const Readers& b) {
    Readers both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both), Before);
    return both;
  }

  static void ForgetCalls(Readers* readers) {
    for (TensorReader& reader : *readers) reader.call = CallId();
    SortOut(readers);
  }

  // What a parametrisation makes of its tensors may look like one of them: a normalised weight is
  // the weight, until it is trained. Then the module that has the parametrisation reads it. Puts
  // that module in place of its parametrisations; returns whether there were none.
  bool TakeOutOfParametrizations(Readers* readers) const {
    bool sure = true;
    for (TensorReader& reader : *readers) {
      for (ModuleId module = reader.module; module != Hierarchy::root();
           module = context_.hierarchy.module(module).parent) {
        if (context_.hierarchy.module(module).class_name != kParametrizations) continue;
        const ModuleId container = context_.hierarchy.module(module).parent;
        if (container == Hierarchy::root()) continue;
        reader = {context_.hierarchy.module(container).parent, CallId()};
        sure = false;
      }
    }
    return sure;
  }

  ModuleId Around(const Readers& readers) const {
    ModuleId around = readers[0].module;
    for (const TensorReader& reader : readers) {
      around = context_.hierarchy.CommonAncestor(around, reader.module);
    }
    return around;
  }

  const MatchContext& context_;
  const TensorReaders readers_;
};

// `"a.weight"`, `"a.weight" or "b.weight" or 3 others`.
std::string Describe(const Hierarchy& hierarchy, const std::vector<TensorId>& tensors) {
  constexpr size_t kShown = 3;
  std::string text;
  for (size_t i = 0; i < tensors.size() && i < kShown; ++i) {
    absl::StrAppend(&text, i == 0 ? "\"" : " or \"", hierarchy.tensor(tensors[i]).name, "\"");
  }
  if (tensors.size() > kShown) absl::StrAppend(&text, " or ", tensors.size() - kShown, " others");
  return text;
}

}  // namespace

absl::string_view FingerprintMatcher::MissingFrom(const Hierarchy& hierarchy) const {
  const bool has_stats = std::any_of(hierarchy.tensors().begin(), hierarchy.tensors().end(),
                                     [](const Tensor& tensor) { return tensor.stats.has_value(); });
  return has_stats ? "" : "the sidecar has no stats of tensors";
}

MatchResult FingerprintMatcher::Match(const MatchContext& context) const {
  return FingerprintMatch(context).Run();
}

std::string FingerprintMatcher::Reason(const MatchContext& context,
                                       const Candidate& candidate) const {
  std::string reason = "by content reads ";
  const char* separator = "";
  for (const TensorIdentity::Held& held : HeldBy(context, candidate.node)) {
    for (const std::vector<TensorId>& part : held.parts) {
      absl::StrAppend(&reason, separator, Describe(context.hierarchy, part));
      separator = ", ";
    }
  }
  if (!candidate.exact) reason += ", of which no one module is known to be the reader";
  return reason;
}

}  // namespace modelexport
