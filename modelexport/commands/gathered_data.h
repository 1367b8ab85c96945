// The external data of some tensors of a model, gathered into one new file beside its output.
#ifndef MODELEXPORT_COMMANDS_GATHERED_DATA_H_
#define MODELEXPORT_COMMANDS_GATHERED_DATA_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "modelexport/commands/copy_request.h"
#include "modelexport/files/gathered_source.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

struct GatheredData {
  std::string path;                                    // Of the new file.
  std::shared_ptr<const GatheredSource> content;       // Null if no tensor is stored outside.
  absl::flat_hash_map<uint32_t, std::string> tensors;  // ExtractOptions::tensors.
};

// Of `tensors`, positions in ModelIndex::tensors(). Tensors that share bytes go on sharing them.
// Files are opened and not read; each stays open with the content.
//
// Errors name the model and the tensor: a data file that is missing, what PlanExternalData()
// refuses of a location, a range beyond the file.
absl::StatusOr<GatheredData> GatherData(const GraphView& graph, absl::Span<const uint32_t> tensors,
                                        const CopyRequest& request);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_GATHERED_DATA_H_
