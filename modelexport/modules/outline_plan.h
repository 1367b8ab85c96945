// What a model becomes where calls of modules become calls of functions: decided, not done.
//
//   MX_ASSIGN_OR_RETURN(const OutlinePlan plan, OutlinePlan::Make(owned, wish, cancelled));
//   std::cout << plan.ToText(owned);
#ifndef MODELEXPORT_MODULES_OUTLINE_PLAN_H_
#define MODELEXPORT_MODULES_OUTLINE_PLAN_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "modelexport/modules/block.h"
#include "modelexport/modules/item_order.h"
#include "modelexport/modules/outline_candidates.h"
#include "modelexport/modules/outline_choice.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// The domain of the functions.
inline constexpr absl::string_view kOutlineDomain = "modelexport";

// An input of a function, as its body reads it first.
struct OutlineParameter {
  BlockOperand read;
  std::string name;
};

// Where the body of a function gets a value from that it does not make: the parameter, or the
// constant of its own, of this position.
struct OutlineSource {
  bool is_constant = false;
  uint32_t position = 0;
};

// What a function does at one time that it runs.
struct OutlineRun {
  ModuleId module;            // That is called; invalid if it cannot be told.
  std::vector<NodeId> nodes;  // At the positions of Block::nodes.
};

struct OutlineFunction {
  std::string name;
  uint32_t instance = 0;  // The body is that of this one's block. Others have its form.

  // All that is equal wherever the function runs are its own constants (SmallConstants), and all
  // else its parameters: values that are one everywhere are one parameter.
  std::vector<OutlineParameter> parameters;
  std::vector<uint32_t> constants;
  absl::flat_hash_map<BlockOperand, OutlineSource> sources;  // Of Block::reads.

  std::vector<GraphItem> items;  // The body, in order; sets are calls, by position.

  std::vector<OutlineRun> runs;  // Of calls that are in functions, one for each run of these.
};

struct OutlineCall {
  uint32_t function = 0;  // Position in OutlinePlan::functions.
  uint32_t instance = 0;
};

// Something that does not become a function, and why: "not convex (#3 to #4 to #5)".
struct OutlineLeft {
  uint32_t instance = 0;
  std::string reason;
};

struct OutlinePlan {
  OutlineCandidates candidates;
  std::vector<OutlineFunction> functions;  // Each before those that it calls.
  std::vector<OutlineCall> calls;
  std::vector<GraphItem> items;   // The main graph, in order, as those of functions.
  std::vector<OutlineLeft> left;  // Of modules that were wished for, or else of the class of a
                                  // function.

  // Errors are those of reading the model, kInvalidArgument for nodes in a cycle, and kCancelled
  // once `*cancelled` is true; null: never.
  static absl::StatusOr<OutlinePlan> Make(const OwnedGraph& owned, const OutlineWish& wish,
                                          const std::atomic<bool>* cancelled);

  const Block& block(const OutlineFunction& function) const {
    return candidates.blocks[function.instance];
  }
  const Block& block(const OutlineCall& call) const { return candidates.blocks[call.instance]; }

  // For people and tests: for each function its parameters, its body, the number of its constants
  // and how often it runs; then the main graph and what is left.
  std::string ToText(const OwnedGraph& owned) const;
};

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_OUTLINE_PLAN_H_
