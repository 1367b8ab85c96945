#include "modelexport/modules/plain_attribute.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/proto/message_view.h"

namespace modelexport {
namespace {

constexpr uint32_t kTensorDoc = 12, kAttributeDoc = 13;

// Calls `visit` with each field and all of its bytes. What cannot be read as fields is one more, of
// number 0.
template <typename Visit>
void ForEachField(absl::string_view message, Visit visit) {
  while (!message.empty()) {
    const absl::string_view rest = message;
    FieldView field;
    if (!TakeField(&message, &field)) {
      visit(FieldView(), rest);
      return;
    }
    visit(field, rest.substr(0, rest.size() - message.size()));
  }
}

}  // namespace

std::string PlainTensor(absl::string_view tensor) {
  std::string plain;
  ForEachField(tensor, [&](const FieldView& field, absl::string_view bytes) {
    if (field.number == tensor_proto::kName || field.number == kTensorDoc) return;
    plain.append(bytes.data(), bytes.size());
  });
  return plain;
}

std::string PlainAttribute(absl::string_view attribute) {
  using namespace attribute_proto;
  std::string plain;
  ForEachField(attribute, [&](const FieldView& field, absl::string_view bytes) {
    if (field.number == kAttributeDoc || field.number == kGraph || field.number == kGraphs) return;
    const bool is_tensor = field.number == kTensor || field.number == kTensors;
    if (is_tensor && field.type == WireType::kBytes) {
      AppendBytesField(field.number, PlainTensor(field.payload), &plain);
    } else {
      plain.append(bytes.data(), bytes.size());
    }
  });
  return plain;
}

absl::StatusOr<std::string> PlainAttributes(const ModelIndex& index, NodeId node,
                                            uint64_t max_size) {
  const Range content = index.node(node).range.content();
  if (content.size() > max_size) {
    return absl::ResourceExhaustedError(absl::StrCat("a node of ", content.size(), " bytes"));
  }
  MX_ASSIGN_OR_RETURN(const std::string bytes, index.source().ReadString(content));
  std::vector<std::string> attributes;
  ForEachField(bytes, [&](const FieldView& field, absl::string_view) {
    if (field.number != node_proto::kAttribute || field.type != WireType::kBytes) return;
    attributes.emplace_back();
    AppendBytesField(node_proto::kAttribute, PlainAttribute(field.payload), &attributes.back());
  });
  std::sort(attributes.begin(), attributes.end());
  return absl::StrJoin(attributes, "");
}

std::string TensorAttribute(absl::string_view tensor) {
  constexpr uint64_t kTypeOfTensors = 4;  // AttributeProto.TENSOR
  std::string attribute, field;
  AppendBytesField(attribute_proto::kName, "value", &attribute);
  AppendBytesField(attribute_proto::kTensor, PlainTensor(tensor), &attribute);
  AppendVarintField(attribute_proto::kType, kTypeOfTensors, &attribute);
  AppendBytesField(node_proto::kAttribute, attribute, &field);
  return field;
}

}  // namespace modelexport
