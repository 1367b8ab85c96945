#include "modelexport/modules/changed_rows.h"

#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/modules/ancestors.h"
#include "modelexport/modules/structure.h"

namespace modelexport {
namespace {

bool IsInOneFile(const ComparedModule& module) { return module.present.a != module.present.b; }

uint64_t HashOfQuantities(const Sides<Quantity>& sides) {
  const auto hash = [](const Quantity& quantity) {
    return absl::HashOf(quantity.nodes, quantity.parameters.has_value(),
                        quantity.parameters.value_or(0), quantity.bytes.has_value(),
                        quantity.bytes.value_or(0));
  };
  return absl::HashOf(hash(sides.a), hash(sides.b));
}

class ChangedRowMaker {
 public:
  ChangedRowMaker(const ModelComparison& comparison, const Hierarchy& a, const Hierarchy& b)
      : modules_(comparison.modules),
        a_(a),
        b_(b),
        tree_(ParentsOf(comparison)),
        hashes_(modules_.size()),
        children_(modules_.size()) {}

  std::vector<ChangedRow> Run() {
    HashDifferences();
    for (uint32_t m = 1; m < modules_.size(); ++m) {
      children_[modules_[m].aligned.parent].push_back(m);
    }
    open_.push_back({0, 1, ""});
    while (!open_.empty()) {
      ChangedRow row = std::move(open_.back());
      open_.pop_back();
      if (hashes_[row.module] == kEqual) continue;
      AddChildren(row);
      if (modules_[row.module].differs) rows_.push_back(std::move(row));
    }
    return std::move(rows_);
  }

 private:
  static constexpr uint64_t kEqual = 0;  // Nothing differs in the module and below it.

  static std::vector<uint32_t> ParentsOf(const ModelComparison& comparison) {
    std::vector<uint32_t> parents;
    parents.reserve(comparison.modules.size());
    for (const ComparedModule& module : comparison.modules) {
      parents.push_back(module.aligned.parent);
    }
    return parents;
  }

  // A parent precedes its children, so from the back all of a module's children are complete.
  void HashDifferences() {
    std::vector<uint64_t> below(modules_.size(), kEqual);
    for (size_t m = modules_.size(); m-- > 0;) {
      const ComparedModule& module = modules_[m];
      if (module.differs || below[m] != kEqual) {
        // Never kEqual.
        hashes_[m] = absl::HashOf(HashOfModule(m), IsInOneFile(module) ? kEqual : below[m]) | 1;
      }
      if (m == 0 || hashes_[m] == kEqual) continue;
      uint64_t& siblings = below[module.aligned.parent];
      siblings = absl::HashOf(siblings, hashes_[m], LastSegment(module.path)) | 1;
    }
  }

  uint64_t HashOfModule(size_t m) const {
    const ComparedModule& module = modules_[m];
    const uint64_t who = absl::HashOf(module.present.a, module.present.b, module.aligned.a.valid(),
                                      module.aligned.b.valid());
    if (!module.differs) return who;
    uint64_t hash = absl::HashOf(who, module.allowed, module.class_name.a, module.class_name.b,
                                 HashOfQuantities(module.own));
    if (IsInOneFile(module)) return absl::HashOf(hash, HashOfQuantities(module.total));
    for (const NodeChange& change : module.changes) {
      hash = absl::HashOf(hash, change.kind, change.op, change.op_in_b, change.a, change.b,
                          HashOfWay(static_cast<uint32_t>(m), change.other));
    }
    return hash;
  }

  // How far up and then by which names one comes to `other`.
  uint64_t HashOfWay(uint32_t from, uint32_t other) const {
    const uint32_t around = tree_.Common(from, other);
    const uint32_t up = modules_[from].aligned.depth - modules_[around].aligned.depth;
    const absl::string_view path = modules_[other].path;
    return absl::HashOf(up, path.substr(modules_[around].path.size()));
  }

  // Those of the row's first module, the next row at the back. Their runs are found from the back
  // too.
  void AddChildren(const ChangedRow& row) {
    if (IsInOneFile(modules_[row.module])) return;
    const std::vector<uint32_t>& children = children_[row.module];
    for (size_t behind = children.size(), first; behind > 0; behind = first) {
      first = behind - 1;
      while (first > 0 && hashes_[children[first - 1]] == hashes_[children[first]]) --first;
      const auto siblings = absl::MakeConstSpan(children).subspan(first, behind - first);
      if (hashes_[siblings[0]] == kEqual) continue;
      const absl::string_view dot = row.path.empty() ? "" : ".";
      open_.push_back({siblings[0], row.count * siblings.size(),
                       absl::StrCat(row.path, dot, NameOf(siblings))});
    }
  }

  std::string NameOf(absl::Span<const uint32_t> siblings) const {
    const bool in_a = modules_[siblings[0]].aligned.a.valid();
    std::vector<ModuleId> ids;
    for (uint32_t m : siblings) {
      ids.push_back(in_a ? modules_[m].aligned.a : modules_[m].aligned.b);
    }
    return FoldedName(in_a ? a_ : b_, ids);
  }

  const std::vector<ComparedModule>& modules_;
  const Hierarchy& a_;
  const Hierarchy& b_;
  const Ancestors tree_;
  std::vector<uint64_t> hashes_;                 // By module: of all that differs.
  std::vector<std::vector<uint32_t>> children_;  // By module.
  std::vector<ChangedRow> open_;
  std::vector<ChangedRow> rows_;
};

}  // namespace

std::vector<ChangedRow> ChangedRows(const ModelComparison& comparison, const Hierarchy& a,
                                    const Hierarchy& b) {
  return ChangedRowMaker(comparison, a, b).Run();
}

}  // namespace modelexport
