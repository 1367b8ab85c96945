// The source model that a sidecar describes: its modules, tensors, calls and operators.
//
// A Hierarchy is immutable. It is made by a HierarchyBuilder, which holds the rules of the schema
// (docs/sidecar.md) that do not depend on the file format, so that each reader only translates.
#ifndef MODELEXPORT_HIERARCHY_HIERARCHY_H_
#define MODELEXPORT_HIERARCHY_HIERARCHY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/base/strong_id.h"

namespace modelexport {

using ModuleId = StrongId<struct ModuleIdTag>;
using TensorId = StrongId<struct TensorIdTag>;
using CallId = StrongId<struct CallIdTag>;
using OpId = StrongId<struct OpIdTag>;

// One registered module, or an implied container: a path that others go through but none names.
struct Module {
  std::string path;               // First fully qualified name; "" is the root.
  std::string class_name;         // Qualified, as "torch.nn.modules.linear.Linear"; "" if unknown.
  absl::optional<int64_t> calls;  // Forward calls in the recorded run; absent: not recorded.
  std::vector<std::string> aliases;
  ModuleId parent;  // By path; invalid for the root.
  bool implied = false;
};

// Of all elements, in float64. Unaffected by transposing or reshaping.
struct TensorStats {
  double min, max, mean;
  double l2;  // Root of the sum of squares.
};

struct Tensor {
  std::string name;
  std::string kind;   // "parameter", "buffer" or what the sidecar says.
  std::string dtype;  // As "float32"; "" if not given.
  std::vector<int64_t> shape;
  std::vector<std::string> aliases;
  absl::optional<TensorStats> stats;
  ModuleId owner;  // The module whose path is the longest prefix of `name` that ends at a dot.
};

// One forward call of a module, in the order entered.
struct Call {
  ModuleId module;
  CallId parent;     // Invalid for the root call.
  uint32_t ordinal;  // This is the ordinal-th call of `module`, from 0.
};

// What an operator read: the op that made it, or a tensor, or neither (both invalid).
struct OpRead {
  OpId op;
  TensorId tensor;
};

struct Op {
  std::string name;       // As "aten.add.Tensor".
  std::string node_name;  // Name in the exported program; "" if none.
  CallId call;            // Innermost call that it ran in.
  std::vector<OpRead> reads;
};

enum class OpsSource { kNone, kExportedProgram, kTorchExport, kDispatch };

class Hierarchy {
 public:
  // The root is ModuleId(0); a parent stands before its children; else the sidecar's order, with
  // implied containers just before their first child.
  const std::vector<Module>& modules() const { return modules_; }
  const Module& module(ModuleId id) const { return modules_[id.index()]; }
  static ModuleId root() { return ModuleId(0); }

  // Direct children by path, in order.
  const std::vector<ModuleId>& children(ModuleId id) const { return children_[id.index()]; }

  // The module with this path or alias; invalid if there is none. An alias covers the tree below
  // it: if "last" is an alias of "shared", "last.q" finds "shared.q" even where only "last" is
  // listed.
  ModuleId FindModule(absl::string_view path) const;

  // The nearest module at or above both, by path.
  ModuleId CommonAncestor(ModuleId a, ModuleId b) const;

  // Whether `ancestor` is `id` or one of its ancestors by path.
  bool IsAncestorOrSelf(ModuleId ancestor, ModuleId id) const;

  const std::vector<Tensor>& tensors() const { return tensors_; }
  const Tensor& tensor(TensorId id) const { return tensors_[id.index()]; }
  TensorId FindTensor(absl::string_view name_or_alias) const;

  // Empty if the sidecar has none.
  const std::vector<Call>& calls() const { return calls_; }
  const Call& call(CallId id) const { return calls_[id.index()]; }

  const std::vector<Op>& ops() const { return ops_; }
  OpsSource ops_source() const { return ops_source_; }

  // What a reader found odd but could read: "$.modules[3].calls: 2, but `calls` has 1".
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  friend class HierarchyBuilder;
  Hierarchy() = default;

  std::vector<Module> modules_;
  std::vector<std::vector<ModuleId>> children_;
  std::vector<uint32_t> depths_;                                     // By path, the root 0.
  absl::flat_hash_map<absl::string_view, ModuleId> module_by_name_;  // Paths and aliases.
  std::vector<Tensor> tensors_;
  absl::flat_hash_map<absl::string_view, TensorId> tensor_by_name_;
  std::vector<Call> calls_;
  std::vector<Op> ops_;
  OpsSource ops_source_ = OpsSource::kNone;
  std::vector<std::string> warnings_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_HIERARCHY_H_
