#include "modelexport/modules/aligned_modules.h"

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace modelexport {
namespace {

absl::Span<const ModuleId> ChildrenOf(const Hierarchy& hierarchy, ModuleId module) {
  return module.valid() ? hierarchy.children(module) : absl::Span<const ModuleId>();
}

class ModuleAligner {
 public:
  ModuleAligner(const Hierarchy& a, const Hierarchy& b) : a_(a), b_(b) {
    aligned_.row_of_a.resize(a.modules().size());
    aligned_.row_of_b.resize(b.modules().size());
  }

  AlignedModules Run() {
    open_ = {{Hierarchy::root(), Hierarchy::root(), 0, 0}};
    while (!open_.empty()) {
      const AlignedModule row = open_.back();
      open_.pop_back();
      Add(row);
    }
    return std::move(aligned_);
  }

 private:
  void Add(const AlignedModule& row) {
    const uint32_t index = static_cast<uint32_t>(aligned_.rows.size());
    aligned_.rows.push_back(row);
    if (row.a.valid()) aligned_.row_of_a[row.a.index()] = index;
    if (row.b.valid()) aligned_.row_of_b[row.b.index()] = index;
    // The next row is at the back.
    const absl::Span<const ModuleId> of_a = ChildrenOf(a_, row.a), of_b = ChildrenOf(b_, row.b);
    for (size_t i = of_b.size(); i-- > 0;) {
      if (a_.FindByPath(b_.module(of_b[i]).path).valid()) continue;
      open_.push_back({ModuleId(), of_b[i], index, row.depth + 1});
    }
    for (size_t i = of_a.size(); i-- > 0;) {
      open_.push_back({of_a[i], b_.FindByPath(a_.module(of_a[i]).path), index, row.depth + 1});
    }
  }

  const Hierarchy& a_;
  const Hierarchy& b_;
  std::vector<AlignedModule> open_;
  AlignedModules aligned_;
};

}  // namespace

AlignedModules AlignModules(const Hierarchy& a, const Hierarchy& b) {
  return ModuleAligner(a, b).Run();
}

}  // namespace modelexport
