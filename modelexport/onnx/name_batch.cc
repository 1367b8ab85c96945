#include "modelexport/onnx/name_batch.h"

namespace modelexport {

void NameBatch::Flush(StringTable* strings, std::vector<StringId>* operands,
                      std::vector<NodeRecord>* nodes) {
  operands->resize(operands->size() + operands_.size());
  strings->InternAll(operands_, operands->data() + operands->size() - operands_.size());
  NodeRecord* node = nodes->data() + nodes->size() - node_names_.size();
  for (const absl::string_view name : node_names_) {
    // The TorchScript exporter calls a value "<node>_output_0".
    const size_t output = node->first_operand + node->num_inputs;
    if (!name.empty()) {
      node->name = strings->Add(name, node->num_outputs > 0 ? (*operands)[output] : StringId());
    }
    ++node;
  }
  operands_.clear();
  node_names_.clear();
  texts_.Clear();
}

}  // namespace modelexport
