#include "modelexport/testing/hierarchy_lines.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/hierarchy_text.h"
#include "modelexport/testing/status_matchers.h"

namespace modelexport::testing {
namespace {

TEST(HierarchyLines, TheExampleOfTheHeader) {
  EXPECT_EQ(ToText(HierarchyOf(R"(
    ""         my.Model       1
    encoder    my.Encoder     2  shared.encoder   # aliases at the end
    encoder.0  torch.nn.Linear
    old        -              0                   # a class that is not known
    tensor encoder.0.weight float32[4,8] encoder.0.tied
    tensor encoder.0.bias float32[2] encoder.1.bias = 3 -4
    buffer encoder.0.mask bool[8]
    call ""
      call encoder                                # made by the call above
        call encoder.0
      call encoder
  )")),
            "module 0 \"\": my.Model, calls 1\n"
            "module 1 \"encoder\": my.Encoder, calls 2, aliases \"shared.encoder\", parent 0\n"
            "module 2 \"encoder.0\": torch.nn.Linear, calls 1, parent 1\n"
            "module 3 \"old\": calls 0, parent 0\n"
            "tensor 0 \"encoder.0.weight\": parameter float32 [4, 8], "
            "aliases \"encoder.0.tied\", owner 2\n"
            "tensor 1 \"encoder.0.bias\": parameter float32 [2], aliases \"encoder.1.bias\", "
            "min -4, max 3, mean -0.5, l2 5, owner 2\n"
            "tensor 2 \"encoder.0.mask\": buffer bool [8], owner 2\n"
            "call 0: module 0 #0\n"
            "call 1: module 1 #0, parent 0\n"
            "call 2: module 2 #0, parent 1\n"
            "call 3: module 1 #1, parent 0\n");
}

TEST(HierarchyLines, ErrorsNameTheLine) {
  const struct {
    absl::string_view text, error;
  } kCases[] = {
      {"\"\" M\n\nencoder", "line 3: expected a path and a class"},
      {"\"\" M\ntensor w", "line 2: expected a name and a type"},
      {"\"\" M\ntensor w float32", "line 2: expected a type as float32[4,8], not float32"},
      {"\"\" M\ntensor w float32[N]", "line 2: expected a dimension, not N"},
      {"\"\" M\ntensor w float32[1] = a", "line 2: expected an element, not a"},
      {"\"\" M\ncall", "line 2: expected a call of one module"},
      {"a A", "line 1: "},
      {"\"\" M\na A\na A", "line 3: "},
  };
  for (const auto& [text, error] : kCases) {
    EXPECT_THAT(ParseHierarchyLines(text), StatusIs(absl::StatusCode::kInvalidArgument, error));
  }
  EXPECT_FALSE(ParseHierarchyLines("").ok());
}

}  // namespace
}  // namespace modelexport::testing
