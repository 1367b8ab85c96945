// docs/findings.md against the table of codes, and against findings that are really made.
#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "modelexport/tags/keys.h"
#include "modelexport/validation/test_model.h"
#include "modelexport/validation/validator.h"

namespace modelexport {
namespace {

using absl::StrCat;
using testing::Field;
using testing::Model;
using testing::Node;
using testing::NodeEntry;
using testing::Number;
using testing::Replaced;
using testing::SmallModel;
using testing::Tag;

// A file that has the finding.
struct Example {
  const char* code;
  std::string tagged;
  std::string original = SmallModel(false);
  ModelVerdict verdict = {}, verdict_on_original = {};
  bool given_hierarchy = true;
};

std::string BlockTag() { return Tag("block.0", "/Net/Block.0"); }

// The tagged form of SmallModel() with one thing replaced.
std::string Corrupted(absl::string_view from, absl::string_view to) {
  return Replaced(SmallModel(true), from, to);
}

// A node of block.0 with further fields, and a model that lists winml.
std::string WinmlModel(absl::string_view fields) {
  return StrCat(Field(7, Node("Add", StrCat(BlockTag(), fields))),
                testing::ModelEntry(kPresetsKey, "modelexport,winml"));
}

// Those of tags, which need no original.
std::vector<Example> TagExamples() {
  const std::string good = Field(7, Node("Add", BlockTag()));
  return {
      {"file.malformed", SmallModel(true).substr(0, 700), ""},
      {"model.untagged", SmallModel(false), ""},
      {"model.presets", good, ""},
      {"model.hierarchy", Corrupted("my.Block", "my.Black"), ""},
      {"model.no_hierarchy", Model(Node("Add", BlockTag())), "", {}, {}, false},
      {"tag.missing", Model(Node("Add", NodeEntry(kModuleKey, "block.0"))), ""},
      {"tag.duplicate_key", Model(Node("Add", StrCat(BlockTag(), NodeEntry(kTagKey, "/N")))), ""},
      {"tag.unknown_module", Model(Node("Add", Tag("tied", "/Net/Block.0"))), ""},
      {"tag.class_path", Model(Node("Add", Tag("block.0", "/Net"))), ""},
      {"tag.call", Model(Node("Add", StrCat(BlockTag(), NodeEntry(kCallKey, "2")))), ""},
      {"tag.also", Model(Node("Add", StrCat(BlockTag(), NodeEntry(kAlsoKey, "[\"tied\"]")))), ""},
      {"tag.submodule",
       Model(Node("Add", StrCat(NodeEntry(kSubmoduleKey, "act"), NodeEntry(kEvidenceKey, "none")))),
       ""},
      {"tag.evidence", Model(Node("Add", Tag("block.0", "/Net/Block.0", "telepathy"))), ""},
      {"tag.none", Model(Node("Add", Tag("block.0", "/Net/Block.0", "none"))), ""},
      {"tag.unlisted", StrCat(good, testing::ModelEntry(kPresetsKey, "winml")), ""},
      {"tag.unknown_key",
       Model(Node("Add", StrCat(BlockTag(), NodeEntry("modelexport.mood", "good")))), ""},
      {"tag.misplaced",
       Model(StrCat(Node("Add", BlockTag()),
                    Field(13, StrCat(Field(1, "h"), Field(4, Field(1, kModuleKey)))))),
       ""},
      {"tag.preset", WinmlModel(NodeEntry(kWinmlTagKey, "/Net")), ""},
      {"tag.foreign", WinmlModel(NodeEntry(kForeignKey, "layer_ann")), ""},
  };
}

// A model with one tagged node and one initializer.
std::string ModelWithTensor(absl::string_view tags, absl::string_view data) {
  const std::string tensor = StrCat(Number(1, 2), Number(2, 1), Field(8, "w"), Field(9, data));
  return Model(StrCat(Node("Add", tags), Field(5, tensor)));
}

// A model field, with a length that has one byte more than needed.
std::string LongerField(const std::string& field, absl::string_view content) {
  const size_t length = field.size() - content.size() - 1;
  std::string longer = field;
  longer[length] = static_cast<char>(longer[length] | 0x80);
  return longer.insert(length + 1, 1, '\0');
}

std::vector<Example> DifferenceExamples() {
  const std::string function =
      StrCat(Field(1, "G"),
             Field(7, StrCat(Field(4, "Relu"), NodeEntry("modelexport.module", "left over"))),
             Field(10, "my"));
  const std::string header = StrCat(Number(1, 8), Field(2, "test"));
  return {
      {"diff.bytes", Corrupted("/block.0/Add", "/block.1/Add")},
      {"diff.field", Corrupted(header, StrCat(Number(5, 8), Field(2, "test")))},
      {"diff.missing", Corrupted(Field(1000, "unknown"), "")},
      {"diff.extra", StrCat(SmallModel(true), Field(1001, "more"))},
      {"diff.length", Corrupted(Field(25, function), LongerField(Field(25, function), function))},
      {"diff.payload_size", ModelWithTensor(BlockTag(), "weights"),
       ModelWithTensor("", "weights!")},
      {"diff.payload", ModelWithTensor(BlockTag(), "weightz!"), ModelWithTensor("", "weights!")},
      {"diff.names",
       Model(Node("Add", StrCat(BlockTag(), NodeEntry(kNameKey, ""), Field(3, ""))),
             testing::ModelEntry(kRenamedKey, "nodes")),
       Model(Node("Add"))},
  };
}

std::vector<Example> CheckerExamples() {
  const ModelVerdict refused = {ModelVerdict::Kind::kInvalid,
                                "No Op registered for F with domain_version of 17"};
  const ModelVerdict skipped = {ModelVerdict::Kind::kNotChecked,
                                "the file has 2147483648 bytes, protobuf reads less than 2 GiB"};
  return {
      {"onnx.checker", SmallModel(true), SmallModel(false), refused},
      {"onnx.checker_before", SmallModel(true), SmallModel(false), refused, refused},
      {"onnx.unchecked", SmallModel(true), SmallModel(false), skipped},
  };
}

// The first finding of the example's code, as `validate` prints it.
std::string FindingOf(const Example& example) {
  const auto tagged = BytesInMemory(example.tagged);
  const auto original = BytesInMemory(example.original);
  const Hierarchy hierarchy = testing::SmallHierarchy();
  ValidationRequest request;
  request.tagged = tagged.get();
  if (!example.original.empty()) request.original = original.get();
  if (example.given_hierarchy) request.hierarchy = &hierarchy;
  request.level = ValidationLevel::kFull;
  request.checker = [&](const ByteSource& model, const std::string&) {
    return model.size() == tagged->size() ? example.verdict : example.verdict_on_original;
  };
  const absl::StatusOr<ValidationResult> result = Validate(request);
  EXPECT_TRUE(result.ok()) << result.status();
  for (absl::string_view line : absl::StrSplit(result->findings.ToText(), '\n')) {
    const std::pair<absl::string_view, absl::string_view> severity = absl::StrSplit(line, ' ');
    const std::pair<absl::string_view, absl::string_view> code =
        absl::StrSplit(line.substr(std::min(line.size(), severity.first.size() + 1)), ' ');
    if (code.first == example.code) return std::string(line);
  }
  ADD_FAILURE() << example.code << " is not among:\n" << result->findings.ToText();
  return "";
}

std::string Section(const FindingCode& code, const Example& example) {
  return StrCat("## `", code.name, "`\n\n",
                code.severity == Severity::kError ? "Error. " : "Warning. ", code.meaning,
                "\n\n```\n", FindingOf(example), "\n```\n");
}

TEST(FindingsDoc, HasEachCodeInOrderWithARealExample) {
  std::vector<Example> examples = TagExamples();
  for (Example& example : DifferenceExamples()) examples.push_back(std::move(example));
  for (Example& example : CheckerExamples()) examples.push_back(std::move(example));
  ASSERT_EQ(examples.size(), FindingCodes().size());
  std::string sections;
  for (size_t i = 0; i < examples.size(); ++i) {
    ASSERT_EQ(examples[i].code, FindingCodes()[i].name);
    absl::StrAppend(&sections, "\n", Section(FindingCodes()[i], examples[i]));
  }
  std::ifstream file("docs/findings.md");
  std::ostringstream page;
  page << file.rdbuf();
  const std::string text = page.str();
  const size_t first = text.find("\n## ");
  ASSERT_NE(first, text.npos);
  EXPECT_EQ(text.substr(first), sections) << "docs/findings.md should end so:\n" << sections;
}

}  // namespace
}  // namespace modelexport
