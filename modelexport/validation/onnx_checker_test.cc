#include "modelexport/validation/onnx_checker.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/recording_source.h"
#include "modelexport/testing/status_matchers.h"
#include "modelexport/testing/temp_dir.h"
#include "onnx/checker.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;
using testing::Model;
using testing::StatusIs;

std::string TextOf(const absl::StatusOr<ModelVerdict>& verdict) {
  if (!verdict.ok()) return std::string(verdict.status().message());
  constexpr const char* kKinds[] = {"valid", "invalid: ", "not checked: "};
  return kKinds[static_cast<int>(verdict->kind)] + verdict->reason;
}

std::string Check(const std::string& bytes, const std::string& folder = "") {
  return TextOf(CheckWithOnnx(*BytesInMemory(bytes), folder));
}

constexpr char kValid[] = R"(
  <ir_version: 8, opset_import: ["" : 17, "local" : 1]>
  main (float[2] x, bool c) => (float[2] y) <float[2] w = {1, 2}> {
    h = Add (x, w)
    i = If (c) <
      then_branch = yes () => (float[2] t) { t = Relu (h) },
      else_branch = no () => (float[2] e) { e = Abs (h) }
    >
    y = local.F (i)
  }
  <domain: "local", opset_import: ["" : 17]>
  F (a) => (b) { b = Neg (a) }
)";

TEST(OnnxChecker, AValidModel) { EXPECT_EQ(Check(Model(kValid)), "valid"); }

struct Broken {
  const char* description;
  const char* model;
  const char* verdict;
};

class OnnxCheckerRefuses : public ::testing::TestWithParam<Broken> {};

TEST_P(OnnxCheckerRefuses, WithOneLine) {
  const std::string verdict = Check(Model(GetParam().model));
  EXPECT_THAT(verdict, HasSubstr(GetParam().verdict));
  EXPECT_FALSE(absl::StrContains(verdict, '\n'));
}

INSTANTIATE_TEST_SUITE_P(
    Models, OnnxCheckerRefuses,
    ::testing::Values(
        Broken{"NoOperator",
               R"(<ir_version: 8, opset_import: ["" : 17]>
                  g (float[2] x) => (float[2] y) { [here] y = Nothing (x) })",
               "invalid: No Op registered for Nothing with domain_version of 17 ==> Context: Bad "
               "node spec for node. Name: here OpType: Nothing"},
        Broken{"InABody",
               R"(<ir_version: 8, opset_import: ["" : 17]>
                  g (bool c) => (float[2] y) {
                    y = If (c) <then_branch = t () => (float[2] t) { t = Relu () }>
                  })",
               "invalid: Node with schema(::Relu:14) has input size 0 not in range [min=1, max=1]"},
        Broken{"InAFunction",
               R"(<ir_version: 8, opset_import: ["" : 17, "local" : 1]>
                  g (float[2] x) => (float[2] y) { y = local.F (x) }
                  <domain: "local", opset_import: ["" : 17]>
                  F (a) => (b) { b = Neg (c) })",
               "invalid: Nodes in a function must be topologically sorted"},
        Broken{"Unsorted",
               R"(<ir_version: 8, opset_import: ["" : 17]>
                  g (float[2] x) => (float[2] y) { y = Relu (h)  h = Relu (x) })",
               "invalid: Nodes in a graph must be topologically sorted"},
        Broken{"NoOpset", R"(<ir_version: 8> g (float[2] x) => (float[2] y) { y = Relu (x) })",
               "invalid: model with IR version >= 3 must specify opset_import"},
        Broken{"NewerThanTheChecker",
               R"(<ir_version: 99, opset_import: ["" : 17]>
                  g (float[2] x) => (float[2] y) { y = Relu (x) })",
               "invalid: Your model ir_version 99 is higher than the checker's"},
        Broken{"TwoValuesOfAKey",
               R"(<ir_version: 8, opset_import: ["" : 17], metadata_props: ["k": "1", "k": "2"]>
                  g (float[2] x) => (float[2] y) { y = Relu (x) })",
               "invalid: Your model has duplicate keys in metadata_props."},
        Broken{"NoSingleAssignment",
               R"(<ir_version: 8, opset_import: ["" : 17]>
                  g (float[2] x) => (float[2] y) { y = Relu (x)  y = Neg (x) })",
               "invalid: Graph must be in single static assignment (SSA) form, however 'y'"}),
    [](const auto& info) { return info.param.description; });

// Operator sets are those of version 1 then.
TEST(OnnxChecker, AModelFromBeforeOperatorSets) {
  EXPECT_EQ(Check(Model("<ir_version: 2> g (float[2] x) => (float[2] y) { y = Neg (x) }")),
            "valid");
}

// The checker prints about them.
TEST(OnnxChecker, ExperimentalOperators) {
  constexpr char kModel[] = R"(<ir_version: 8, opset_import: ["" : 17]>
    g (bool c) => (float[2] y) { y = If (c) <then_branch = t () => (t) { t = ATen () }> })";
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(Check(Model(kModel)), "not checked: the model has experimental operators");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
}

TEST(OnnxChecker, NoModel) {
  EXPECT_EQ(Check("\x0a"), "invalid: protobuf cannot parse the file");
  EXPECT_THAT(Check(""), HasSubstr("invalid: "));
}

class HugeSource final : public ByteSource {
 public:
  absl::string_view name() const override { return "huge.onnx"; }
  uint64_t size() const override { return uint64_t{1} << 31; }
  absl::Status Read(Range, char*) const override { return absl::DataLossError("was read"); }
};

TEST(OnnxChecker, DoesNotReadWhatProtobufCannot) {
  EXPECT_EQ(TextOf(CheckWithOnnx(HugeSource(), "")),
            "not checked: the file has 2147483648 bytes, protobuf reads less than 2 GiB");
}

TEST(OnnxChecker, AFileThatCannotBeRead) {
  testing::RecordingSource source(Model(kValid));
  source.FailFrom(100);
  EXPECT_THAT(CheckWithOnnx(source, ""),
              StatusIs(absl::StatusCode::kDataLoss, "the disk is on fire"));
}

constexpr char kExternal[] = R"(
  <ir_version: 8, opset_import: ["" : 17]>
  g () => (float[2] y) <float[2] w = ["location": "data/w.bin"]> { y = Relu (w) }
)";

TEST(OnnxChecker, FindsDataFilesInTheFolderGiven) {
  const testing::TempDir dir;
  dir.Write("data/w.bin", "01234567");
  EXPECT_EQ(Check(Model(kExternal), dir.path()), "valid");
  EXPECT_EQ(Check(Model(kExternal), dir.path() + "/"), "valid");
  EXPECT_THAT(Check(Model(kExternal), dir.Path("data")), HasSubstr("is not regular file"));
}

TEST(OnnxChecker, RefusesDataFilesThatAreLinks) {
  const testing::TempDir dir;
  dir.Write("w.bin", "01234567");
  dir.Write("data/other", "");
  dir.Link("data/w.bin", "../w.bin");
  EXPECT_THAT(Check(Model(kExternal), dir.path()), HasSubstr("but it is a symbolic link"));
}

// What check_model() itself says of the file with this path.
std::string CheckModel(const std::string& path) {
  try {
    onnx::checker::check_model(path);
    return "valid";
  } catch (const std::exception& error) {
    const absl::string_view text = error.what();
    if (absl::StartsWith(text, "Unable to parse proto from file")) {
      return "invalid: protobuf cannot parse the file";
    }
    return absl::StrCat(
        "invalid: ",
        absl::StrJoin(absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty()), " "));
  }
}

class OnnxCheckerOnExports : public ::testing::TestWithParam<const char*> {};

TEST_P(OnnxCheckerOnExports, AgreesWithCheckModel) {
  const std::string path = absl::StrCat("testdata/", GetParam(), "/model.onnx");
  const auto source = *OpenFile(path);
  const std::string bytes = *source->ReadString({0, source->size()});
  EXPECT_EQ(Check(bytes), CheckModel(path));
  EXPECT_EQ(Check(bytes), "valid");
  const testing::TempDir dir;
  size_t refused = 0;
  for (size_t i = 1; i < 40; ++i) {
    std::string changed = bytes;
    changed[changed.size() * i / 40] ^= 0x15;
    const std::string verdict = Check(changed, dir.path() + "/");
    refused += verdict != "valid";
    EXPECT_EQ(verdict, CheckModel(dir.Write("changed.onnx", changed))) << "byte " << i;
  }
  EXPECT_GT(refused, 0);
}

INSTANTIATE_TEST_SUITE_P(Exports, OnnxCheckerOnExports,
                         ::testing::Values("naming_traps/torchscript", "script_traps/torchscript"));

}  // namespace
}  // namespace modelexport
