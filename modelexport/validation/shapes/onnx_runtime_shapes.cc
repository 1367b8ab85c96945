#include "modelexport/validation/shapes/onnx_runtime_shapes.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/string_view.h"
#include "onnx/defs/schema.h"
#include "onnx/defs/shape_inference.h"

namespace modelexport {
namespace {

using onnx::InferenceContext;
using onnx::TensorShapeProto;
using Dim = TensorShapeProto::Dimension;

// Null unless the rank of the input is known, and at least `rank`.
const TensorShapeProto* ShapeOf(const InferenceContext& context, size_t input, int rank = 0) {
  if (input >= context.getNumInputs() || !onnx::hasInputShape(context, input)) return nullptr;
  const TensorShapeProto& shape = onnx::getInputShape(context, input);
  return shape.dim_size() >= rank ? &shape : nullptr;
}

Dim Product(const Dim& a, const Dim& b) {
  Dim product;
  if (a.has_dim_value() && b.has_dim_value()) product.set_dim_value(a.dim_value() * b.dim_value());
  return product;
}

Dim Fixed(int64_t value) {
  Dim dim;
  if (value >= 0) dim.set_dim_value(value);
  return dim;
}

void TakeType(InferenceContext& context, size_t input) {
  onnx::propagateElemTypeFromInputToOutput(context, input, 0);
}

void SetShape(InferenceContext& context, const std::vector<Dim>& dims) {
  TensorShapeProto shape;
  for (const Dim& dim : dims) *shape.add_dim() = dim;
  onnx::updateOutputShape(context, 0, shape);
}

// All of the first input; and the sum that normalizations hand out as fourth output.
void LikeFirst(InferenceContext& context) {
  for (size_t output : {size_t{0}, size_t{3}}) {
    if (output >= context.getNumOutputs()) continue;
    onnx::propagateElemTypeFromInputToOutput(context, 0, output);
    if (ShapeOf(context, 0) != nullptr) {
      onnx::propagateShapeFromInputToOutput(context, 0, output);
    }
  }
}

// QLinearAdd and the like: values, scales and zero points of two operands.
void BroadcastQuantized(InferenceContext& context) {
  TakeType(context, 0);
  const TensorShapeProto *a = ShapeOf(context, 0), *b = ShapeOf(context, 3);
  if (a == nullptr || b == nullptr) return;
  TensorShapeProto shape;
  onnx::bidirectionalBroadcastShapeInference(*a, *b, shape);
  onnx::updateOutputShape(context, 0, shape);
}

// By the function of an operator of ONNX that takes the same inputs first.
template <int kVersion>
void LikeOnnx(InferenceContext& context, const char* op_type) {
  const onnx::OpSchema* schema =
      onnx::OpSchemaRegistry::Instance()->GetSchema(op_type, kVersion, onnx::ONNX_DOMAIN);
  if (schema != nullptr) schema->GetTypeAndShapeInferenceFunction()(context);
}

bool IsSet(const InferenceContext& context, const char* attribute) {
  return onnx::getAttribute(context, attribute, int64_t{0}) != 0;
}

// The dimensions of two matrices and the batches before them.
void Multiply(InferenceContext& context, const TensorShapeProto& a, const TensorShapeProto& b,
              bool a_transposed, bool b_transposed) {
  TensorShapeProto batch_a, batch_b, shape;
  for (int i = 0; i < a.dim_size() - 2; ++i) *batch_a.add_dim() = a.dim(i);
  for (int i = 0; i < b.dim_size() - 2; ++i) *batch_b.add_dim() = b.dim(i);
  onnx::bidirectionalBroadcastShapeInference(batch_a, batch_b, shape);
  *shape.add_dim() = a.dim(a.dim_size() - (a_transposed ? 1 : 2));
  *shape.add_dim() = b.dim(b.dim_size() - (b_transposed ? 2 : 1));
  onnx::updateOutputShape(context, 0, shape);
}

// With transBatchA or -B the batch is in the middle: (rows, batch..., columns).
TensorShapeProto BatchFirst(const TensorShapeProto& shape, bool is_in_middle) {
  std::vector<Dim> dims(shape.dim().begin(), shape.dim().end());
  if (is_in_middle) std::rotate(dims.begin(), dims.begin() + 1, dims.end() - 1);
  TensorShapeProto batch_first;
  for (const Dim& dim : dims) *batch_first.add_dim() = dim;
  return batch_first;
}

void FusedMatMul(InferenceContext& context) {
  TakeType(context, 0);
  const TensorShapeProto *a = ShapeOf(context, 0, 2), *b = ShapeOf(context, 1, 2);
  if (a == nullptr || b == nullptr) return;
  Multiply(context, BatchFirst(*a, IsSet(context, "transBatchA")),
           BatchFirst(*b, IsSet(context, "transBatchB")), IsSet(context, "transA"),
           IsSet(context, "transB"));
}

// The scale of the result has the type of the result.
template <size_t kTypeFrom>
void MatMulOf(InferenceContext& context) {
  TakeType(context, kTypeFrom);
  const TensorShapeProto *a = ShapeOf(context, 0, 2), *b = ShapeOf(context, 1, 2);
  if (a != nullptr && b != nullptr) Multiply(context, *a, *b, false, false);
}

void QGemm(InferenceContext& context) {
  const bool is_quantized = context.getNumInputs() > 8 && context.getInputType(8) != nullptr;
  TakeType(context, is_quantized ? 0 : 1);
  const TensorShapeProto *a = ShapeOf(context, 0, 2), *b = ShapeOf(context, 3, 2);
  if (a == nullptr || b == nullptr) return;
  Multiply(context, *a, *b, IsSet(context, "transA"), IsSet(context, "transB"));
}

// Weights are packed: the attribute N says how many columns there are.
void PackedMatMul(InferenceContext& context) {
  TakeType(context, 0);
  const TensorShapeProto* a = ShapeOf(context, 0, 1);
  if (a == nullptr) return;
  std::vector<Dim> dims(a->dim().begin(), a->dim().end());
  dims.back() = Fixed(onnx::getAttribute(context, "N", int64_t{-1}));
  SetShape(context, dims);
}

// The size of the values is the third of the attribute qkv_hidden_sizes, else a third of what the
// weights make.
template <size_t kTypeFrom>
void ProjectedAttention(InferenceContext& context) {
  TakeType(context, kTypeFrom);
  const TensorShapeProto *x = ShapeOf(context, 0, 3), *weights = ShapeOf(context, 1, 2);
  if (x == nullptr || weights == nullptr) return;
  const onnx::AttributeProto* sizes = context.getAttribute("qkv_hidden_sizes");
  Dim values;
  if (sizes != nullptr && sizes->ints_size() == 3) {
    values.set_dim_value(sizes->ints(2));
  } else if (weights->dim(1).has_dim_value()) {
    values.set_dim_value(weights->dim(1).dim_value() / 3);
  }
  SetShape(context, {x->dim(0), x->dim(1), values});
}

void MultiHeadAttention(InferenceContext& context) {
  TakeType(context, 0);
  const TensorShapeProto *query = ShapeOf(context, 0, 3), *value = ShapeOf(context, 2, 3);
  if (query == nullptr) return;
  if (query->dim_size() == 5) {  // (batch, length, heads, 3, size), all in one.
    SetShape(context, {query->dim(0), query->dim(1), Product(query->dim(2), query->dim(4))});
  } else if (value != nullptr && value->dim_size() == 4) {  // (batch, heads, length, size)
    SetShape(context, {query->dim(0), query->dim(1), Product(value->dim(1), value->dim(3))});
  } else if (value != nullptr) {
    SetShape(context, {query->dim(0), query->dim(1), value->dim(2)});
  } else {  // Keys and values in one, of the size of the queries.
    SetShape(context, {query->dim(0), query->dim(1), query->dim(2)});
  }
}

// Queries, keys and values in one are not told apart here.
void GroupQueryAttention(InferenceContext& context) {
  if (ShapeOf(context, 1) != nullptr) LikeFirst(context);
}

void EmbedLayerNormalization(InferenceContext& context) {
  TakeType(context, 2);
  const TensorShapeProto *ids = ShapeOf(context, 0, 2), *words = ShapeOf(context, 2, 2);
  if (ids != nullptr && words != nullptr)
    SetShape(context, {ids->dim(0), ids->dim(1), words->dim(1)});
}

// Padded to whole blocks, of which the size depends on the processor.
void ToBlocks(InferenceContext& context) {
  TakeType(context, 0);
  const TensorShapeProto* x = ShapeOf(context, 0, 3);
  if (x == nullptr) return;
  std::vector<Dim> dims(x->dim().begin(), x->dim().end());
  if (IsSet(context, "channels_last")) std::rotate(dims.begin() + 1, dims.end() - 1, dims.end());
  dims[1] = Dim();
  SetShape(context, dims);
}

void FromBlocks(InferenceContext& context) {
  TakeType(context, 0);
  const TensorShapeProto* x = ShapeOf(context, 0, 3);
  if (x == nullptr) return;
  std::vector<Dim> dims(x->dim().begin(), x->dim().end());
  dims[1] = Fixed(onnx::getAttribute(context, "channels", int64_t{-1}));
  if (IsSet(context, "channels_last")) std::rotate(dims.begin() + 1, dims.begin() + 2, dims.end());
  SetShape(context, dims);
}

struct RuntimeOperator {
  absl::string_view domain, op_type;
  void (*infer)(InferenceContext&);
};

constexpr absl::string_view kMicrosoft = "com.microsoft";
constexpr absl::string_view kBlocked = "com.microsoft.nchwc";

constexpr RuntimeOperator kOperators[] = {
    {"", "LayerNormalization", LikeFirst},  // Also in models of opsets that do not have it yet.
    {"", "SimplifiedLayerNormalization", LikeFirst},
    {kBlocked, "AveragePool", [](InferenceContext& c) { LikeOnnx<11>(c, "AveragePool"); }},
    {kBlocked, "Conv", [](InferenceContext& c) { LikeOnnx<11>(c, "Conv"); }},
    {kBlocked, "GlobalAveragePool",
     [](InferenceContext& c) { LikeOnnx<11>(c, "GlobalAveragePool"); }},
    {kBlocked, "GlobalMaxPool", [](InferenceContext& c) { LikeOnnx<11>(c, "GlobalMaxPool"); }},
    {kBlocked, "MaxPool", [](InferenceContext& c) { LikeOnnx<11>(c, "MaxPool"); }},
    {kBlocked, "ReorderInput", ToBlocks},
    {kBlocked, "ReorderOutput", FromBlocks},
    {kMicrosoft, "Attention", ProjectedAttention<0>},
    {kMicrosoft, "BiasAdd", LikeFirst},
    {kMicrosoft, "BiasGelu", LikeFirst},
    {kMicrosoft, "BiasSoftmax", LikeFirst},
    {kMicrosoft, "DynamicQuantizeLSTM", [](InferenceContext& c) { LikeOnnx<14>(c, "LSTM"); }},
    {kMicrosoft, "DynamicQuantizeMatMul", MatMulOf<0>},
    {kMicrosoft, "EmbedLayerNormalization", EmbedLayerNormalization},
    {kMicrosoft, "FastGelu", LikeFirst},
    {kMicrosoft, "FusedConv", [](InferenceContext& c) { LikeOnnx<11>(c, "Conv"); }},
    {kMicrosoft, "FusedGemm", [](InferenceContext& c) { LikeOnnx<13>(c, "Gemm"); }},
    {kMicrosoft, "FusedMatMul", FusedMatMul},
    {kMicrosoft, "Gelu", LikeFirst},
    {kMicrosoft, "GroupNorm", LikeFirst},
    {kMicrosoft, "GroupQueryAttention", GroupQueryAttention},
    {kMicrosoft, "MatMulBnb4", PackedMatMul},
    {kMicrosoft, "MatMulIntegerToFloat", MatMulOf<2>},
    {kMicrosoft, "MatMulNBits", PackedMatMul},
    {kMicrosoft, "MultiHeadAttention", MultiHeadAttention},
    {kMicrosoft, "QAttention", ProjectedAttention<3>},
    {kMicrosoft, "QGemm", QGemm},
    {kMicrosoft, "QLinearAdd", BroadcastQuantized},
    {kMicrosoft, "QLinearGlobalAveragePool",
     [](InferenceContext& c) { LikeOnnx<11>(c, "GlobalAveragePool"); }},
    {kMicrosoft, "QLinearLeakyRelu", LikeFirst},
    {kMicrosoft, "QLinearMul", BroadcastQuantized},
    {kMicrosoft, "QLinearSigmoid", LikeFirst},
    {kMicrosoft, "QLinearSoftmax", LikeFirst},
    {kMicrosoft, "QuickGelu", LikeFirst},
    {kMicrosoft, "RotaryEmbedding", LikeFirst},
    {kMicrosoft, "SkipGroupNorm", LikeFirst},
    {kMicrosoft, "SkipLayerNormalization", LikeFirst},
    {kMicrosoft, "SkipSimplifiedLayerNormalization", LikeFirst},
    {kMicrosoft, "TransposeMatMul", FusedMatMul},
};

}  // namespace

RuntimeShapes FindRuntimeShapes(const std::string& domain, const std::string& op_type) {
  const auto row = std::find_if(
      std::begin(kOperators), std::end(kOperators),
      [&](const auto& each) { return each.op_type == op_type && each.domain == domain; });
  return row == std::end(kOperators) ? RuntimeShapes() : RuntimeShapes(row->infer);
}

}  // namespace modelexport
