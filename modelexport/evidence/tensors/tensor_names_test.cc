#include "modelexport/evidence/tensors/tensor_names.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

constexpr absl::string_view kHierarchy = R"(
  ""     my.Net
  a      my.A
  a.b    my.B
  a_b    my.C
  net.q  my.D
  tensor a.b.weight float32[4]
  tensor a_b.weight float32[4]
  tensor a.scale float32[4]
  tensor net.q.weight float32[4]
)";

// What each name of a file stands for, then the note.
std::string Read(const std::vector<absl::string_view>& names) {
  const Hierarchy hierarchy = testing::HierarchyOf(kHierarchy);
  const TensorNames tensors(hierarchy, names);
  std::string text;
  for (absl::string_view name : names) {
    const TensorId tensor = tensors.Find(name);
    absl::StrAppend(&text, name, " -> ", tensor.valid() ? hierarchy.tensor(tensor).name : "nothing",
                    "\n");
  }
  return absl::StrCat(text, tensors.note());
}

TEST(TensorNames, AreThoseOfTheHierarchy) {
  EXPECT_EQ(Read({"a.scale", "a.b.weight_quantized", "x"}),
            "a.scale -> a.scale\na.b.weight_quantized -> a.b.weight\nx -> nothing\n");
}

TEST(TensorNames, MayHaveWrappers) {
  EXPECT_EQ(Read({"m.n.a.scale", "m.n.a.b.weight"}),
            "m.n.a.scale -> a.scale\nm.n.a.b.weight -> a.b.weight\n"
            "the file's names begin with \"m.n\", a wrapper that the hierarchy does not have");
}

TEST(TensorNames, MayBeThoseOfAPart) {
  EXPECT_EQ(Read({"q.weight", "x"}),
            "q.weight -> net.q.weight\nx -> nothing\n"
            "the file's names begin at \"net\", below a wrapper that the file does not have");
}

TEST(TensorNames, MayHaveAPrefix) {
  EXPECT_EQ(Read({"m1_a.scale", "m1_net.q.weight_quantized", "x"}),
            "m1_a.scale -> a.scale\nm1_net.q.weight_quantized -> net.q.weight\nx -> nothing\n"
            "all names begin with \"m1_\"");
}

// "a_b_weight" is "a.b.weight" or "a_b.weight".
TEST(TensorNames, MayHaveReplacedCharacters) {
  EXPECT_EQ(
      Read({"a_scale", "net_q_weight", "a_b_weight", "x"}),
      "a_scale -> a.scale\nnet_q_weight -> net.q.weight\na_b_weight -> nothing\nx -> nothing\n"
      "names have \"_\" for other characters than letters and digits");
}

}  // namespace
}  // namespace modelexport
