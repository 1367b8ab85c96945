#include "modelexport/evidence/tensors/tensor_readers.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;

// By tensor, its readers as paths with the number of a call, how often it is read, and its equals
// if there are others.
std::string Readers(absl::string_view lines) {
  const Hierarchy hierarchy = HierarchyOf(lines);
  const TensorReaders readers(hierarchy);
  std::string text;
  for (size_t t = 0; t < hierarchy.tensors().size(); ++t) {
    absl::StrAppend(&text, hierarchy.tensors()[t].name, ":");
    for (const TensorReader& reader : readers.of(TensorId(t))) {
      absl::StrAppend(&text, " ", hierarchy.module(reader.module).path);
      if (reader.call.valid()) absl::StrAppend(&text, "#", reader.call.index());
    }
    absl::StrAppend(&text, ", times ", readers.times_read(TensorId(t)));
    if (readers.equals(TensorId(t)).size() > 1) {
      absl::StrAppend(&text, ", equals");
      for (const TensorId equal : readers.equals(TensorId(t))) {
        absl::StrAppend(&text, " ", hierarchy.tensor(equal).name);
      }
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

TEST(TensorReaders, OperatorsSayWhoReads) {
  EXPECT_EQ(Readers(R"(
    ""  my.Model
    a   my.A
    b   my.B
    tensor a.w float32[2]
    tensor b.w float32[2]
    call ""
      call a
        op aten.add.Tensor - a.w
        op aten.add.Tensor - a.w
      call b
        op aten.add.Tensor b.w a.w
      call a
        op aten.add.Tensor - a.w
  )"),
            "a.w: a#1 b#2 a#3, times 4\n"
            "b.w: b#2, times 1\n");
}

// c is never called: the nearest module around it that is reads its tensor.
TEST(TensorReaders, WithoutOperatorsTheOwnersCallsRead) {
  EXPECT_EQ(Readers(R"(
    ""   my.Model
    a    my.A
    a.c  my.C
    tensor a.w float32[2]
    tensor a.c.w float32[2]
    call ""
      call a
      call a
  )"),
            "a.w: a#1 a#2, times 2\n"
            "a.c.w: a#1 a#2, times 2\n");
}

// The operators list what b reads, and nothing of what a does.
TEST(TensorReaders, WhatNoOperatorReadsItsOwnerDoes) {
  EXPECT_EQ(Readers(R"(
    ""  my.Model
    a   my.A
    b   my.B
    tensor a.w float32[2]
    tensor b.w float32[2]
    call ""
      call a
      call b
        op aten.add.Tensor - b.w
  )"),
            "a.w: a#1, times 1\n"
            "b.w: b#2, times 1\n");
}

TEST(TensorReaders, WithoutCallsTheOwnerReads) {
  EXPECT_EQ(Readers("\"\" my.Model\na my.A 3\ntensor a.w float32[2]\ntensor w float32[2]"),
            "a.w: a, times 1\n"
            "w: , times 1\n");
}

// Of the same shape and the same stats; what has none equals nothing.
TEST(TensorReaders, Equals) {
  EXPECT_EQ(Readers(R"(
    ""  my.Model
    a   my.A
    b   my.B
    tensor a.w float32[2] = 1 1
    tensor b.w float32[2] = 1 1
    tensor b.v float32[1,2] = 1 1
    tensor b.u float32[2] = 1 2
    tensor a.t float32[2]
    tensor b.t float32[2]
  )"),
            "a.w: a, times 1, equals a.w b.w\n"
            "b.w: b, times 1, equals a.w b.w\n"
            "b.v: b, times 1\n"
            "b.u: b, times 1\n"
            "a.t: a, times 1\n"
            "b.t: b, times 1\n");
}

}  // namespace
}  // namespace modelexport
