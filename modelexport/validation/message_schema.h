// Which fields of an ONNX model hold messages that CompareFiles() looks into.
#ifndef MODELEXPORT_VALIDATION_MESSAGE_SCHEMA_H_
#define MODELEXPORT_VALIDATION_MESSAGE_SCHEMA_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "modelexport/onnx/onnx_fields.h"

namespace modelexport {

enum class MessageKind : uint8_t {
  kModel,
  kGraph,
  kFunction,
  kNode,
  kAttribute,
  kTensor,
  kSparseTensor,
  // What a field may hold besides the messages above.
  kOpaque,    // Anything else; it is compared as bytes.
  kMetadata,  // A metadata entry, which may be ours.
  kPayload,   // The data of a tensor.
};

struct MessageField {
  MessageKind in;
  uint32_t number;  // Below kMaxMessageField.
  MessageKind holds;
};

inline constexpr MessageField kMessageFields[] = {
    {MessageKind::kModel, model_proto::kGraph, MessageKind::kGraph},
    {MessageKind::kModel, model_proto::kFunctions, MessageKind::kFunction},
    {MessageKind::kModel, model_proto::kMetadata, MessageKind::kMetadata},
    {MessageKind::kGraph, graph_proto::kNode, MessageKind::kNode},
    {MessageKind::kGraph, graph_proto::kInitializer, MessageKind::kTensor},
    {MessageKind::kGraph, graph_proto::kSparseInitializer, MessageKind::kSparseTensor},
    {MessageKind::kFunction, function_proto::kNode, MessageKind::kNode},
    {MessageKind::kNode, node_proto::kAttribute, MessageKind::kAttribute},
    {MessageKind::kNode, node_proto::kMetadata, MessageKind::kMetadata},
    {MessageKind::kAttribute, attribute_proto::kTensor, MessageKind::kTensor},
    {MessageKind::kAttribute, attribute_proto::kTensors, MessageKind::kTensor},
    {MessageKind::kAttribute, attribute_proto::kGraph, MessageKind::kGraph},
    {MessageKind::kAttribute, attribute_proto::kGraphs, MessageKind::kGraph},
    {MessageKind::kAttribute, attribute_proto::kSparseTensor, MessageKind::kSparseTensor},
    {MessageKind::kAttribute, attribute_proto::kSparseTensors, MessageKind::kSparseTensor},
    {MessageKind::kSparseTensor, sparse_tensor_proto::kValues, MessageKind::kTensor},
    {MessageKind::kSparseTensor, sparse_tensor_proto::kIndices, MessageKind::kTensor},
    {MessageKind::kTensor, tensor_proto::kFloatData, MessageKind::kPayload},
    {MessageKind::kTensor, tensor_proto::kInt32Data, MessageKind::kPayload},
    {MessageKind::kTensor, tensor_proto::kStringData, MessageKind::kPayload},
    {MessageKind::kTensor, tensor_proto::kInt64Data, MessageKind::kPayload},
    {MessageKind::kTensor, tensor_proto::kRawData, MessageKind::kPayload},
    {MessageKind::kTensor, tensor_proto::kDoubleData, MessageKind::kPayload},
    {MessageKind::kTensor, tensor_proto::kUint64Data, MessageKind::kPayload},
};

inline constexpr uint32_t kMaxMessageField = 32;

// What field `number` of a message of kind `in` holds.
MessageKind KindOfField(MessageKind in, uint32_t number);

// The name of the message, as "NodeProto".
absl::string_view NameOf(MessageKind message);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_MESSAGE_SCHEMA_H_
