// Small models for the tests of this package, put together from fields.
#ifndef MODELEXPORT_VALIDATION_TEST_MODEL_H_
#define MODELEXPORT_VALIDATION_TEST_MODEL_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport::testing {

// One field, of bytes (which may be fields themselves) or of a number.
std::string Field(uint32_t number, absl::string_view bytes);
std::string Number(uint32_t number, uint64_t value);

// A metadata entry of a node, and one of the model.
std::string NodeEntry(absl::string_view key, absl::string_view value);
std::string ModelEntry(absl::string_view key, absl::string_view value);

// The entries of modelexport.module, .tag and .evidence.
std::string Tag(absl::string_view module, absl::string_view tag,
                absl::string_view evidence = "node_name");

// A node of the main graph or a body, with further fields.
std::string Node(absl::string_view op_type, absl::string_view fields = "");

// A model whose main graph has `graph_fields`, its presets and further fields.
std::string Model(absl::string_view graph_fields, absl::string_view model_fields = "");

// The modules "" (my.Net), "block.0" (my.Block, 2 calls, alias "tied"), "block.0.act"
// (torch.nn.modules.activation.ReLU, 2 calls).
Hierarchy SmallHierarchy();

// A model with everything that a model may have: bodies, functions (nothing calls the second one),
// tensors at every place, foreign metadata, and fields that ONNX does not know. It is either tagged
// for SmallHierarchy(), which it embeds, or the same without tags.
std::string SmallModel(bool tagged);

// `text` with `from` replaced by `to`. The test fails unless `from` occurs exactly once.
std::string Replaced(absl::string_view text, absl::string_view from, absl::string_view to);

}  // namespace modelexport::testing

#endif  // MODELEXPORT_VALIDATION_TEST_MODEL_H_
