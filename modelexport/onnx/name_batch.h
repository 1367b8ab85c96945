// The names of nodes and of what they read and write, on their way into a StringTable.
#ifndef MODELEXPORT_ONNX_NAME_BATCH_H_
#define MODELEXPORT_ONNX_NAME_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/base/string_arena.h"
#include "modelexport/onnx/model_records.h"
#include "modelexport/proto/string_table.h"

namespace modelexport {

// Collects the names of several nodes, because a StringTable takes many at once faster than one by
// one. For one node, names may be added in any order; EndNode() ends it. Names are copied.
class NameBatch {
 public:
  void AddInput(absl::string_view name) { operands_.push_back(texts_.Store(name)); }
  void AddOutput(absl::string_view name) { outputs_.push_back(texts_.Store(name)); }
  void SetNodeName(absl::string_view name) { node_name_ = texts_.Store(name); }

  // Returns the number of outputs of the node.
  uint32_t EndNode() {
    const auto num_outputs = static_cast<uint32_t>(outputs_.size());
    for (const absl::string_view output : outputs_) operands_.push_back(output);
    node_names_.push_back(node_name_);
    outputs_.clear();
    node_name_ = {};
    return num_outputs;
  }

  // Whether it is time for Flush().
  bool full() const { return operands_.size() >= kFull; }

  // What Flush() will add.
  size_t num_operands() const { return operands_.size(); }
  size_t num_nodes() const { return node_names_.size(); }

  // Appends the ids of inputs and outputs to `operands`, node by node, those of inputs first, and
  // sets the names of the last num_nodes() of `nodes`, whose `first_operand` must refer to
  // `operands`. The batch is empty afterwards.
  void Flush(StringTable* strings, std::vector<StringId>* operands, std::vector<NodeRecord>* nodes);

 private:
  static constexpr size_t kFull = 64;

  StringArena texts_;                          // Holds all names.
  std::vector<absl::string_view> operands_;    // Of the nodes that have ended; inputs of all.
  std::vector<absl::string_view> outputs_;     // Of the node that has not ended.
  absl::string_view node_name_;                // Likewise.
  std::vector<absl::string_view> node_names_;  // Of the nodes that have ended.
};

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_NAME_BATCH_H_
