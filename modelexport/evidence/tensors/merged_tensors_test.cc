#include "modelexport/evidence/tensors/merged_tensors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// What each tensor's name stands for in `model`, as "a.w: a.w b.w". The first three are equal.
std::string Merged(absl::string_view model) {
  const Hierarchy hierarchy = testing::HierarchyOf(R"(
    ""  my.Model
    a   my.Norm
    b   my.Norm
    c   my.Norm
    d   my.Norm
    tensor a.w float32[2] = 1 1
    tensor b.w float32[2] = 1 1
    tensor c.w float32[2] = 1 1
    tensor d.w float32[2] = 1 2
    call ""
      call a
        op aten.mul.Tensor - a.w
      call b
        op aten.mul.Tensor - b.w
      call c
        op aten.mul.Tensor - c.w
      call d
        op aten.mul.Tensor - d.w)");
  const TextGraph graph(model);
  const CarriedTensors carried(graph.view(), hierarchy);
  const TensorReaders readers(hierarchy);
  const MergedTensors merged(graph.view(), carried, readers, nullptr);
  std::string text;
  for (size_t t = 0; t < hierarchy.tensors().size(); ++t) {
    absl::StrAppend(&text, hierarchy.tensors()[t].name, ":");
    for (const TensorId tensor : merged.of(TensorId(t))) {
      absl::StrAppend(&text, " ", hierarchy.tensor(tensor).name);
    }
    text += "\n";
  }
  return text;
}

TEST(MergedTensors, ANameThatReplacesOthersStandsForThem) {
  EXPECT_EQ(Merged(R"(
    main (x) => (z) <float[2] a.w = {1, 1}, float[2] d.w = {1, 2}> {
      p = Mul (x, a.w)
      q = Mul (p, a.w)
      r = Mul (q, a.w)
      z = Mul (r, d.w)
    })"),
            "a.w: a.w b.w c.w\n"
            "b.w: b.w\n"
            "c.w: c.w\n"
            "d.w: d.w\n");
}

// b.w was not merged: a node reads it.
TEST(MergedTensors, WhatIsReadByItsOwnNameIsNotReplaced) {
  EXPECT_EQ(Merged(R"(
    main (x) => (r) <float[2] a.w = {1, 1}, float[2] b.w = {1, 1}> {
      p = Mul (x, a.w)
      q = Mul (p, b.w)
      r = Mul (q, a.w)
    })"),
            "a.w: a.w c.w\n"
            "b.w: b.w\n"
            "c.w: c.w\n"
            "d.w: d.w\n");
}

TEST(MergedTensors, ANameWithAsManyNodesAsCallsStandsForItself) {
  EXPECT_EQ(Merged(R"(
    main (x) => (q) <float[2] a.w = {1, 1}> {
      t = Reshape (a.w, s)
      u = Transpose (a.w)
      q = Add (x, t)
    })"),
            "a.w: a.w\n"
            "b.w: b.w\n"
            "c.w: c.w\n"
            "d.w: d.w\n");
}

// Two were kept, of which each replaces others.
TEST(MergedTensors, ThoseWithTooManyNodesShareWhatTheyReplace) {
  EXPECT_EQ(Merged(R"(
    main (x) => (s) <float[2] a.w = {1, 1}, float[2] b.w = {1, 1}> {
      p = Mul (x, a.w)
      q = Mul (p, b.w)
      r = Mul (q, a.w)
      s = Mul (r, b.w)
    })"),
            "a.w: a.w b.w c.w\n"
            "b.w: a.w b.w c.w\n"
            "c.w: c.w\n"
            "d.w: d.w\n");
}

}  // namespace
}  // namespace modelexport
