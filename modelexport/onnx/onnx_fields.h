// Field numbers of onnx/onnx-ml.proto (onnx 1.23.2), message by message: those that this program
// interprets. All others are carried along unread.
#ifndef MODELEXPORT_ONNX_ONNX_FIELDS_H_
#define MODELEXPORT_ONNX_ONNX_FIELDS_H_

#include <cstdint>

namespace modelexport {

namespace model_proto {
enum : uint32_t {
  kIrVersion = 1,
  kGraph = 7,
  kOpsetImport = 8,
  kMetadata = 14,
  kTrainingInfo = 20,
  kFunctions = 25
};
}
namespace graph_proto {
enum : uint32_t {
  kNode = 1,
  kName = 2,
  kInitializer = 5,
  kInput = 11,
  kOutput = 12,
  kValueInfo = 13,
  kQuantizationAnnotation = 14,
  kSparseInitializer = 15,
  kMetadata = 16
};
}
namespace function_proto {
enum : uint32_t {
  kName = 1,
  kInput = 4,
  kOutput = 5,
  kNode = 7,
  kOpsetImport = 9,
  kDomain = 10,
  kDefaultAttribute = 11,
  kValueInfo = 12,
  kOverload = 13,
  kMetadata = 14
};
}
namespace node_proto {
enum : uint32_t {
  kInput = 1,
  kOutput = 2,
  kName = 3,
  kOpType = 4,
  kAttribute = 5,
  kDomain = 7,
  kOverload = 8,
  kMetadata = 9,
  kDeviceConfigurations = 10
};
}
namespace attribute_proto {
enum : uint32_t {
  kName = 1,
  kFloat = 2,
  kInt = 3,
  kString = 4,
  kTensor = 5,
  kGraph = 6,
  kFloats = 7,
  kInts = 8,
  kStrings = 9,
  kTensors = 10,
  kGraphs = 11,
  kType = 20,
  kRefAttrName = 21,
  kSparseTensor = 22,
  kSparseTensors = 23
};
}
namespace tensor_proto {
enum : uint32_t {
  kDims = 1,
  kDataType = 2,
  kFloatData = 4,
  kInt32Data = 5,
  kStringData = 6,
  kInt64Data = 7,
  kName = 8,
  kRawData = 9,
  kDoubleData = 10,
  kUint64Data = 11,
  kExternalData = 13,
  kDataLocation = 14,
  kMetadata = 16
};
inline constexpr uint64_t kLocationExternal = 1;  // TensorProto.DataLocation.EXTERNAL
}  // namespace tensor_proto
namespace sparse_tensor_proto {
enum : uint32_t { kValues = 1, kIndices = 2 };
}
namespace value_info_proto {
enum : uint32_t { kName = 1, kType = 2, kMetadata = 4 };
}
namespace training_info_proto {
enum : uint32_t { kInitialization = 1, kAlgorithm = 2 };
}
namespace operator_set_id_proto {
enum : uint32_t { kDomain = 1, kVersion = 2 };
}
namespace type_proto {
enum : uint32_t {
  kTensor = 1,
  kSequence = 4,
  kMap = 5,
  kOpaque = 7,
  kSparseTensor = 8,
  kOptional = 9
};
namespace tensor {  // And of sparse tensors.
enum : uint32_t { kElemType = 1, kShape = 2 };
}
namespace container {  // Of sequences and optionals.
enum : uint32_t { kElemType = 1 };
}
namespace map {
enum : uint32_t { kKeyType = 1, kValueType = 2 };
}
}  // namespace type_proto
namespace tensor_shape_proto {
enum : uint32_t { kDim = 1 };
namespace dimension {
enum : uint32_t { kValue = 1, kParam = 2 };
}
}  // namespace tensor_shape_proto
namespace string_entry_proto {
enum : uint32_t { kKey = 1, kValue = 2 };
}

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_ONNX_FIELDS_H_
