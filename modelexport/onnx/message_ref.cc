#include "modelexport/onnx/message_ref.h"

namespace modelexport {

Range ContentOf(const ModelIndex& index, MessageRef message) {
  switch (message.kind()) {
    case MessageRef::Kind::kGraph:
      return index.graph(message.graph()).range.content();
    case MessageRef::Kind::kAttribute:
      return index.graph(message.graph()).attribute.content();
    case MessageRef::Kind::kNode:
      return index.node(message.node()).range.content();
    case MessageRef::Kind::kModel:
      break;
  }
  return {0, index.source().size()};
}

}  // namespace modelexport
