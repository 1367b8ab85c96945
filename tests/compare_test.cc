// The command compare as a user meets it: what it prints in each format, and its exit codes.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/run_program.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;
using testing::Model;
using testing::ProgramResult;
using ::testing::StartsWith;

// A file whose tags are those of our own keys, as any program may write them.
constexpr char kBefore[] = R"(
  main (float[2] x) => (float[2] y) <float[2] w0 = {1, 2}, float[2] w1 = {1, 2}> {
    a = Mul (x, w0) {"modelexport.module": "l.0", "modelexport.evidence": "node_name"}
    b = Relu (a) {"modelexport.module": "l.0", "modelexport.evidence": "node_name"}
    c = Mul (b, w1) {"modelexport.module": "l.1", "modelexport.evidence": "node_name"}
    d = Relu (c) {"modelexport.module": "l.1", "modelexport.evidence": "node_name"}
    e = Neg (d) {"modelexport.module": "old", "modelexport.evidence": "node_name"}
    y = Abs (e) {"modelexport.module": "head", "modelexport.evidence": "node_name"}
  }
)";

constexpr char kAfter[] = R"(
  main (float[2] x) => (float[2] y) <float16[2] w0 = {1, 2}, float16[2] w1 = {1, 2}> {
    a = Mul (x, w0) {"modelexport.module": "l.0", "modelexport.evidence": "node_name"}
    b = Gelu (a) {"modelexport.module": "l.0", "modelexport.evidence": "node_name"}
    c = Mul (b, w1) {"modelexport.module": "l.1", "modelexport.evidence": "node_name"}
    d = Gelu (c) {"modelexport.module": "l.1", "modelexport.evidence": "node_name"}
    e = Neg (d) {"modelexport.module": "head", "modelexport.evidence": "node_name"}
    f = Cast (e)
    y = Abs (e) {"modelexport.module": "head", "modelexport.evidence": "node_name"}
  }
)";

class CompareTest : public ::testing::Test {
 protected:
  CompareTest() {
    dir_.Write("a.onnx", Model(kBefore));
    dir_.Write("b.onnx", Model(kAfter));
  }

  // Names of files in `arguments` are those in the test's folder, which results do not show.
  ProgramResult Run(absl::string_view arguments) {
    ProgramResult result = testing::RunModelexport(dir_, absl::StrCat("compare ", arguments));
    for (std::string* text : {&result.out, &result.err}) {
      *text = absl::StrReplaceAll(*text, {{dir_.path() + "/", ""}});
    }
    return result;
  }

  testing::TempDir dir_;
};

TEST_F(CompareTest, Text) {
  const ProgramResult result = Run("a.onnx b.onnx");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.out, R"(A           a.onnx, modules from tags
B           b.onnx, modules from tags
modules     5 in both, 1 only in A, 0 only in B; 4 differ
nodes       6 -> 7: 0 vanished, 1 appeared, 1 moved, 2 changed type
compared    6 by name, others by number for each module and operator
parameters  4
bytes       16 B -> 8 B
note on B   1 node without tags: #5 (Cast)

module            nodes   changes
l.0-1 x2          2       bytes 8 B -> 4 B, Relu to Gelu
old               1 -> 0  only in A
head              1 -> 2  Neg moved from old
(not attributed)  0 -> 1  only in B, Cast 0 -> 1
)");
}

TEST_F(CompareTest, WhatIsDeeperCountsForTheModuleAbove) {
  EXPECT_THAT(Run("a.onnx b.onnx --depth=1").out, HasSubstr(R"(
module            nodes   changes
l                 4       bytes 16 B -> 8 B, 2 Relu to Gelu
old               1 -> 0  only in A
head              1 -> 2  Neg moved from old
(not attributed)  0 -> 1  only in B, Cast 0 -> 1
)"));
  EXPECT_THAT(Run("a.onnx b.onnx --depth=0").out, HasSubstr(R"(
module            nodes   changes
(root)            6       bytes 16 B -> 8 B, 2 Relu to Gelu
(not attributed)  0 -> 1  only in B, Cast 0 -> 1
)"));
}

TEST_F(CompareTest, Markdown) {
  EXPECT_EQ(Run("a.onnx b.onnx --format=md").out, R"(```
A           a.onnx, modules from tags
B           b.onnx, modules from tags
modules     5 in both, 1 only in A, 0 only in B; 4 differ
nodes       6 -> 7: 0 vanished, 1 appeared, 1 moved, 2 changed type
compared    6 by name, others by number for each module and operator
parameters  4
bytes       16 B -> 8 B
note on B   1 node without tags: #5 (Cast)
```

| module | nodes | changes |
| --- | --- | --- |
| l.0-1 x2 | 2 | bytes 8 B -> 4 B, Relu to Gelu |
| old | 1 -> 0 | only in A |
| head | 1 -> 2 | Neg moved from old |
| (not attributed) | 0 -> 1 | only in B, Cast 0 -> 1 |
)");
}

TEST_F(CompareTest, Csv) {
  const std::string csv = Run("a.onnx b.onnx --format=csv").out;
  EXPECT_EQ(absl::StrReplaceAll(csv, {{"\r\n", "\n"}}),
            "module,in,allowed,class.a,class.b,nodes.a,nodes.b,parameters.a,parameters.b,bytes.a,"
            "bytes.b,vanished,appeared,changed_type,moved_to,moved_from\n"
            R"(l.0,both,no,,,2,2,2,2,8,4,,,Relu -> Gelu 1,,
l.1,both,no,,,2,2,2,2,8,4,,,Relu -> Gelu 1,,
old,a,no,,,1,0,0,0,0,0,,,,head 1,
head,both,no,,,1,2,0,0,0,0,,,,,old 1
(not attributed),b,no,,,0,1,0,0,0,0,,Cast 1,,,
)");
}

TEST_F(CompareTest, Json) {
  EXPECT_THAT(Run("a.onnx b.onnx --format=json").out, StartsWith(R"({
  "a": "a.onnx",
  "b": "b.onnx",
  "hierarchy_a": "tags",
  "hierarchy_b": "tags",
  "parameters_a": 4,
  "parameters_b": 4,
  "bytes_a": 16,
  "bytes_b": 8,
  "nodes": {
    "a": 6,
    "b": 7,
    "same_by_name": 3,
    "same_by_number": 0,
    "vanished": 0,
    "appeared": 1,
    "moved": 1,
    "changed_type": 2
  },
  "module_counts": {
    "in_both": 5,
    "only_in_a": 1,
    "only_in_b": 0,
    "differ": 4,
    "allowed": 0
  },
  "modules": [
    {
      "module": "l.0",
      "in": "both",
      "allowed": "no",
      "class": {
        "a": null,
        "b": null
      },
      "nodes": {
        "a": 2,
        "b": 2
      },
      "parameters": {
        "a": 2,
        "b": 2
      },
      "bytes": {
        "a": 8,
        "b": 4
      },
      "vanished": {},
      "appeared": {},
      "changed_type": {
        "Relu -> Gelu": 1
      },
      "moved_to": {},
      "moved_from": {}
    },
)"));
}

TEST_F(CompareTest, ExitCodes) {
  EXPECT_EQ(Run("a.onnx a.onnx --exit_code").exit_code, 0);
  EXPECT_THAT(Run("a.onnx a.onnx --exit_code").out, HasSubstr("; none differs\n"));
  const ProgramResult differs = Run("a.onnx b.onnx --exit_code");
  EXPECT_EQ(differs.exit_code, 1);
  EXPECT_EQ(differs.err, "modelexport compare: b.onnx: 4 modules differ from a.onnx\n");
  const ProgramResult some = Run("a.onnx b.onnx --exit_code --allow=l --allow=old");
  EXPECT_EQ(some.exit_code, 1);
  EXPECT_EQ(some.err, "modelexport compare: b.onnx: 1 module differs beyond --allow from a.onnx\n");
  const ProgramResult unattributed = Run("a.onnx b.onnx --exit_code --allow=l,old,head");
  EXPECT_EQ(unattributed.exit_code, 1);
  EXPECT_EQ(unattributed.err,
            "modelexport compare: b.onnx: what is not attributed to a module differs beyond "
            "--allow from a.onnx\n");
}

TEST_F(CompareTest, NothingInCommon) {
  dir_.Write("c.onnx", Model(R"(main (float[2] i) => (float[2] o) {
    o = Sin (i) {"modelexport.module": "other", "modelexport.evidence": "node_name"}
  })"));
  const ProgramResult result = Run("a.onnx c.onnx");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("\nmodules     none but the root is in both, 5 only in A, 1 "
                                    "only in B; 6 differ\n"));
}

TEST_F(CompareTest, BadInput) {
  dir_.Write("text.onnx", "{}");
  for (const char* arguments : {"text.onnx a.onnx", "a.onnx text.onnx"}) {
    const ProgramResult result = Run(arguments);
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err, StartsWith("modelexport compare: text.onnx: "));
  }
  EXPECT_EQ(Run("a.onnx none.onnx").exit_code, 3);
  EXPECT_EQ(Run("a.onnx").exit_code, 2);
  const ProgramResult mistyped = Run("a.onnx b.onnx --allow=heat");
  EXPECT_EQ(mistyped.exit_code, 2);
  EXPECT_THAT(mistyped.err, StartsWith("modelexport compare: --allow: pattern \"heat\" matches "
                                       "nothing; nearest: head"));
}

// A path with what terminals, CSV and Markdown would interpret.
TEST_F(CompareTest, HostilePaths) {
  const auto model = [](absl::string_view op) {
    return Model(absl::StrCat("main (float[2] x) => (float[2] y) { y = ", op,
                              " (x) {\"modelexport.module\": \"e\x1b[31m|,`<i>\", "
                              "\"modelexport.evidence\": \"node_name\"} }"));
  };
  dir_.Write("c.onnx", model("Neg"));
  dir_.Write("d.onnx", model("Abs"));
  EXPECT_THAT(Run("c.onnx d.onnx").out, HasSubstr("\ne\\x1b[31m|,`<i>  1      Neg to Abs\n"));
  EXPECT_THAT(Run("c.onnx d.onnx --format=md").out,
              HasSubstr("\n| e\\\\x1b\\[31m\\|,\\`\\<i> | 1 | Neg to Abs |\n"));
  EXPECT_THAT(Run("c.onnx d.onnx --format=csv").out, HasSubstr("\n\"e\x1b[31m|,`<i>\",both,no,"));
  EXPECT_THAT(Run("c.onnx d.onnx --format=json").out,
              HasSubstr("\"module\": \"e\\u001b[31m|,`<i>\""));
}

TEST_F(CompareTest, ALongNameIsCutForTerminalsAlone) {
  const std::string huge(1000000, 'N');
  dir_.Write("huge.onnx", Model(absl::StrCat("main (float[2] x) => (float[2] y) { y = ", huge,
                                             " (x) {\"modelexport.module\": \"head\", "
                                             "\"modelexport.evidence\": \"node_name\"} }")));
  const ProgramResult text = Run("a.onnx huge.onnx");
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_LT(text.out.size(), 2000);
  for (const char* format : {"md", "csv", "json"}) {
    EXPECT_THAT(Run(absl::StrCat("a.onnx huge.onnx --format=", format)).out, HasSubstr(huge));
  }
}

}  // namespace
}  // namespace modelexport
