// The rules of docs/sidecar.md that no file format changes: what makes a Hierarchy valid.
//
//   HierarchyBuilder builder;
//   MX_RETURN_IF_ERROR(builder.AddModule({"", "my.Tagger"}));
//   MX_RETURN_IF_ERROR(builder.AddModule({"embed", "torch.nn.modules.sparse.Embedding"}));
//   MX_RETURN_IF_ERROR(builder.AddTensor({"embed.weight", "parameter", "float32"}));
//   return std::move(builder).Build();
//
// Modules, tensors, calls and ops may be added in any order relative to each other, since a file
// may list them so; what one says of another is therefore checked by Build().
#ifndef MODELEXPORT_HIERARCHY_HIERARCHY_BUILDER_H_
#define MODELEXPORT_HIERARCHY_HIERARCHY_BUILDER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/base/name_map.h"
#include "modelexport/base/rows.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/hierarchy/module_table.h"

namespace modelexport {

// The parameters of the Add functions below mean what the members of Module, Tensor and Op do, and
// need to live only during the call.

struct ModuleEntry {
  absl::string_view path;
  absl::string_view class_name = "";
  absl::optional<int64_t> calls = absl::nullopt;  // Not negative.
  absl::Span<const absl::string_view> aliases = {};
  absl::string_view traced_tag = "";
};

struct TensorEntry {
  absl::string_view name;
  absl::string_view kind = "";
  absl::string_view dtype = "";
  absl::Span<const int64_t> shape = {};
  absl::Span<const absl::string_view> aliases = {};
  absl::optional<TensorStats> stats = absl::nullopt;
};

// One of: what an earlier op made (its index), a tensor (a name or alias), anything else (neither).
struct ReadEntry {
  absl::optional<int64_t> op;
  absl::optional<absl::string_view> tensor;
};

struct OpEntry {
  absl::string_view name;
  absl::string_view node_name = "";
  int64_t call = 0;  // Index of an AddCall(), earlier or later.
  absl::Span<const ReadEntry> reads = {};
  absl::optional<int64_t> returns = absl::nullopt;  // Which of `reads` it returned unchanged.
};

// A SourceNode. `module` is a path or an alias; `call` and `op` are indices of what was added. Of
// `also`, paths of no module are left out.
struct SourceNodeEntry {
  absl::string_view name = "";
  absl::string_view op_type = "";
  absl::Span<const absl::string_view> results = {};
  absl::string_view module = "";
  absl::optional<int64_t> call = absl::nullopt;
  absl::optional<int64_t> op = absl::nullopt;
  std::vector<std::string> also = {};
};

// What an error or a warning is about. `index` counts the Add calls of one kind from 0.
struct SidecarLocation {
  const char* list;  // "modules", "tensors", "calls", "ops" or "nodes".
  size_t index;
  const char* member;  // As in version 1 of the sidecar: "path", "aliases", "reads"...
  absl::optional<size_t> element = absl::nullopt;  // Of the member, if it is a list.
};

// The JSON path of `place` in version 1: "$.modules[17].aliases[0]".
std::string SidecarPath(const SidecarLocation& place);

class HierarchyBuilder {
 public:
  // Makes text of a place, for a message. Called for what is wrong alone.
  using LocationNamer = std::function<std::string(const SidecarLocation&)>;

  // How deep calls may be nested. Python's own limit leaves a model about 300. It bounds the time
  // of a walk to what encloses a call.
  static constexpr uint32_t kMaxCallDepth = 1024;

  explicit HierarchyBuilder(LocationNamer name_place = SidecarPath);
  HierarchyBuilder(const HierarchyBuilder&) = delete;
  HierarchyBuilder& operator=(const HierarchyBuilder&) = delete;

  // Takes the memory for `count` modules at once: less at the peak, and faster. Only a hint.
  void ReserveModules(size_t count);

  // A hint that AddModule() of this path follows: what it takes from memory is on its way then.
  void ExpectModule(absl::string_view path) { hierarchy_.module_by_name_.Prefetch(path); }

  // The first must be the root, "". Errors: it is not; a path or alias was given before or has more
  // than Hierarchy::kMaxSegments segments; one, the class or the traced_tag is longer than
  // Hierarchy::kMaxNameSize.
  absl::Status AddModule(const ModuleEntry& entry);

  // Errors: a name or alias was given before, is longer than Hierarchy::kMaxNameSize or has more
  // than Hierarchy::kMaxSegments segments.
  absl::Status AddTensor(const TensorEntry& entry);

  // `module` is a path or an alias, `parent` the index of an earlier AddCall(). Errors: it is not.
  absl::Status AddCall(absl::string_view module, absl::optional<int64_t> parent);

  // Errors: a read op that is not earlier; a call beyond 2^32; `returns` is none of `reads`.
  absl::Status AddOp(const OpEntry& entry);

  // Errors: an index beyond the calls or operators that were added before.
  absl::Status AddNode(const SourceNodeEntry& entry);

  // The calls are a guess: they do not replace the `calls` of modules.
  void AssumeCalls() { hierarchy_.calls_are_assumed_ = true; }

  // Adds to Hierarchy::warnings().
  void Warn(std::string warning) { hierarchy_.warnings_.push_back(std::move(warning)); }

  // OpsSource::kNone by default.
  void SetOpsSource(OpsSource source) { hierarchy_.ops_source_ = source; }

  // Completes what was added: containers that paths imply, owners of tensors, ordinals of calls.
  // If there are calls, their number replaces the `calls` of each module.
  //
  // Errors: no module; a path that lies below an alias; unqualified classes of a module and of
  // those around it that have more than Hierarchy::kMaxNameSize bytes together; a call of no module
  // or of an implied one; an op's call out of range; a node of no module. Warnings: a module's
  // `calls` that differs; a `traced_tag` that several modules have; a read of an unknown tensor,
  // which counts as neither op nor tensor.
  //
  // kCancelled soon after `*cancelled` becomes true; null: never.
  //
  // The builder, also after an error of any function, may then only be destroyed.
  absl::StatusOr<Hierarchy> Build(const std::atomic<bool>* cancelled = nullptr) &&;

 private:
  absl::Status ErrorAt(const SidecarLocation& place, absl::string_view message) const;
  absl::Status CheckSize(absl::string_view name, const SidecarLocation& place) const;
  absl::Status CheckSegments(absl::string_view name, const SidecarLocation& place) const;
  absl::Status CheckClasses() const;
  TextId Intern(absl::string_view text);
  absl::string_view Interned(absl::string_view text);
  template <typename Id>
  absl::Status Register(absl::string_view name, const SidecarLocation& place, const char* own_name,
                        const Rows<absl::string_view>& aliases, NameMap<Id>* names);
  template <typename Id>
  absl::Status RegisterAll(absl::string_view name, absl::Span<const absl::string_view> aliases,
                           const SidecarLocation& place, Rows<absl::string_view>* kept,
                           NameMap<Id>* names);

  absl::Status AddRead(const ReadEntry& entry, const SidecarLocation& place);

  absl::Status FinishModules();
  void LinkChildren();
  void WarnOfSharedTags();
  absl::Status FinishTensors(const std::atomic<bool>* cancelled);
  absl::Status CheckCallDepths() const;
  absl::Status FinishCalls(const std::atomic<bool>* cancelled);
  void CountCalls();
  void CountImpliedCalls();
  absl::Status FinishOps(const std::atomic<bool>* cancelled);
  absl::Status ResolveReads(const std::atomic<bool>* cancelled);
  absl::Status FinishNodes();
  void FinishAlso();

  LocationNamer name_place_;
  Hierarchy hierarchy_;  // Until Build(), its names of modules lead to rows of modules_.
  NameMap<TextId> interned_;
  ModuleTable modules_{&hierarchy_.module_by_name_, &interned_};
  std::vector<absl::string_view> call_modules_, node_modules_;
  std::vector<std::pair<size_t, std::vector<std::string>>> node_also_;  // Of few nodes, in order.
  std::vector<absl::string_view> read_names_;  // Until Build(), the reads' tensors index these.
};

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_HIERARCHY_BUILDER_H_
