#include "modelexport/edits/light_copy.h"

#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"

namespace modelexport {
namespace {

std::string WithoutElements(const ModelIndex& index, const TensorRecord& tensor) {
  using namespace tensor_proto;
  std::string content, field;
  for (int64_t dim : index.dims(tensor)) AppendVarintField(kDims, dim, &content);
  AppendVarintField(kDataType, tensor.data_type, &content);
  AppendBytesField(kName, index.text(tensor.name), &content);
  AppendVarintField(kDataLocation, kLocationExternal, &content);
  AppendBytesField(graph_proto::kInitializer, content, &field);
  return field;
}

}  // namespace

LightCopy::LightCopy(const ModelIndex& index, const Declarations& declared) {
  for (size_t g = 0; g < index.graphs().size(); ++g) {
    for (const InitializerRecord& initializer : declared.initializers(GraphId(g))) {
      const TensorRecord& tensor = index.tensors()[initializer.tensor];
      const Range range = initializer.range.whole();
      if (range.size() <= kHeavyTensor) continue;
      if (tensor.role != TensorRecord::Role::kInitializer) continue;
      bytes_.push_back(WithoutElements(index, tensor));
      edits_.push_back({MessageRef::Of(GraphId(g)), {range, bytes_.back()}});
    }
  }
}

}  // namespace modelexport
