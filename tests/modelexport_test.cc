// The program modelexport as a user meets it: its commands, what they print, their exit codes.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/render/reports.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"
#include "modelexport/validation/finding.h"
#include "tests/run_program.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using testing::Model;
using testing::ProgramResult;
using ::testing::StartsWith;

// The two blocks of this model each have a Relu of the same name.
constexpr char kModel[] = R"(
  <ir_version: 8, opset_import: ["" : 17]>
  main (float[2] x, bool c) => (float[2] y) <float[2] block.0.w = {1, 2}> {
    [/block.0/Add] h = Add (x, block.0.w)
    [twin] r = Relu (h)
    [/block.1/If] i = If (c) <
      then_branch = yes () => (float[2] t) { [twin] t = Relu (r) },
      else_branch = no () => (float[2] e) { [/block.1/act/Abs] e = Abs (r) }
    >
    [/block.1/Neg] y = Neg (i)
  }
)";

constexpr char kHierarchy[] = R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [
  {"path": "", "class": "my.Net", "calls": 1},
  {"path": "block.0", "class": "my.Block", "calls": 1},
  {"path": "block.1", "class": "my.Block", "calls": 1},
  {"path": "block.1.act", "class": "my.Act", "calls": 1}],
  "tensors": [{"name": "block.0.w", "kind": "parameter", "dtype": "float32", "shape": [2]}]})";

class ModelExport : public ::testing::Test {
 protected:
  ModelExport() {
    dir_.Write("in.onnx", Model(kModel));
    dir_.Write("h.json", kHierarchy);
  }

  // Names of files in `arguments` are those in the test's folder.
  ProgramResult Run(absl::string_view arguments) {
    return testing::RunModelexport(dir_, arguments);
  }

  void Tag() {
    const ProgramResult result = Run("tag in.onnx h.json out.onnx --quiet");
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

  // As printed, but without the folder of the test.
  std::string Plain(const std::string& text) {
    return absl::StrReplaceAll(text, {{dir_.path() + "/", ""}});
  }

  testing::TempDir dir_;
};

TEST_F(ModelExport, HelpListsTheCommands) {
  const ProgramResult result = Run("help");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  for (const char* command : {"\n  tag ", "\n  strip ", "\n  validate ", "\n  explain "}) {
    EXPECT_THAT(result.out, HasSubstr(command));
  }
  EXPECT_EQ(Run("--help").out, result.out);
}

TEST_F(ModelExport, HelpOfACommand) {
  for (const char* command : {"tag", "strip", "validate", "explain"}) {
    const ProgramResult result = Run(absl::StrCat("help ", command));
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.out, StartsWith(absl::StrCat("usage: modelexport ", command, " IN")));
    EXPECT_THAT(result.out, HasSubstr("\nExit code: "));
    EXPECT_EQ(Run(absl::StrCat(command, " --help")).out, result.out);
  }
  for (const char* flag : {"--hierarchy=", "--original=", "--level=", "--format="}) {
    EXPECT_THAT(Run("help validate").out, HasSubstr(flag));
  }
}

TEST_F(ModelExport, HelpListsTheFindings) {
  const ProgramResult result = Run("help findings");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.out, RenderText(FindingCodes()));
}

TEST_F(ModelExport, Version) {
  const ProgramResult result = Run("--version");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, MatchesRegex("modelexport [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(Run("version").out, result.out);
}

TEST_F(ModelExport, TagsAsTagOnnxDoes) {
  Tag();
  const ProgramResult result =
      testing::RunProgram(absl::StrCat("tools/tag_onnx --quiet ", dir_.Path("in.onnx"), " ",
                                       dir_.Path("h.json"), " ", dir_.Path("other.onnx")));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(dir_.Read("out.onnx") == dir_.Read("other.onnx"));
}

TEST_F(ModelExport, ValidatesATaggedFile) {
  Tag();
  const ProgramResult result = Run("validate out.onnx --original=in.onnx --level=full");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.out,
            "nodes       6, tagged 6\n"
            "evidence    node_name 4, inherited 1, none 1\n"
            "level       full, compared with the original\n"
            "findings    0 errors, 0 warnings\n");
}

TEST_F(ModelExport, ValidateListsFindings) {
  const ProgramResult result = Run("validate in.onnx --hierarchy=h.json");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(Plain(result.err), "modelexport validate: in.onnx: 1 error\n");
  EXPECT_THAT(result.out,
              HasSubstr("findings    1 error, 0 warnings\nerror model.untagged model: "));
}

TEST_F(ModelExport, ValidateComparesWithTheOriginal) {
  Tag();
  dir_.Write("changed.onnx",
             absl::StrReplaceAll(Model(kModel), {{"/block.0/Add", "/block.0/Sub"}}));
  EXPECT_EQ(Run("validate out.onnx").exit_code, 0);
  const ProgramResult result = Run("validate out.onnx --original=changed.onnx");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("\nerror diff.bytes #0: NodeProto field 3: from byte "));
}

TEST_F(ModelExport, ValidateComparesPayloadsAtLevelFullAlone) {
  Tag();
  dir_.Write("changed.onnx", Model(absl::StrReplaceAll(kModel, {{"{1, 2}", "{1, 3}"}})));
  EXPECT_EQ(Run("validate out.onnx --original=changed.onnx").exit_code, 0);
  const ProgramResult result = Run("validate out.onnx --original=changed.onnx --level=full");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("\nerror diff.payload initializer \"block.0.w\": "));
}

TEST_F(ModelExport, ValidateKnowsOfARaisedIrVersion) {
  ASSERT_EQ(Run("tag in.onnx h.json out.onnx --quiet --raise_ir_version").exit_code, 0);
  EXPECT_EQ(Run("validate out.onnx --original=in.onnx").exit_code, 1);
  EXPECT_EQ(Run("validate out.onnx --original=in.onnx --raise_ir_version").exit_code, 0);
}

TEST_F(ModelExport, ValidateAsJson) {
  Tag();
  const ProgramResult good = Run("validate out.onnx --format=json");
  EXPECT_EQ(good.exit_code, 0);
  EXPECT_EQ(Plain(good.out), R"({
  "model": "out.onnx",
  "hierarchy": null,
  "original": null,
  "level": "standard",
  "nodes": 6,
  "tagged": 6,
  "in_uncalled_functions": 0,
  "evidence": {
    "node_name": 4,
    "inherited": 1,
    "none": 1
  },
  "errors": 0,
  "warnings": 0,
  "counts": {},
  "findings": []
}
)");
  const ProgramResult bad = Run("validate in.onnx --hierarchy=h.json --format=json");
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(bad.out, HasSubstr(R"(
  "counts": {
    "model.untagged": 1
  },
  "findings": [
    {
      "code": "model.untagged",
      "severity": "error",
      "place": "model",
      "message": "neither the model nor any of its nodes has tags"
    }
  ]
)"));
}

// A model that onnx's checker refuses.
constexpr char kRefused[] = R"(
  <ir_version: 8, opset_import: ["" : 17]>
  main (float[2] x) => (float[2] y) { [/block.0/Nothing] y = Nothing (x) }
)";

TEST_F(ModelExport, TagWarnsOfWhatWasWrongBefore) {
  dir_.Write("in.onnx", Model(kRefused));
  const ProgramResult result = Run("tag in.onnx h.json out.onnx --validate=full");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out,
              HasSubstr("validation  full, 1 finding\n"
                        "            onnx.checker_before model: No Op registered for Nothing with "
                        "domain_version of 17 ==> Context: Bad node spec for node. Name: "
                        "/block.0/Nothing OpType: Nothing\n"));
}

TEST_F(ModelExport, ValidateAsksTheOnnxChecker) {
  dir_.Write("in.onnx", Model(kRefused));
  Tag();
  EXPECT_EQ(Run("validate out.onnx").exit_code, 0);
  const ProgramResult alone = Run("validate out.onnx --level=full");
  EXPECT_EQ(alone.exit_code, 1);
  EXPECT_THAT(alone.out, HasSubstr("\nerror onnx.checker model: No Op registered for Nothing"));
  const ProgramResult compared = Run("validate out.onnx --level=full --original=in.onnx");
  EXPECT_EQ(compared.exit_code, 0);
  EXPECT_THAT(compared.out, HasSubstr("\nwarning onnx.checker_before model: No Op registered"));
}

constexpr char kExternal[] = R"(
  <ir_version: 8, opset_import: ["" : 17]>
  main (float[2] x) => (float[2] y) <float[2] block.0.w = ["location": "w.bin"]> {
    [/block.0/Add] y = Add (x, block.0.w)
  }
)";

// The checker looks for data files beside IN: those of OUT come last.
TEST_F(ModelExport, FullValidationFindsDataFiles) {
  dir_.Write("in.onnx", Model(kExternal));
  dir_.Write("w.bin", "01234567");
  dir_.Write("elsewhere/other", "");
  const ProgramResult result = Run("tag in.onnx h.json elsewhere/out.onnx --validate=full");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("validation  full, no findings\n"));
  EXPECT_EQ(Run("validate elsewhere/out.onnx --level=full --original=in.onnx").exit_code, 0);
}

TEST_F(ModelExport, DataFilesMustBeThoseDeclared) {
  dir_.Write("in.onnx", Model(kExternal));
  dir_.Write("w.bin", "01234567");
  dir_.Write("there/h.json", kHierarchy);
  dir_.Write("none", "");
  dir_.Write("other", "./w.bin\nv.bin\n");
  dir_.Write("right", "w.bin\n");
  const std::string command = "tag in.onnx h.json there/out.onnx --data_files=";
  const ProgramResult undeclared = Run(command + "none");
  EXPECT_EQ(undeclared.exit_code, 1);
  EXPECT_EQ(Plain(undeclared.err),
            "modelexport tag: in.onnx: initializer \"block.0.w\": external data \"w.bin\" is not "
            "among the declared data files\n");
  const ProgramResult unused = Run(command + "other");
  EXPECT_EQ(unused.exit_code, 1);
  EXPECT_EQ(Plain(unused.err),
            "modelexport tag: in.onnx: no tensor names the declared data file \"v.bin\"\n");
  EXPECT_EQ(Run(command + "absent").exit_code, 3);
  EXPECT_EQ(Run(command + "right").exit_code, 0);
  EXPECT_EQ(dir_.Read("there/w.bin"), "01234567");
}

// Neither where they are nor where they will be.
TEST_F(ModelExport, ReportsAndTracesNeverReplaceWeights) {
  dir_.Write("in.onnx", Model(kExternal));
  dir_.Write("w.bin", "01234567");
  dir_.Link("w.json", "w.bin");
  dir_.Write("there/other", "");
  const std::string before = dir_.Listing();
  for (const char* flag : {"out.onnx --trace=w.bin", "out.onnx --report=w.json",
                           "there/out.onnx --trace=there/w.bin", "there/out.onnx --trace=w.bin"}) {
    const ProgramResult result = Run(absl::StrCat("tag in.onnx h.json ", flag));
    EXPECT_EQ(result.exit_code, 2) << flag;
    EXPECT_THAT(result.err, HasSubstr("external data \"w.bin\": the output "));
    EXPECT_EQ(dir_.Listing(), before) << flag;
  }
  EXPECT_EQ(dir_.Read("w.bin"), "01234567");
}

TEST_F(ModelExport, MemoryThatEndsIsAnError) {
  dir_.Write("out.onnx", "old");
  dir_.Write("h.json", absl::StrCat(kHierarchy, std::string(128 << 20, ' ')));
  const std::string before = dir_.Listing();
  const ProgramResult result =
      testing::RunModelexport(dir_, "tag in.onnx h.json out.onnx", "ulimit -v 100000;");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.err, "modelexport tag: the inputs need more memory than there is\n");
  EXPECT_EQ(dir_.Listing(), before);
}

TEST_F(ModelExport, CopiesNeverReplaceTheSidecar) {
  const std::string before = dir_.Listing();
  for (const char* command : {"extract in.onnx ./h.json --module=block.0", "rename in.onnx h.json",
                              "outline in.onnx h.json", "tap in.onnx h.json"}) {
    const ProgramResult result = Run(absl::StrCat(command, " --hierarchy=h.json"));
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_THAT(result.err, HasSubstr("are the same file\n")) << command;
    EXPECT_EQ(dir_.Listing(), before) << command;
  }
}

// On a full disk half a result must not look like success.
TEST_F(ModelExport, ResultsThatCannotBeWrittenAreAnError) {
  Tag();
  for (const char* command :
       {"validate out.onnx --format=json", "explain in.onnx h.json '#0'", "analyze out.onnx",
        "select out.onnx block.0", "compare in.onnx out.onnx", "help", "--version", "help tag",
        "completion bash", "tag in.onnx h.json again.onnx"}) {
    const ProgramResult result =
        testing::RunProgram(absl::StrCat("(BUILD_WORKING_DIRECTORY='", dir_.path(),
                                         "' exec tools/modelexport ", command, " >/dev/full)"));
    EXPECT_EQ(result.exit_code, 4) << command;
    EXPECT_THAT(result.err, HasSubstr("standard output: could not be written whole\n")) << command;
  }
}

// What a model calls its operators and functions must not look like lines of ours.
TEST_F(ModelExport, ResultsEscapeControlCharacters) {
  dir_.Write("in.onnx", absl::StrReplaceAll(Model(R"(
    main (float[2] x) => (float[2] y) { y = Operator (x) })"),
                                            {{"Operator", "O\n\x1b[31m."}}));
  const ProgramResult result = Run("tag in.onnx h.json out.onnx --force --validate=off");
  EXPECT_THAT(result.out, HasSubstr("nothing speaks for (O\\n\\x1b[31m. 1)\n"));
}

TEST_F(ModelExport, ReportsWithoutTimesAreEqual) {
  for (const char* form : {"txt", "json", "html", "md"}) {
    const std::string command =
        absl::StrCat("tag in.onnx h.json out.onnx --report_times=false --report=r.", form);
    ASSERT_EQ(Run(command).exit_code, 0);
    const std::string first = dir_.Read(absl::StrCat("r.", form));
    EXPECT_EQ(first.find(" ms"), std::string::npos);
    EXPECT_EQ(first.find("seconds"), std::string::npos);
    ASSERT_EQ(Run(command).exit_code, 0);
    EXPECT_EQ(dir_.Read(absl::StrCat("r.", form)), first);
  }
}

TEST_F(ModelExport, ValidateMissesDataFiles) {
  dir_.Write("in.onnx", Model(kExternal));
  dir_.Write("w.bin", "01234567");
  dir_.Write("there/h.json", kHierarchy);
  ASSERT_EQ(Run("tag in.onnx h.json there/out.onnx --external_data=leave").exit_code, 0);
  const ProgramResult result = Run("validate there/out.onnx --level=full --original=in.onnx");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("error onnx.checker model: Data of TensorProto ( tensor name: "
                                    "block.0.w) should be stored in w.bin, but it is not regular"));
}

// Names come from the model: what they do to a terminal is not theirs to say.
TEST_F(ModelExport, ErrorsAreOneLineOfPrintableText) {
  // Names of equal length, so that lengths in the file stay right.
  dir_.Write("in.onnx", absl::StrReplaceAll(Model(kExternal), {{"block.0.w", "a\n\x1b[1m\"\\c"},
                                                               {"w.bin", "/\n\x1b[m"}}));
  dir_.Write("elsewhere/other", "");
  const ProgramResult result = Run("tag in.onnx h.json elsewhere/out.onnx");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(Plain(result.err),
              StartsWith(R"(modelexport tag: in.onnx: initializer "a\n\x1b[1m\"\\c": )"));
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1);
  EXPECT_EQ(result.err.find('\x1b'), std::string::npos);
}

TEST_F(ModelExport, ExplainsANode) {
  const ProgramResult result = Run("explain in.onnx h.json '#0'");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, R"(node        #0 Add "/block.0/Add"
makes       h
owner       block.0
evidence    node_name
confidence  99.9 %
strategy    auto

candidates, strongest first; * won
* node_name: block.0
    node name "/block.0/Add", scope "/block.0"
  parameter: block.0
    reads "block.0.w"
)");
  EXPECT_EQ(Run("explain in.onnx h.json h").out, result.out);
  EXPECT_EQ(Run("explain in.onnx h.json /block.0/Add").out, result.out);
}

TEST_F(ModelExport, ExplainsANodeInABody) {
  const ProgramResult result = Run("explain in.onnx h.json /2:else_branch#0");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("node        /2:else_branch#0 Abs \"/block.1/act/Abs\"\n"
                                     "makes       e\nowner       block.1.act\n"));
}

TEST_F(ModelExport, ExplainsWhatNothingNames) {
  EXPECT_THAT(Run("explain in.onnx h.json t").out,
              HasSubstr("\nevidence    inherited\nconfidence  60.0 %\nstrategy    auto\n\n"
                        "candidates, strongest first; * won\n* inherited: from the node that"));
  EXPECT_THAT(
      Run("explain in.onnx h.json r").out,
      HasSubstr("\nowner       (root)\nevidence    none\nconfidence  10.0 %\nstrategy    auto\n\n"
                "candidates, strongest first; * won\n* none: nothing speaks for the node\n"));
  EXPECT_THAT(Run("explain in.onnx h.json '#0' --strategy=usage").out,
              HasSubstr("\nevidence    parameter\nconfidence  97.5 %\nstrategy    usage\n\n"
                        "candidates, strongest first; * won\n* parameter: block.0\n"));
}

TEST_F(ModelExport, TheHierarchyMayBeTheEmbeddedOne) {
  Tag();
  EXPECT_EQ(Run("validate out.onnx --hierarchy=embedded").exit_code, 0);
  EXPECT_THAT(Run("explain out.onnx embedded '#0'").out, HasSubstr("\nowner       block.0\n"));
  // A model that carries none is read as by its names.
  const ProgramResult names = Run("explain in.onnx embedded '#0'");
  EXPECT_EQ(names.exit_code, 0);
  EXPECT_THAT(names.out, HasSubstr("\nowner       block.0\n"));
  EXPECT_THAT(names.out, HasSubstr("the model carries no hierarchy"));
}

TEST_F(ModelExport, ExplainListsSeveralHits) {
  const ProgramResult result = Run("explain in.onnx h.json twin");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(Plain(result.err),
              StartsWith("modelexport explain: in.onnx: \"twin\" means several nodes:\n"
                         "  #1 Relu \"twin\"\n  /2:then_branch#0 Relu \"twin\"\n"));
}

// Exit codes and messages. Nothing may be left behind.
struct Failure {
  const char* description;
  const char* arguments;
  int exit_code;
  const char* message;
};

class ModelExportFails : public ModelExport, public ::testing::WithParamInterface<Failure> {};

TEST_P(ModelExportFails, WithCodeAndMessageAndLeavesNothing) {
  dir_.Write("cut.onnx", Model(kModel).substr(0, 100));
  dir_.Write("bad.json", "{\"schema\": \"modelexport.hierarchy\", \"version\": 1}");
  const std::string before = dir_.Listing();
  const ProgramResult result = Run(GetParam().arguments);
  EXPECT_EQ(result.exit_code, GetParam().exit_code) << result.err;
  EXPECT_THAT(result.err, HasSubstr(GetParam().message));
  EXPECT_EQ(dir_.Listing(), before);
}

INSTANTIATE_TEST_SUITE_P(
    Commands, ModelExportFails,
    ::testing::Values(Failure{"None", "", 2, "modelexport: a command is wanted\nusage: "},
                      Failure{"Unknown", "guess x", 2, "modelexport: guess: no such command\n"},
                      Failure{"HelpOfUnknown", "help guess", 2, "guess: no such command\n"},
                      Failure{"TagWithoutPaths", "tag", 2,
                              "modelexport tag: three paths are wanted, IN HIERARCHY OUT, not 0\n"},
                      Failure{"TagWithoutOut", "tag in.onnx h.json", 2, "not 2; OUT may be IN\n"},
                      Failure{"RenameWithoutOut", "rename in.onnx", 2, "not 1; OUT may be IN\n"},
                      Failure{"MistypedWord", "tag in.onnx embeded out.onnx", 3,
                              "embeded: cannot open: No such file or directory; did you mean "
                              "embedded?\n"},
                      Failure{"NoModel", "tag bad.json h.json out.onnx", 3,
                              "; the file looks like JSON\n"}),
    [](const auto& info) { return info.param.description; });

INSTANTIATE_TEST_SUITE_P(
    Validate, ModelExportFails,
    ::testing::Values(
        Failure{"NoPath", "validate", 2, "one path is wanted, IN, not 0"},
        Failure{"TwoPaths", "validate in.onnx in.onnx", 2, "one path is wanted, IN, not 2"},
        Failure{"BadLevel", "validate in.onnx --level=off", 2,
                "--level=off: is none of standard, full"},
        Failure{"BadFormat", "validate in.onnx --format=xml", 2,
                "--format=xml: is none of text, json"},
        Failure{"NoFile", "validate none.onnx", 3, "none.onnx: cannot open"},
        Failure{"NoHierarchy", "validate in.onnx --hierarchy=none.json", 3, "none.json: cannot"},
        Failure{"BadHierarchy", "validate in.onnx --hierarchy=bad.json", 3, "bad.json: $"},
        Failure{"NoOriginal", "validate in.onnx --original=none.onnx", 3, "none.onnx: cannot open"},
        Failure{"BadOriginal", "validate in.onnx --original=cut.onnx", 3, "cut.onnx: byte "},
        Failure{"Malformed", "validate cut.onnx", 1, "cut.onnx: "}),
    [](const auto& info) { return info.param.description; });

INSTANTIATE_TEST_SUITE_P(
    Explain, ModelExportFails,
    ::testing::Values(Failure{"NoNode", "explain in.onnx h.json", 2, "IN HIERARCHY NODE, not 2"},
                      Failure{"UnknownNode", "explain in.onnx h.json '#9'", 2,
                              "in.onnx: \"#9\" means no node"},
                      Failure{"UnknownStrategy", "explain in.onnx h.json '#0' --strategy=x", 2,
                              "--strategy=x: is none of "},
                      Failure{"BadHierarchy", "explain in.onnx bad.json '#0'", 3, "bad.json: $"},
                      Failure{"Malformed", "explain cut.onnx h.json '#0'", 3, "cut.onnx: byte "}),
    [](const auto& info) { return info.param.description; });

}  // namespace
}  // namespace modelexport
