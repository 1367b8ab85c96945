#include "modelexport/costs/operator_macs.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_split.h"
#include "modelexport/costs/mac_rules.h"

namespace modelexport {
namespace {

constexpr absl::string_view kMicrosoft = "com.microsoft";
constexpr absl::string_view kBlocked = "com.microsoft.nchwc";  // ONNX Runtime's blocked layouts.

struct OperatorRule {
  absl::string_view domain, op_type;
  MacRule rule;
};

constexpr OperatorRule kRules[] = {
    {"", "Attention", AttentionMacs},
    {"", "CausalConvWithState", ConvolutionMacs<1>},
    {"", "Conv", ConvolutionMacs<1>},
    {"", "ConvInteger", ConvolutionMacs<1>},
    {"", "ConvTranspose", TransposedConvolutionMacs},
    {"", "DeformConv", ConvolutionMacs<1>},
    {"", "Einsum", EinsumMacs},
    {"", "GRU", RecurrentMacs},
    {"", "Gemm", GemmMacs},
    {"", "LSTM", RecurrentMacs},
    {"", "MatMul", MatMulMacs<>},
    {"", "MatMulInteger", MatMulMacs<>},
    {"", "QLinearConv", ConvolutionMacs<3>},
    {"", "QLinearMatMul", MatMulMacs<3>},
    {"", "RNN", RecurrentMacs},
    {kBlocked, "Conv", ConvolutionMacs<1>},
    {kMicrosoft, "Attention", ProjectedAttentionMacs<4, 6>},
    {kMicrosoft, "ConvTransposeWithDynamicPads", TransposedConvolutionMacs},
    {kMicrosoft, "DynamicQuantizeLSTM", RecurrentMacs},
    {kMicrosoft, "DynamicQuantizeMatMul", MatMulMacs<>},
    {kMicrosoft, "FusedConv", ConvolutionMacs<1>},
    {kMicrosoft, "FusedGemm", GemmMacs},
    {kMicrosoft, "FusedMatMul", FusedMatMulMacs},
    {kMicrosoft, "GemmFastGelu", MatMulMacs<>},
    {kMicrosoft, "GemmFloat8", GemmMacs},
    {kMicrosoft, "GroupQueryAttention", GroupQueryAttentionMacs},
    {kMicrosoft, "MatMulBnb4", PackedMatMulMacs},
    {kMicrosoft, "MatMulInteger16", MatMulMacs<>},
    {kMicrosoft, "MatMulIntegerToFloat", MatMulMacs<>},
    {kMicrosoft, "MatMulNBits", PackedMatMulMacs},
    {kMicrosoft, "MultiHeadAttention", MultiHeadAttentionMacs},
    {kMicrosoft, "NhwcConv", ConvolutionMacs<1>},
    {kMicrosoft, "NhwcFusedConv", ConvolutionMacs<1>},
    {kMicrosoft, "QAttention", ProjectedAttentionMacs<8, 9>},
    {kMicrosoft, "QGemm", GemmMacs},
    {kMicrosoft, "QLinearConv", ConvolutionMacs<3>},
    {kMicrosoft, "TransposeMatMul", FusedMatMulMacs},
};

// Operators without multiply-accumulates. An operator that is in no list is not known, as later
// versions of ONNX and of ONNX Runtime may have more that multiply. Of those of onnx 1.23 (opset
// 28) DFT, STFT, Det and LinearAttention are left out: what they take depends on how they are done.
constexpr absl::string_view kWithout = R"(
Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization
Bernoulli BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil
Celu CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Cos Cosh
CumProd CumSum DepthToSpace DequantizeLinear Div Dropout DynamicQuantizeLinear Elu Equal Erf Exp Expand
EyeLike Flatten Floor Gather GatherElements GatherND Gelu GlobalAveragePool GlobalLpPool GlobalMaxPool
Greater GreaterOrEqual GridSample GroupNormalization HammingWindow HannWindow HardSigmoid HardSwish
Hardmax Identity If ImageDecoder InstanceNormalization IsInf IsNaN LRN LayerNormalization LeakyRelu
Less LessOrEqual Log LogSoftmax Loop LpNormalization LpPool Max MaxPool MaxRoiPool MaxUnpool Mean
MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss
NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement OptionalHasElement Or PRelu Pad Pow
QuantizeLinear RMSNormalization RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range
Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd
ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize ReverseSequence RoiAlign RotaryEmbedding
Round Scan Scatter ScatterElements ScatterND Selu SequenceAt SequenceConstruct SequenceEmpty
SequenceErase SequenceInsert SequenceLength SequenceMap Shape Shrink Sigmoid Sign SimplifiedLayerNormalization Sin Sinh Size Slice
Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split SplitToSequence Sqrt Squeeze
StringConcat StringNormalizer StringSplit Sub Sum SwiGLU Swish Tan Tanh TensorScatter TfIdfVectorizer
ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor
)";

constexpr absl::string_view kMicrosoftWithout = R"(
BiasAdd BiasDropout BiasGelu BiasSoftmax BiasSplitGelu BitmaskBiasDropout
BitmaskDropout CropAndResize DequantizeLinear EmbedLayerNormalization ExpandDims FastGelu
GatherBlockQuantized GatherND Gelu GridSample GroupNorm  MaxpoolWithMask MurmurHash3
NGramRepeatBlock NhwcMaxPool Pad QEmbedLayerNormalization QLinearAdd QLinearAveragePool QLinearConcat
QLinearGlobalAveragePool QLinearLeakyRelu QLinearMul QLinearReduceMean QLinearSigmoid QLinearSoftmax
QLinearWhere QuantizeLinear QuickGelu Range RelativePositionBias RemovePadding RestorePadding
RotaryEmbedding SkipGroupNorm SkipLayerNormalization SkipSimplifiedLayerNormalization
SimplifiedLayerNormalization Trilu UnfoldTensor Unique
)";

constexpr absl::string_view kBlockedWithout =
    "AveragePool GlobalAveragePool GlobalMaxPool MaxPool ReorderInput ReorderOutput Upsample";

absl::string_view ListOf(absl::string_view domain) {
  if (domain.empty()) return kWithout;
  if (domain == kMicrosoft) return kMicrosoftWithout;
  return domain == kBlocked ? kBlockedWithout : absl::string_view();
}

}  // namespace

Count NoMacs(const NodeShapes& /*node*/) { return Count(0); }

MacRule FindMacRule(absl::string_view domain, absl::string_view op_type) {
  const auto row = std::find_if(std::begin(kRules), std::end(kRules), [&](const OperatorRule& r) {
    return r.op_type == op_type && r.domain == domain;
  });
  if (row != std::end(kRules)) return row->rule;
  for (const absl::string_view name :
       absl::StrSplit(ListOf(domain), absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    if (name == op_type) return NoMacs;
  }
  return nullptr;
}

}  // namespace modelexport
