#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/trace/trace_placement.h"
#include "modelexport/hierarchy/readers/tagged_model.h"
#include "modelexport/ownership/gather.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/resolution/find_also.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// A line for each node, as "#1 Conv conv1 node_name, also bn1 relu"; "." is the root.
std::string OwnedBy(const Hierarchy& hierarchy, absl::string_view model) {
  const TextGraph graph(model);
  const MatchContext context{graph.view(), hierarchy};
  const Strategy strategy = StandardStrategies()[0];
  const Evidence evidence = GatherEvidence(context, strategy, false);
  Resolution resolution = Resolve(context, strategy, evidence.results);
  const TracePlacement* const placement =
      hierarchy.ops().empty() ? nullptr : &PlacementOf(evidence.context);
  const AlsoModules also =
      FindAlso({evidence.context, strategy, evidence.results, placement}, &resolution);
  const auto path = [&](ModuleId module) {
    const absl::string_view text = hierarchy.module(module).path;
    return text.empty() ? "." : text;
  };
  std::string text;
  for (size_t n = 0; n < graph.view().num_nodes(); ++n) {
    const Owner& owner = resolution.owners[n];
    absl::StrAppend(&text, graph.view().Place(NodeId(n)), " ", graph.view().op_type(NodeId(n)), " ",
                    path(owner.module), " ", NameOf(owner.evidence));
    if (!also.of(NodeId(n)).empty()) text += ", also";
    for (const AlsoModule& other : also.of(NodeId(n))) {
      absl::StrAppend(&text, " ", path(other.module));
    }
    text += "\n";
  }
  return text;
}

std::string Owned(absl::string_view lines, absl::string_view model) {
  return OwnedBy(HierarchyOf(lines), model);
}

constexpr absl::string_view kConvNet = R"(
  ""       my.Net
  conv     torch.nn.modules.conv.Conv2d
  bn       torch.nn.modules.batchnorm.BatchNorm2d
  drop     torch.nn.modules.dropout.Dropout
  relu     torch.nn.modules.activation.ReLU
  fc       torch.nn.modules.linear.Linear
  tensor conv.weight float32[1,1,1,1]
  tensor bn.weight float32[1]
  tensor bn.bias float32[1]
  tensor fc.weight float32[1,1]
  call ""
    call conv
      op conv2d = aten.conv2d.default - conv.weight
    call bn
      op bn = aten._native_batch_norm_legit_no_training.default conv2d bn.weight bn.bias
      op getitem = operator.getitem bn
    call drop
      op clone = aten.clone.default getitem
    call relu
      op relu = aten.relu.default clone
    call fc
      op linear = aten.linear.default relu fc.weight
)";

std::string Exported(absl::string_view model) {
  return Owned(absl::StrCat(kConvNet, "  ops_source exported_program"), model);
}

std::string Ran(absl::string_view model) {
  return Owned(absl::StrCat(kConvNet, "  ops_source torch_export"), model);
}

constexpr absl::string_view kWeights =
    "<float[1,1,1,1] w = {1}, float[1] b = {2}, float[1,1] v = {3}>";

// A dynamo export names the Conv after the BatchNorm that was folded into it, a TorchScript export
// after the convolution. What the dropout did is nothing.
TEST(Also, AConvWithAFoldedBatchNormIsTheConvolutionsInBothExports) {
  EXPECT_EQ(Exported(absl::StrCat("main (x) => (linear) ", kWeights, R"({
              [node_getitem] getitem = Conv (x, w, b)
              [node_relu] relu = Relu (getitem)
              [node_linear] linear = MatMul (relu, v)
            })")),
            "#0 Conv conv trace, also bn\n"
            "#1 Relu relu fx_name\n"
            "#2 MatMul fc fx_name\n");
  EXPECT_EQ(Ran(absl::StrCat("main (x) => (y) ", kWeights, R"({
              [/conv/Conv] "/conv/Conv_output_0" = Conv (x, w, b)
              [/relu/Relu] "/relu/Relu_output_0" = Relu ("/conv/Conv_output_0")
              [/fc/MatMul] y = MatMul ("/relu/Relu_output_0", v)
            })")),
            "#0 Conv conv node_name, also bn\n"
            "#1 Relu relu node_name\n"
            "#2 MatMul fc node_name\n");
}

TEST(Also, ABatchNormOfItsOwnIsNobodysWork) {
  EXPECT_EQ(Ran(absl::StrCat("main (x) => (y) ", kWeights, R"({
              [/conv/Conv] "/conv/Conv_output_0" = Conv (x, w)
              [/bn/BatchNormalization] "/bn/BatchNormalization_output_0" = BatchNormalization ("/conv/Conv_output_0", b, b, b, b)
              [/relu/Relu] "/relu/Relu_output_0" = Relu ("/bn/BatchNormalization_output_0")
              [/fc/MatMul] y = MatMul ("/relu/Relu_output_0", v)
            })")),
            "#0 Conv conv node_name\n"
            "#1 BatchNormalization bn node_name\n"
            "#2 Relu relu node_name\n"
            "#3 MatMul fc node_name\n");
}

// ONNX Runtime keeps the name of the first node and that of the last result.
TEST(Also, TwoNamesThatDiffer) {
  EXPECT_EQ(Ran(absl::StrCat("<ir_version: 8, opset_import: [\"\": 17, \"com.microsoft\": 1]>\n"
                             "main (x) => (y) ",
                             kWeights, R"({
              [/conv/Conv] "/relu/Relu_output_0" = com.microsoft.FusedConv (x, w, b)
              [/fc/MatMul] y = MatMul ("/relu/Relu_output_0", v)
            })")),
            "#0 FusedConv conv trace, also bn relu\n"
            "#1 MatMul fc node_name\n");
}

constexpr absl::string_view kBlock = R"(
  ""           my.Net
  block        my.Block
  block.dense  torch.nn.modules.linear.Linear
  block.norm   torch.nn.modules.normalization.LayerNorm
  act          my.Act
  tensor block.dense.weight float32[1,1]
  tensor block.dense.bias float32[1]
  tensor block.norm.weight float32[1]
  call ""
    call block
      call block.dense
        op linear = aten.linear.default - block.dense.weight block.dense.bias
      op add = aten.add.Tensor linear -
      call block.norm
        op layer_norm = aten.layer_norm.default add block.norm.weight
    call act
      op gelu = aten.gelu.default layer_norm
  ops_source exported_program
)";

// The residual of the block is added within the normalization, whose bias is that of the block's
// dense layer.
TEST(Also, AFusedNodeDoesWhatLiesBetween) {
  EXPECT_EQ(Owned(kBlock, R"(<ir_version: 8, opset_import: ["": 17, "com.microsoft": 1]>
            main (x) => (gelu)
            <float[1,1] "block.dense.weight" = {1}, float[1] "block.dense.bias" = {2},
             float[1] "block.norm.weight" = {3}> {
              [node_MatMul] val_1 = MatMul (x, "block.dense.weight")
              [Skip] layer_norm = com.microsoft.SkipLayerNormalization
                  (val_1, x, "block.norm.weight", "", "block.dense.bias")
              [node_gelu] gelu = Gelu (layer_norm)
            })"),
            "#0 MatMul block.dense parameter\n"
            "#1 SkipLayerNormalization block.norm fx_name, also block block.dense\n"
            "#2 Gelu act fx_name\n");
}

// What does not depend on the input was computed before, by nobody's node.
TEST(Also, FoldedConstantsAreNobodysWork) {
  EXPECT_EQ(Owned(R"(
    ""   my.Net
    pos  my.Position
    call ""
      call pos
        op arange = aten.arange.default
        op sin = aten.sin.default arange
      op add = aten.add.Tensor - sin
    ops_source exported_program)",
                  "main (x) => (add) <float[1] c = {1}> { add = Add (x, c) }"),
            "#0 Add . fx_name\n");
}

// Without a run, of the BatchNorm no tensor is left.
TEST(Also, FoldedTensors) {
  constexpr absl::string_view kModules = R"(
    ""    my.Net   1
    conv  my.Conv  1
    bn    my.Norm  1
    relu  my.Act   1
    tensor conv.weight float32[1,1,1,1]
    tensor bn.weight float32[1]
    call ""
      call conv
      call bn
      call relu
  )";
  constexpr absl::string_view kWeight = "main (x) => (y) <float[1,1,1,1] \"conv.weight\" = {1}> {";
  EXPECT_EQ(Owned(kModules, absl::StrCat(kWeight, R"(
              h = Conv (x, "conv.weight")
              [/relu/Relu] y = Relu (h)
            })")),
            "#0 Conv conv parameter, also bn\n"
            "#1 Relu relu node_name\n");
  EXPECT_EQ(Owned(kModules, absl::StrCat(kWeight, R"(
              [/bn/Conv] h = Conv (x, "conv.weight")
              [/relu/Relu] y = Relu (h)
            })")),
            "#0 Conv conv parameter, also bn\n"
            "#1 Relu relu node_name\n");
}

// A tagged model as HIERARCHY says of its nodes what else they do.
TEST(Also, WhatATaggedModelSays) {
  const TextGraph tagged(R"(main (x) => (y) {
      c = Conv (x, w) {"modelexport.module": "conv", "modelexport.evidence": "trace",
                       "modelexport.also": "[\"bn\",\"gone\"]"}
      y = Relu (c) {"modelexport.module": "relu", "modelexport.evidence": "trace"}
      z = Neg (y) {"modelexport.module": "bn", "modelexport.evidence": "trace"}
    })",
                         TaggedModelKeys());
  const absl::StatusOr<Hierarchy> hierarchy = ReadTaggedModel(tagged.view(), {});
  ASSERT_TRUE(hierarchy.ok()) << hierarchy.status();
  EXPECT_EQ(OwnedBy(*hierarchy, R"(<ir_version: 8, opset_import: ["": 17, "com.microsoft": 1]>
              main (x) => (z) {
                y = com.microsoft.FusedConv (x, w)
                z = Neg (y)
              })"),
            "#0 FusedConv conv carried, also relu bn\n"
            "#1 Neg bn carried\n");
}

constexpr absl::string_view kBlocked =
    "<ir_version: 8, opset_import: [\"\": 17, \"com.microsoft.nchwc\": 1]>\n";

// In ONNX Runtime's blocked layout nothing but the node says whose result it makes, and its weights
// are none that the sidecar knows.
TEST(Also, ABlockedConvIsTheConvolutionsThoughItIsNamedForTheActivation) {
  EXPECT_EQ(Ran(absl::StrCat(kBlocked, "main (x) => (y) ", kWeights, R"({
              [ReorderInput] x8 = com.microsoft.nchwc.ReorderInput (x)
              ["/relu/Relu_output_0_nchwc"] r = com.microsoft.nchwc.Conv (x8, w, b)
              [ReorderOutput] "/relu/Relu_output_0" = com.microsoft.nchwc.ReorderOutput (r)
              [/fc/MatMul] y = MatMul ("/relu/Relu_output_0", v)
            })")),
            "#0 ReorderInput conv inherited\n"
            "#1 Conv conv trace, also bn relu\n"
            "#2 ReorderOutput conv inherited\n"
            "#3 MatMul fc node_name\n");
  EXPECT_EQ(Exported(absl::StrCat(kBlocked, "main (x) => (linear) ", kWeights, R"({
              [relu_nchwc] r = com.microsoft.nchwc.Conv (x, w, b)
              [ReorderOutput] relu = com.microsoft.nchwc.ReorderOutput (r)
              [node_linear] linear = MatMul (relu, v)
            })")),
            "#0 Conv conv trace, also bn relu\n"
            "#1 ReorderOutput conv inherited\n"
            "#2 MatMul fc fx_name\n");
}

constexpr absl::string_view kResidual = R"(
  ""      my.Net
  a       my.Block
  a.conv  torch.nn.modules.conv.Conv2d
  a.relu  torch.nn.modules.activation.ReLU
  b       my.Block
  b.conv  torch.nn.modules.conv.Conv2d
  b.relu  torch.nn.modules.activation.ReLU
  tensor a.conv.weight float32[1,1,1,1]
  tensor b.conv.weight float32[1,1,1,1]
  call ""
    op max_pool2d = aten.max_pool2d.default -
    call a
      call a.conv
        op conv2d = aten.conv2d.default max_pool2d a.conv.weight
      op add = aten.add.Tensor conv2d max_pool2d
      call a.relu
        op relu = aten.relu.default add
    call b
      call b.conv
        op conv2d_1 = aten.conv2d.default relu b.conv.weight
      op add_1 = aten.add.Tensor conv2d_1 relu
      call b.relu
        op relu_1 = aten.relu.default add_1
  ops_source exported_program
)";

// A node that adds does all that follows its convolution; the next one does not read what is added.
TEST(Also, ASumIsTheWorkOfTheNodeThatReadsBothSides) {
  EXPECT_EQ(Owned(kResidual, absl::StrCat(kBlocked, R"(main (x) => (relu_1)
            <float[1,1,1,1] w = {1}, float[1,1,1,1] v = {3}> {
              [max_pool2d_nchwc] p = com.microsoft.nchwc.MaxPool (x)
              [conv2d_nchwc] r = com.microsoft.nchwc.Conv (p, w, "", p)
              [conv2d_1_nchwc] s = com.microsoft.nchwc.Conv (r, v, "", r)
              [ReorderOutput] relu_1 = com.microsoft.nchwc.ReorderOutput (s)
            })")),
            "#0 MaxPool . fx_name\n"
            "#1 Conv a.conv fx_name, also a a.relu\n"
            "#2 Conv b.conv fx_name, also b b.relu\n"
            "#3 ReorderOutput b.conv inherited\n");
}

// Of a tagged model: the second node adds nothing, and has the activation before its own result.
TEST(Also, BlockedNodesOfATaggedModel) {
  const TextGraph tagged(R"(main (x) => (y) {
      c = Conv (x, w) {"modelexport.module": "conv", "modelexport.evidence": "trace"}
      r = Relu (c) {"modelexport.module": "relu", "modelexport.evidence": "trace"}
      d = Conv (r, v) {"modelexport.module": "conv2", "modelexport.evidence": "trace"}
      a = Add (d, r) {"modelexport.module": "block", "modelexport.evidence": "trace"}
      y = Relu (a) {"modelexport.module": "relu2", "modelexport.evidence": "trace"}
    })",
                         TaggedModelKeys());
  const absl::StatusOr<Hierarchy> hierarchy = ReadTaggedModel(tagged.view(), {});
  ASSERT_TRUE(hierarchy.ok()) << hierarchy.status();
  EXPECT_EQ(OwnedBy(*hierarchy, absl::StrCat(kBlocked, R"(main (x) => (y) {
              [r_nchwc] r8 = com.microsoft.nchwc.Conv (x, w8)
              [d_nchwc_token_3] y8 = com.microsoft.nchwc.Conv (r8, v8, "", r8)
              [ReorderOutput] y = com.microsoft.nchwc.ReorderOutput (y8)
            })")),
            "#0 Conv conv carried, also relu\n"
            "#1 Conv conv2 carried, also block relu2\n"
            "#2 ReorderOutput conv2 inherited\n");
}

// Without a run: what the activation has no tensors for was stored by the modules called before it.
TEST(Also, ABlockedConvWithoutARun) {
  EXPECT_EQ(Owned(R"(
    ""    my.Net   1
    conv  my.Conv  1
    bn    my.Norm  1
    relu  my.Act   1
    clip  my.Clip  1
    tensor conv.weight float32[1,2,1,1]
    tensor bn.weight float32[1]
    call ""
      call conv
      call bn
      call relu
      call clip)",
                  absl::StrCat(kBlocked, R"(main (x) => (y)
            <float[8,2,1,1] w = {1,0,0,0,0,0,0,0,2,0,0,0,0,0,0,0}, float one = {1}> {
              ["/relu/Relu_output_0_nchwc"] r = com.microsoft.nchwc.Conv (x, w)
              [ReorderOutput] "/relu/Relu_output_0" = com.microsoft.nchwc.ReorderOutput (r)
              [/clip/Clip] y = Clip ("/relu/Relu_output_0", one)
            })")),
            "#0 Conv conv parameter, also bn relu\n"
            "#1 ReorderOutput conv inherited\n"
            "#2 Clip clip node_name\n");
}

// Without a run names are all there is.
TEST(Also, NamesAlone) {
  EXPECT_EQ(Owned("\"\" my.Net\n conv my.Conv\n relu my.Relu",
                  R"(main (x) => (y) {
              [/conv/Conv] "/relu/Relu_output_0" = Conv (x, x)
              [/conv/Other] y = Relu ("/relu/Relu_output_0")
            })"),
            "#0 Conv conv node_name, also relu\n"
            "#1 Relu conv node_name\n");
}

}  // namespace
}  // namespace modelexport
