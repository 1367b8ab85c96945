// The source model that a sidecar describes: its modules, tensors, calls and operators.
//
//   MX_ASSIGN_OR_RETURN(const Hierarchy hierarchy, ParseHierarchy(text));  // hierarchy_json.h
//   const ModuleId owner = hierarchy.FindOwner("encoder.layer.0.query.weight");
//   std::cout << hierarchy.module(owner).path << "\n";
//
// A Hierarchy is immutable. It is made by a HierarchyBuilder, which holds the rules of the schema
// (docs/sidecar.md) that do not depend on the file format, so that each reader only translates.
#ifndef MODELEXPORT_HIERARCHY_HIERARCHY_H_
#define MODELEXPORT_HIERARCHY_HIERARCHY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/base/name_map.h"
#include "modelexport/base/rows.h"
#include "modelexport/base/string_arena.h"
#include "modelexport/base/strong_id.h"

namespace modelexport {

using ModuleId = StrongId<struct ModuleIdTag>;
using TensorId = StrongId<struct TensorIdTag>;
using CallId = StrongId<struct CallIdTag>;
using OpId = StrongId<struct OpIdTag>;

// The views and spans of the structs below live as long as the Hierarchy that they come from, also
// when it is moved.

// One registered module, or an implied container: a path that others go through but none names.
struct Module {
  absl::string_view path;         // First fully qualified name; "" is the root.
  absl::string_view class_name;   // Qualified: "torch.nn.modules.linear.Linear"; "" if unknown.
  absl::optional<int64_t> calls;  // Forward calls in the recorded run; absent: not recorded.
  absl::Span<const absl::string_view> aliases;
  absl::string_view traced_tag;  // The class path that its tags must have; "" if none is given.
  ModuleId parent;               // By path; invalid for the root.
  bool implied = false;          // Never called: `calls` is 0 if any module's is recorded.

  // Whether the module was called, as far as is known. If calls are unknown, every module counts as
  // called but the containers of torch.nn: those have no forward of their own or are mostly
  // iterated.
  bool MayHaveBeenCalled() const {
    if (implied) return false;
    if (calls.has_value()) return *calls > 0;
    return !absl::StartsWith(class_name, "torch.nn.modules.container.");
  }
};

// Of all elements, in float64. Unaffected by transposing or reshaping.
struct TensorStats {
  double min, max, mean;
  double l2;  // Root of the sum of squares.
};

struct Tensor {
  absl::string_view name;
  absl::string_view kind;   // "parameter", "buffer" or what the sidecar says; "" if not given.
  absl::string_view dtype;  // As "float32"; "" if not given.
  absl::Span<const int64_t> shape;
  absl::Span<const absl::string_view> aliases;
  absl::optional<TensorStats> stats;
  ModuleId owner;  // FindOwner() of `name`.
};

// One forward call of a module, in the order entered.
struct Call {
  ModuleId module;
  CallId parent;         // Invalid for a call from outside the model.
  uint32_t ordinal = 0;  // This is the ordinal-th call of `module`, from 0.
};

// What an operator read: the op that made it, or a tensor, or neither (both invalid).
struct OpRead {
  OpId op;
  TensorId tensor;
};

struct Op {
  absl::string_view name;       // As "aten.add.Tensor".
  absl::string_view node_name;  // Name in the exported program; "" if none.
  CallId call;                  // Innermost call that it ran in.
  absl::Span<const OpRead> reads;
  bool returns_read = false;  // It returned a tensor that it read unchanged, as `x / 1.0` does.
};

// kOnnx: the operators are nodes of a tagged model, each named as "onnx.MatMul".
enum class OpsSource { kNone, kExportedProgram, kTorchExport, kDispatch, kOnnx };

// A node of the tagged model that a hierarchy was read from.
struct SourceNode {
  absl::string_view name;  // "" if it has none.
  absl::string_view op_type;
  absl::Span<const absl::string_view> results;  // Names of the values that it makes.
  ModuleId module;
  CallId call;                      // Invalid if unknown.
  OpId op;                          // Invalid if the node is none of the operators.
  absl::Span<const ModuleId> also;  // The other modules whose work it does.
};

// Moved, not copied. A moved-from Hierarchy may only be destroyed or assigned to.
class Hierarchy {
 public:
  // Bytes that a path, a name, an alias or a class may have, and the classes of a module and of all
  // around it together. It bounds what a hostile one takes, as does the next.
  static constexpr size_t kMaxNameSize = 4096;
  // Segments between dots that a path, a name or an alias may have. Python's own limit leaves a
  // model about 300 levels.
  static constexpr size_t kMaxSegments = 256;

  Hierarchy(Hierarchy&&) = default;
  Hierarchy& operator=(Hierarchy&&) = default;

  // Never empty. The root is ModuleId(0), and a parent comes before its children. Otherwise the
  // order is the sidecar's, with implied containers just before their first child.
  const std::vector<Module>& modules() const { return modules_; }
  const Module& module(ModuleId id) const { return modules_[id.index()]; }
  static ModuleId root() { return ModuleId(0); }

  // Direct children by path, in order.
  absl::Span<const ModuleId> children(ModuleId id) const { return children_[id.index()]; }

  // The module with this path or alias; invalid if there is none. An alias covers the tree below
  // it: if "last" is an alias of "shared", "last.q" finds "shared.q" even where only "last" is
  // listed.
  ModuleId FindModule(absl::string_view path) const;

  // The module with this very path; invalid if there is none, or the path is an alias.
  ModuleId FindByPath(absl::string_view path) const;

  // The module that `name` lies below: that of the longest prefix that ends at a dot and that
  // FindModule() finds; else the root. "layer1" is not the owner of "layer10.weight".
  ModuleId FindOwner(absl::string_view name) const;

  // The nearest module at or above both, by path.
  ModuleId CommonAncestor(ModuleId a, ModuleId b) const;

  // The nearest module at or above the `module` of every item, which may be candidates, calls or
  // owners. Invalid if there are no items. The cost is the number of items times the depth.
  template <typename Items>
  ModuleId CommonAncestor(const Items& items) const;

  // Whether `ancestor` is `id` or one of its ancestors by path.
  bool IsAncestorOrSelf(ModuleId ancestor, ModuleId id) const;

  // The path of `id` from `base` on, which is `id` or one of its ancestors by path: "self.query";
  // "" for `base` itself.
  absl::string_view PathBelow(ModuleId base, ModuleId id) const;

  // The path that is `below` from `base` on, whether there is such a module or not.
  std::string PathAt(ModuleId base, absl::string_view below) const;

  // The nearest module at or above `id` that was called, as far as is known; the root if none was.
  ModuleId NearestCalled(ModuleId id) const;

  const std::vector<Tensor>& tensors() const { return tensors_; }
  const Tensor& tensor(TensorId id) const { return tensors_[id.index()]; }

  // The tensor with this name or alias; invalid if there is none. An alias of a module covers its
  // tensors as it covers its modules: "last.weight" finds "shared.weight".
  TensorId FindTensor(absl::string_view name_or_alias) const;

  // Empty if the sidecar has none. A parent comes before the calls that it makes.
  const std::vector<Call>& calls() const { return calls_; }
  const Call& call(CallId id) const { return calls_[id.index()]; }

  // Empty if the sidecar has none. An op comes before those that read it.
  const std::vector<Op>& ops() const { return ops_; }
  const Op& op(OpId id) const { return ops_[id.index()]; }
  OpsSource ops_source() const { return ops_source_; }

  // Whether calls() are a reader's guess, from the numbers of calls and the tree of modules.
  bool calls_are_assumed() const { return calls_are_assumed_; }

  // Empty unless the hierarchy was read from a tagged model. In the order of its operators.
  const std::vector<SourceNode>& nodes() const { return nodes_; }

  // Oddities that a reader could read all the same: "$.modules[3].calls: 2, but `calls` has 1". At
  // most a dozen lines: many of one kind are counted, not listed.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  friend class HierarchyBuilder;
  Hierarchy() = default;

  // The longest prefix of `name` that ends at a dot and is a path or an alias; else "".
  absl::string_view NearestNameAbove(absl::string_view name) const;

  // `name` with that prefix replaced by the path of its module; absent if it is the path.
  absl::optional<std::string> ReplaceAliasAbove(absl::string_view name) const;

  // Calls `visit` with `name`, then with the name that each replaced alias above it leaves, until
  // it returns true.
  template <typename Visit>
  void FollowAliases(absl::string_view name, Visit visit) const;

  // What has this name, or has it once the aliases above it are replaced, the nearest first.
  template <typename Id>
  Id FindBehindAliases(const NameMap<Id>& names, absl::string_view name) const;

  // All the views below point into it. It is on the heap, so that a move leaves it in place.
  std::unique_ptr<StringArena> strings_;

  std::vector<Module> modules_;
  Rows<absl::string_view> module_aliases_;  // By the order given, which may differ from the ids'.
  Rows<ModuleId> children_;
  NameMap<ModuleId> module_by_name_;  // Paths and aliases.

  std::vector<Tensor> tensors_;
  Rows<absl::string_view> tensor_aliases_;
  Rows<int64_t> shapes_;
  NameMap<TensorId> tensor_by_name_;  // Names and aliases.

  std::vector<Call> calls_;
  std::vector<Op> ops_;
  Rows<OpRead> reads_;
  OpsSource ops_source_ = OpsSource::kNone;
  bool calls_are_assumed_ = false;
  std::vector<SourceNode> nodes_;
  Rows<absl::string_view> results_;
  Rows<ModuleId> also_;  // By node.
  std::vector<std::string> warnings_;
};

template <typename Items>
ModuleId Hierarchy::CommonAncestor(const Items& items) const {
  ModuleId around;
  for (const auto& item : items) {
    around = around.valid() ? CommonAncestor(around, item.module) : item.module;
    if (around == root()) break;
  }
  return around;
}

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_HIERARCHY_H_
