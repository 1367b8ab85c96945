// Small models for the tests of this package, as fields put together.
#ifndef MODELEXPORT_VALIDATION_TEST_MODEL_H_
#define MODELEXPORT_VALIDATION_TEST_MODEL_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport::testing {

// One field. What `bytes` is made of may be fields again.
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

// A model with everything that one may have: bodies, functions (the second of which nothing calls),
// tensors at every place, foreign metadata, fields unknown to ONNX. Tagged for SmallHierarchy() by
// its embedded form, or the same without tags.
std::string SmallModel(bool tagged);

// `text` with its one occurrence of `from` replaced; a failure of the test if there is not one.
std::string Replaced(absl::string_view text, absl::string_view from, absl::string_view to);

}  // namespace modelexport::testing

#endif  // MODELEXPORT_VALIDATION_TEST_MODEL_H_
