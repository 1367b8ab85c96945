#include "modelexport/commands/external_references.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace modelexport {
namespace {

std::string Place(const GraphView& graph, const TensorRecord& tensor) {
  if (tensor.node.valid()) return absl::StrCat("a tensor of node ", graph.Place(tensor.node));
  return absl::StrCat("initializer \"", absl::Utf8SafeCHexEscape(graph.index().text(tensor.name)),
                      "\"");
}

void AddIfExternal(const GraphView& graph, const TensorRecord& tensor,
                   std::vector<ExternalReference>* references) {
  if (!tensor.external_location.valid()) return;
  references->push_back(
      {std::string(graph.index().text(tensor.external_location)), Place(graph, tensor)});
}

}  // namespace

std::vector<ExternalReference> ExternalReferences(const GraphView& graph) {
  std::vector<ExternalReference> references;
  for (const TensorRecord& tensor : graph.index().tensors()) {
    AddIfExternal(graph, tensor, &references);
  }
  return references;
}

std::vector<ExternalReference> ExternalReferences(const GraphView& graph,
                                                  absl::Span<const uint32_t> tensors) {
  std::vector<ExternalReference> references;
  for (uint32_t t : tensors) AddIfExternal(graph, graph.index().tensors()[t], &references);
  return references;
}

absl::Status RefuseDataFile(const std::string& model, const GraphView& graph,
                            const std::string& path) {
  return CheckIsNoData(model, model, ExternalReferences(graph), path);
}

}  // namespace modelexport
