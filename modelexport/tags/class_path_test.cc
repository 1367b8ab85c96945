#include "modelexport/tags/class_path.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::HierarchyOfSidecar;

// A line for each module: its path, its class path and its depth; "-" before hidden ones.
std::string Paths(const Hierarchy& hierarchy, NnModules nn_modules = NnModules::kHide) {
  const ClassPaths paths(hierarchy, nn_modules);
  std::string text;
  for (size_t i = 0; i < hierarchy.modules().size(); ++i) {
    const ModuleId id(i);
    const absl::string_view path = hierarchy.module(id).path;
    absl::StrAppend(&text, paths.shown(id) ? "" : "- ", path.empty() ? "." : path, " ",
                    paths.Of(id), " ", paths.DepthOf(id), "\n");
  }
  return text;
}

// A hierarchy whose names no text form could hold.
Hierarchy Sidecar(absl::string_view modules) {
  return HierarchyOfSidecar(absl::StrCat(
      R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [)", modules, "]}"));
}

constexpr absl::string_view kBert = R"(
  ""                       my.BertModel                             1
  encoder                  my.BertEncoder                           1
  encoder.layer            torch.nn.modules.container.ModuleList    0
  encoder.layer.0          my.BertLayer                             2
  encoder.layer.0.query    torch.nn.modules.linear.Linear           2
  encoder.layer.0.act      my.Gelu                                  2
  pooler                   my.Pooler                                0
)";

constexpr absl::string_view kBertWithoutCalls = R"(
  ""                       my.BertModel
  encoder                  my.BertEncoder
  encoder.layer            torch.nn.modules.container.ModuleList
  encoder.layer.0          my.BertLayer
  encoder.layer.0.query    torch.nn.modules.linear.Linear
  encoder.layer.0.act      my.Gelu
  pooler                   my.Pooler
)";

TEST(ClassPath, CalledModulesAreShownButForThoseOfTorchNn) {
  EXPECT_EQ(Paths(HierarchyOf(kBert)), R"(. /BertModel 1
encoder /BertModel/BertEncoder 2
- encoder.layer /BertModel/BertEncoder 2
encoder.layer.0 /BertModel/BertEncoder/BertLayer.0 3
- encoder.layer.0.query /BertModel/BertEncoder/BertLayer.0 3
encoder.layer.0.act /BertModel/BertEncoder/BertLayer.0/Gelu 4
- pooler /BertModel 1
)");
}

TEST(ClassPath, ModulesOfTorchNnAreShownOnRequest) {
  EXPECT_EQ(Paths(HierarchyOf(kBert), NnModules::kShow), R"(. /BertModel 1
encoder /BertModel/BertEncoder 2
- encoder.layer /BertModel/BertEncoder 2
encoder.layer.0 /BertModel/BertEncoder/BertLayer.0 3
encoder.layer.0.query /BertModel/BertEncoder/BertLayer.0/Linear 4
encoder.layer.0.act /BertModel/BertEncoder/BertLayer.0/Gelu 4
- pooler /BertModel 1
)");
}

// `pooler` may have been called; a container of torch surely was not, or shows nothing.
TEST(ClassPath, WhereCallsAreUnknownContainersAloneAreHidden) {
  EXPECT_EQ(Paths(HierarchyOf(kBertWithoutCalls), NnModules::kShow), R"(. /BertModel 1
encoder /BertModel/BertEncoder 2
- encoder.layer /BertModel/BertEncoder 2
encoder.layer.0 /BertModel/BertEncoder/BertLayer.0 3
encoder.layer.0.query /BertModel/BertEncoder/BertLayer.0/Linear 4
encoder.layer.0.act /BertModel/BertEncoder/BertLayer.0/Gelu 4
pooler /BertModel/Pooler 2
)");
}

TEST(ClassPath, ACalledContainerIsShownWithTheRestOfTorchNn) {
  const Hierarchy h = HierarchyOf(R"(
    ""     my.Model
    seq    torch.nn.modules.container.Sequential
    seq.0  torch.nn.modules.linear.Linear
    call ""
      call seq
        call seq.0
  )");
  EXPECT_EQ(Paths(h, NnModules::kShow), R"(. /Model 1
seq /Model/Sequential 2
seq.0 /Model/Sequential/Linear.0 3
)");
}

TEST(ClassPath, TheRootIsAlwaysShown) {
  const Hierarchy h = HierarchyOf(R"(
    "" torch.nn.modules.container.Sequential
    0  torch.nn.modules.linear.Linear
  )");
  EXPECT_EQ(Paths(h), ". /Sequential 1\n- 0 /Sequential 1\n");
}

TEST(ClassPath, OnlyClassesBelowTorchNnAreHidden) {
  const Hierarchy h = HierarchyOf(R"(
    "" my.Model
    a  torch.nnx.Linear
    b  torch.nn
    c  my.torch.nn.Linear
    d  torch.nn.Linear
  )");
  EXPECT_EQ(Paths(h), R"(. /Model 1
a /Model/Linear.a 2
b /Model/nn 2
c /Model/Linear.c 2
- d /Model 1
)");
}

TEST(ClassPath, ANumberIsTheWholeLastAtom) {
  const Hierarchy h = HierarchyOf(R"(
    ""       my.Model
    a.007    my.A
    b.1x     my.B
    c_2      my.C
    3        my.D
    e.4.in   my.E
  )");
  EXPECT_EQ(Paths(h), R"(. /Model 1
- a /Model 1
a.007 /Model/A.007 2
- b /Model 1
b.1x /Model/B 2
c_2 /Model/C 2
3 /Model/D.3 2
- e /Model 1
- e.4 /Model 1
e.4.in /Model/E 2
)");
}

TEST(ClassPath, ClashesAreToldApartByThePathFromTheParent) {
  const Hierarchy h = HierarchyOf(R"(
    ""           my.Model
    block        my.Block
    block.query  my.Linear
    block.key    my.Linear
    block.out    my.Dense
    other        my.Other
    other.query  my.Linear
  )");
  EXPECT_EQ(Paths(h), R"(. /Model 1
block /Model/Block 2
block.query /Model/Block/Linear.query 3
block.key /Model/Block/Linear.key 3
block.out /Model/Block/Dense 3
other /Model/Other 2
other.query /Model/Other/Linear 3
)");
}

// The parent is the nearest shown module: hidden containers are part of the relative path.
TEST(ClassPath, ClashesThroughHiddenContainersHaveThemInTheirSegments) {
  const Hierarchy h = HierarchyOf(R"(
    ""       my.Model
    enc      torch.nn.modules.container.ModuleList
    enc.0    my.Layer
    enc.1    my.Layer
    dec      torch.nn.modules.container.ModuleList
    dec.0    my.Layer
    0        my.Layer
  )");
  EXPECT_EQ(Paths(h), R"(. /Model 1
- enc /Model 1
enc.0 /Model/Layer.enc.0 2
enc.1 /Model/Layer.1 2
- dec /Model 1
dec.0 /Model/Layer.dec.0 2
0 /Model/Layer.0 2
)");
}

TEST(ClassPath, SlashesAndBackslashesInSegmentsAreEscaped) {
  EXPECT_EQ(Paths(Sidecar(R"({"path": "", "class": "my.A/B"}, {"path": "x", "class": "C\\D"},
                             {"path": "p/q", "class": "E"}, {"path": "r/s", "class": "E"})")),
            R"(. /A\/B 1
x /A\/B/C\\D 2
p/q /A\/B/E.p\/q 2
r/s /A\/B/E.r\/s 2
)");
}

TEST(ClassPath, WhereAClassIsUnknownThePathFromTheParentStandsForIt) {
  const Hierarchy h = HierarchyOf(R"(
    ""          -
    enc         -
    enc.list.0  -
    enc.norm    my.Norm
  )");
  EXPECT_EQ(Paths(h), R"(. /model 1
enc /model/enc 2
- enc.list /model/enc 2
enc.list.0 /model/enc/list.0 3
enc.norm /model/enc/Norm 3
)");
}

// `x.3` becomes "A.x.3" since "A.3" is taken, which in turn is the path of the last one.
TEST(ClassPath, ALongerSegmentMayClashWithAnUnknownClass) {
  const Hierarchy h = HierarchyOf(R"(
    ""     my.Model
    A.3    -
    x.3    my.A
    A.x.3  -
  )");
  EXPECT_EQ(Paths(h), R"(. /Model 1
- A /Model 1
A.3 /Model/.A.3 2
- x /Model 1
x.3 /Model/A.x.3 2
- A.x /Model 1
A.x.3 /Model/.A.x.3 2
)");
}

TEST(ClassPath, AClassThatEndsInADotIsUnknown) {
  EXPECT_EQ(Paths(Sidecar(R"({"path": "", "class": "."}, {"path": "a", "class": "my."},
                             {"path": "b", "class": "my."})")),
            ". /model 1\na /model/a 2\nb /model/b 2\n");
}

TEST(ClassPath, ATagThatIsGivenStandsForThePath) {
  const Hierarchy hierarchy = Sidecar(R"(
      {"path": "", "class": "my.Model", "traced_tag": "/Model"},
      {"path": "a.0", "class": "torch.nn.modules.linear.Linear", "traced_tag": "/Other//x/Lin.0/"},
      {"path": "a.0.b", "class": "my.B"},
      {"path": "a.0.norm", "class": "torch.nn.modules.normalization.LayerNorm"},
      {"path": "c", "class": "my.C", "calls": 0, "traced_tag": "/"})");
  EXPECT_EQ(Paths(hierarchy), R"(. /Model 1
- a /Model 1
a.0 /Other//x/Lin.0/ 3
a.0.b /Other//x/Lin.0//B 4
- a.0.norm /Other//x/Lin.0/ 3
c / 1
)");
}

}  // namespace
}  // namespace modelexport
