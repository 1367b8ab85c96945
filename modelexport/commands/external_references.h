// What a model stores outside, named for errors.
#ifndef MODELEXPORT_COMMANDS_EXTERNAL_REFERENCES_H_
#define MODELEXPORT_COMMANDS_EXTERNAL_REFERENCES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "modelexport/files/external_data.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// One for each tensor that has a location outside, in order: of all tensors of the model, or of
// those at these positions in ModelIndex::tensors().
std::vector<ExternalReference> ExternalReferences(const GraphView& graph);
std::vector<ExternalReference> ExternalReferences(const GraphView& graph,
                                                  absl::Span<const uint32_t> tensors);

// The usage error for a file that a command writes at `path` beside the model at `model`, of which
// it would replace a data file.
absl::Status RefuseDataFile(const std::string& model, const GraphView& graph,
                            const std::string& path);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_EXTERNAL_REFERENCES_H_
