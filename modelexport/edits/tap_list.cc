#include "modelexport/edits/tap_list.h"

#include <cstdint>

#include "modelexport/onnx/message_ref.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"

namespace modelexport {
namespace {

uint64_t EndOf(const ModelIndex& index) { return index.graph(kMainGraph).range.content().end; }

}  // namespace

TapList::TapList(const GraphView& graph, absl::Span<const ValueInfo> infos) {
  for (const ValueInfo& info : infos) {
    AppendBytesField(graph_proto::kOutput, info.content, &fields_);
  }
  if (fields_.empty()) return;
  const uint64_t end = EndOf(graph.index());
  edits_.push_back({MessageRef::Of(kMainGraph), {{end, end}, fields_}});
}

std::vector<Edit> TapList::Undo(const ModelIndex& copy) const {
  if (fields_.empty()) return {};
  const uint64_t end = EndOf(copy);
  return {{MessageRef::Of(kMainGraph), {{end - fields_.size(), end}, ""}}};
}

}  // namespace modelexport
