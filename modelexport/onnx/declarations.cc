#include "modelexport/onnx/declarations.h"

#include <utility>

#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/framed_field.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/onnx/operator_domain.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {
class DeclarationReader {
 public:
  explicit DeclarationReader(const ModelIndex& index) : index_(index), cursor_(index.source()) {}

  absl::StatusOr<Declarations> Run() {
    for (const GraphRecord& graph : index_.graphs()) {
      ReadGraph(graph);
      declared_.values_.EndRow();
      declared_.opsets_.EndRow();
      declared_.initializers_.EndRow();
      declared_.root_.push_back(RootOf(graph));
    }
    MX_RETURN_IF_ERROR(cursor_.status());
    return std::move(declared_);
  }

 private:
  void ReadGraph(const GraphRecord& graph) {
    if (graph.kind == GraphRecord::Kind::kMain) ReadModelFields();
    cursor_.Restart(graph.range.content());
    tensor_ = graph.first_tensor;
    tensors_end_ = graph.first_tensor + graph.num_tensors;
    graph.kind == GraphRecord::Kind::kFunction ? ReadFunctionFields() : ReadGraphFields();
  }

  // Of a body the root of the graph around it, which precedes the body.
  GraphId RootOf(const GraphRecord& graph) const {
    if (graph.kind != GraphRecord::Kind::kBody) return index_.id_of(graph);
    return declared_.root_[index_.graph_of(graph.parent).index()];
  }

  void ReadModelFields() {
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == model_proto::kOpsetImport) ReadOpset(field, "ModelProto.opset_import");
    }
  }

  void ReadFunctionFields() {
    using namespace function_proto;
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == kOpsetImport) ReadOpset(field, "FunctionProto.opset_import");
      if (field.number == kValueInfo) {
        ReadValue(field, ValueRecord::Role::kValueInfo, "FunctionProto.value_info");
      }
    }
  }

  void ReadGraphFields() {
    using namespace graph_proto;
    Field field;
    while (cursor_.Next(&field)) {
      switch (field.number) {
        case kInput:
          ReadValue(field, ValueRecord::Role::kInput, "GraphProto.input");
          break;
        case kOutput:
          ReadValue(field, ValueRecord::Role::kOutput, "GraphProto.output");
          break;
        case kValueInfo:
          ReadValue(field, ValueRecord::Role::kValueInfo, "GraphProto.value_info");
          break;
        case kInitializer:
        case kSparseInitializer:
          AddInitializer(field);
          break;
      }
    }
  }

  void ReadValue(const Field& at, ValueRecord::Role role, absl::string_view what) {
    if (!cursor_.Expect(at, WireType::kBytes, what)) return;
    ValueRecord value;
    value.range = FramedOf(at);
    value.role = role;
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number != value_info_proto::kName) continue;
      if (!cursor_.Expect(field, WireType::kBytes, "ValueInfoProto.name")) return;
      value.name = index_.strings().Find(cursor_.Bytes(field));
    }
    declared_.values_.Append(value);
  }

  void ReadOpset(const Field& at, absl::string_view what) {
    using namespace operator_set_id_proto;
    if (!cursor_.Expect(at, WireType::kBytes, what)) return;
    OpsetImport opset;
    opset.range = FramedOf(at);
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == kDomain) {
        if (!cursor_.Expect(field, WireType::kBytes, "OperatorSetIdProto.domain")) return;
        opset.domain = std::string(cursor_.Bytes(field));
      } else if (field.number == kVersion) {
        if (!cursor_.Expect(field, WireType::kVarint, "OperatorSetIdProto.version")) return;
        opset.version = static_cast<int64_t>(field.value);
      }
    }
    declared_.opsets_.Append(std::move(opset));
  }

  // The graph's tensors are in file order as its fields are: linear over all fields of a graph.
  void AddInitializer(const Field& field) {
    for (; tensor_ < tensors_end_; ++tensor_) {
      const TensorRecord& tensor = index_.tensors()[tensor_];
      if (tensor.range.begin > field.end) return;
      if (tensor.range.begin < field.begin) continue;
      if (tensor.role == TensorRecord::Role::kAttribute) continue;
      declared_.initializers_.Append({FramedOf(field), tensor_++});
      return;
    }
  }

  const ModelIndex& index_;
  Cursor cursor_;
  Declarations declared_;
  uint32_t tensor_ = 0;       // The first tensor that is not before the field reached.
  uint32_t tensors_end_ = 0;  // Of the graph's tensors.
};

absl::StatusOr<Declarations> Declarations::Read(const ModelIndex& index) {
  return DeclarationReader(index).Run();
}

absl::optional<int64_t> Declarations::opset_version(GraphId id, absl::string_view domain) const {
  absl::optional<int64_t> version;
  for (const OpsetImport& opset : opset_imports(id)) {
    if (NormalizedDomain(opset.domain) == NormalizedDomain(domain)) version = opset.version;
  }
  return version;
}

absl::StatusOr<ValueType> ReadValueType(const ByteSource& source, const ValueRecord& value) {
  return ReadTypeField(source, value.range.content(), value_info_proto::kType);
}

}  // namespace modelexport
