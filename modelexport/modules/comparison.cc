#include "modelexport/modules/comparison.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/modules/node_identity.h"

namespace modelexport {
namespace {

// Names of operators as numbers that both files share.
class OperatorNames {
 public:
  // `ids` is a memory of the file that the node is of.
  using FileIds = absl::flat_hash_map<std::pair<StringId, StringId>, uint32_t>;
  uint32_t IdOf(const ModelIndex& index, NodeId node, FileIds* ids) {
    const NodeRecord& record = index.node(node);
    const auto known = ids->emplace(std::make_pair(record.domain, record.op_type), 0);
    if (known.second) known.first->second = Intern(NameOf(index, record));
    return known.first->second;
  }

  const std::string& name(uint32_t id) const { return names_[id]; }

 private:
  static std::string NameOf(const ModelIndex& index, const NodeRecord& node) {
    const absl::string_view domain = index.text(node.domain), type = index.text(node.op_type);
    if (domain.empty() || domain == "ai.onnx") return std::string(type);
    return absl::StrCat(domain, ".", type);
  }

  uint32_t Intern(const std::string& name) {
    const auto added = ids_.emplace(name, static_cast<uint32_t>(names_.size()));
    if (added.second) names_.push_back(name);
    return added.first->second;
  }

  absl::flat_hash_map<std::string, uint32_t> ids_;
  std::vector<std::string> names_;
};

// A change of one node, and then of all whose key is equal.
struct ChangeEntry {
  uint32_t row;
  NodeChange::Kind kind;
  uint32_t op, op_in_b;
  uint32_t other;
  size_t a = 0, b = 0;

  auto Key() const { return std::make_tuple(row, kind, op, op_in_b, other); }
};

class ModelComparer {
 public:
  ModelComparer(const OwnedGraph& a, const OwnedGraph& b, const std::atomic<bool>* cancelled)
      : a_(a), b_(b), cancelled_(cancelled), aligned_(AlignModules(a.hierarchy, b.hierarchy)) {}

  ModelComparison Run() {
    MakeModules();
    AddFigures(a_, aligned_.row_of_a, &Sides<Quantity>::a, &Sides<bool>::a);
    AddFigures(b_, aligned_.row_of_b, &Sides<Quantity>::b, &Sides<bool>::b);
    ListChanges();
    MergeChanges();
    for (ComparedModule& module : comparison_.modules) Judge(&module);
    Judge(&comparison_.unattributed);
    return std::move(comparison_);
  }

 private:
  void MakeModules() {
    comparison_.modules.resize(aligned_.rows.size());
    for (size_t row = 0; row < aligned_.rows.size() && !EndsEarly(cancelled_, row); ++row) {
      ComparedModule& module = comparison_.modules[row];
      module.aligned = aligned_.rows[row];
      Describe(a_.hierarchy, module.aligned.a, &module.path, &module.class_name.a);
      Describe(b_.hierarchy, module.aligned.b, &module.path, &module.class_name.b);
    }
  }

  static void Describe(const Hierarchy& hierarchy, ModuleId id, std::string* path,
                       std::string* class_name) {
    if (!id.valid()) return;
    *path = std::string(hierarchy.module(id).path);
    *class_name = std::string(hierarchy.module(id).class_name);
  }

  // Of the side that the members are of.
  void AddFigures(const OwnedGraph& owned, const std::vector<uint32_t>& rows,
                  Quantity Sides<Quantity>::*quantity, bool Sides<bool>::*present) {
    const ModuleRows module_rows(owned, Folding::kOff);
    const FiguresOfModel figures = FiguresOf(owned, module_rows);
    const auto add = [&](const ModuleFigures& from, ComparedModule* to) {
      to->own.*quantity = from.own;
      to->total.*quantity = from.total;
      to->present.*present = from.total.nodes > 0 || from.total.parameters != uint64_t{0};
    };
    for (size_t m = 0; m < rows.size(); ++m) {
      add(figures.rows[module_rows.row_of(ModuleId(m))], &comparison_.modules[rows[m]]);
    }
    add(figures.unattributed, &comparison_.unattributed);
    comparison_.all.*quantity = figures.all.total;
  }

  uint32_t RowOf(const OwnedGraph& owned, const std::vector<uint32_t>& rows, NodeId node) const {
    return owned.IsAttributed(node) ? rows[owned.owner(node).module.index()]
                                    : static_cast<uint32_t>(aligned_.rows.size());
  }

  void ListChanges() {
    const NodeIdentity identity(a_, b_, aligned_, cancelled_);
    OperatorNames::FileIds ids_of_a, ids_of_b;
    const auto op_of_a = [&](NodeId node) {
      return operators_.IdOf(a_.graph.index(), node, &ids_of_a);
    };
    const auto op_of_b = [&](NodeId node) {
      return operators_.IdOf(b_.graph.index(), node, &ids_of_b);
    };
    for (size_t n = 0; n < a_.graph.num_nodes() && !EndsEarly(cancelled_, n); ++n) {
      const NodeId node(n);
      const uint32_t row = RowOf(a_, aligned_.row_of_a, node);
      const NodeId in_b = identity.CounterpartOf(node);
      switch (identity.FateInA(node)) {
        case NodeFate::kSame:
          ++comparison_.nodes.same_name;
          break;
        case NodeFate::kMoved:
          AddMove(row, RowOf(b_, aligned_.row_of_b, in_b), op_of_a(node));
          break;
        case NodeFate::kChangedType:
          ++comparison_.nodes.changed_type;
          entries_.push_back({row, NodeChange::Kind::kType, op_of_a(node), op_of_b(in_b), 0, 1, 1});
          break;
        case NodeFate::kOpen:
          entries_.push_back({row, NodeChange::Kind::kNumber, op_of_a(node), 0, 0, 1, 0});
      }
    }
    for (size_t n = 0; n < b_.graph.num_nodes() && !EndsEarly(cancelled_, n); ++n) {
      if (identity.FateInB(NodeId(n)) != NodeFate::kOpen) continue;
      const uint32_t row = RowOf(b_, aligned_.row_of_b, NodeId(n));
      entries_.push_back({row, NodeChange::Kind::kNumber, op_of_b(NodeId(n)), 0, 0, 0, 1});
    }
  }

  void AddMove(uint32_t from, uint32_t to, uint32_t op) {
    ++comparison_.nodes.moved;
    entries_.push_back({from, NodeChange::Kind::kMovedTo, op, 0, to, 1, 1});
    entries_.push_back({to, NodeChange::Kind::kMovedFrom, op, 0, from, 1, 1});
  }

  void MergeChanges() {
    std::sort(entries_.begin(), entries_.end(),
              [](const ChangeEntry& x, const ChangeEntry& y) { return x.Key() < y.Key(); });
    for (size_t first = 0, behind = 0; first < entries_.size(); first = behind) {
      ChangeEntry merged = entries_[first];
      for (behind = first + 1; behind < entries_.size(); ++behind) {
        if (entries_[behind].Key() != merged.Key()) break;
        merged.a += entries_[behind].a;
        merged.b += entries_[behind].b;
      }
      AddChange(merged);
    }
  }

  void AddChange(const ChangeEntry& entry) {
    if (entry.kind == NodeChange::Kind::kNumber) {
      const size_t common = std::min(entry.a, entry.b);
      comparison_.nodes.same_number += common;
      comparison_.nodes.vanished += entry.a - common;
      comparison_.nodes.appeared += entry.b - common;
      if (entry.a == entry.b) return;
    }
    const bool is_type = entry.kind == NodeChange::Kind::kType;
    ComparedModule& module = entry.row < comparison_.modules.size() ? comparison_.modules[entry.row]
                                                                    : comparison_.unattributed;
    module.changes.push_back({entry.kind, operators_.name(entry.op),
                              is_type ? operators_.name(entry.op_in_b) : "", entry.other, entry.a,
                              entry.b});
  }

  static void Judge(ComparedModule* module) {
    std::sort(module->changes.begin(), module->changes.end(),
              [](const NodeChange& x, const NodeChange& y) {
                return std::tie(x.kind, x.op, x.op_in_b, x.other) <
                       std::tie(y.kind, y.op, y.op_in_b, y.other);
              });
    const Sides<std::string>& class_name = module->class_name;
    const bool classes_differ = !class_name.a.empty() && !class_name.b.empty() &&
                                class_name.a != class_name.b && module->present.a;
    module->differs = !module->changes.empty() || module->present.a != module->present.b ||
                      module->own.a.parameters != module->own.b.parameters ||
                      module->own.a.bytes != module->own.b.bytes || classes_differ;
  }

  const OwnedGraph& a_;
  const OwnedGraph& b_;
  const std::atomic<bool>* const cancelled_;
  const AlignedModules aligned_;
  OperatorNames operators_;
  std::vector<ChangeEntry> entries_;
  ModelComparison comparison_;
};

bool IsSet(const std::vector<bool>& modules, ModuleId module) {
  return module.valid() && module.index() < modules.size() && modules[module.index()];
}

}  // namespace

ModelComparison Compare(const OwnedGraph& a, const OwnedGraph& b,
                        const std::atomic<bool>* cancelled) {
  return ModelComparer(a, b, cancelled).Run();
}

void AllowChanges(const Sides<std::vector<bool>>& modules, ModelComparison* comparison) {
  for (ComparedModule& module : comparison->modules) {
    module.allowed =
        module.allowed || IsSet(modules.a, module.aligned.a) || IsSet(modules.b, module.aligned.b);
  }
}

ComparedModuleCounts CountModules(const ModelComparison& comparison) {
  ComparedModuleCounts counts;
  for (const ComparedModule& module : comparison.modules) {
    if (module.present.a && module.present.b) ++counts.in_both;
    if (module.present.a && !module.present.b) ++counts.only_in_a;
    if (!module.present.a && module.present.b) ++counts.only_in_b;
    if (module.differs) ++counts.differ;
    if (module.differs && module.allowed) ++counts.allowed;
  }
  return counts;
}

bool DiffersBeyondAllowed(const ModelComparison& comparison) {
  const ComparedModuleCounts counts = CountModules(comparison);
  return counts.differ > counts.allowed || comparison.unattributed.differs;
}

}  // namespace modelexport
