#include "modelexport/validation/onnx_types.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/value_type.h"
#include "modelexport/testing/model_text.h"

namespace modelexport {
namespace {

// A line for each value, or the error.
std::string TypesOf(const std::string& bytes) {
  const auto types = OnnxTypes(*BytesInMemory(bytes));
  if (!types.ok()) return types.status().ToString();
  std::string text;
  for (const InferredType& each : *types) {
    const auto source = BytesInMemory(each.type);
    absl::StrAppend(&text, each.value, ": ",
                    ToString(*ReadValueType(*source, Range{0, each.type.size()})), "\n");
  }
  return text;
}

TEST(OnnxTypes, FollowFromOperatorsAndShapes) {
  EXPECT_EQ(TypesOf(testing::Model(R"(<ir_version: 8, opset_import: ["" : 17, "other" : 1]>
    main (float[2, N] x, bool flag) => (y) <float[4] w = {1, ...}, int64[1] shape = {-1}> {
      h = Shape (x)
      r = Reshape (x, shape)
      y = If (flag) <
        then_branch = yes () => (float[?] t) { t = Relu (r) },
        else_branch = no () => (float[?] e) { e = Neg (r) }
      >
      z = other.Op (r)
    })")),
            "e: float[unk__0]\nflag: bool\nh: int64[2]\nr: float[unk__0]\nt: float[unk__0]\n"
            "x: float[2, N]\ny: float[unk__0]\n");
}

TEST(OnnxTypes, WhereOnnxGivesUpItsReasonIsTheError) {
  EXPECT_EQ(TypesOf(testing::Model("main (float[2] x) => (y) { y = other.Op (x) }")),
            "FAILED_PRECONDITION: [TypeInferenceError] Cannot infer type and shape for node name . "
            "No opset import for domain other optype Op");
  EXPECT_EQ(TypesOf("no model"), "FAILED_PRECONDITION: protobuf cannot parse the model");
}

}  // namespace
}  // namespace modelexport
