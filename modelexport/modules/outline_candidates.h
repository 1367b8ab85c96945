// Which calls of modules could become functions, and which of them the same one.
#ifndef MODELEXPORT_MODULES_OUTLINE_CANDIDATES_H_
#define MODELEXPORT_MODULES_OUTLINE_CANDIDATES_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/modules/block.h"
#include "modelexport/modules/module_instances.h"
#include "modelexport/modules/node_reads.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/modules/small_constants.h"

namespace modelexport {

struct OutlineCandidates {
  static constexpr uint32_t kNoKind = 0xFFFFFFFF;

  std::vector<ModuleInstance> instances;
  SmallConstants constants;
  std::unique_ptr<const NodeReads> reads;

  // By instance.
  std::vector<size_t> sizes;  // Nodes that could be in a function.
  std::vector<Block> blocks;
  std::vector<uint32_t> kinds;       // Instances of one class and form have one; or kNoKind.
  std::vector<std::string> reasons;  // Why an instance has no kind: "has no nodes".

  // Errors are those of reading the model, and kCancelled once `*cancelled` is true; null: never.
  static absl::StatusOr<OutlineCandidates> Find(const OwnedGraph& owned,
                                                const std::atomic<bool>* cancelled);
};

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_OUTLINE_CANDIDATES_H_
