// The owners that the program finds in the real exports of testdata, against those that
// testdata/README.md says how to establish without it.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "modelexport/commands/tag.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/tags/keys.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/standard_request.h"

namespace modelexport {
namespace {

// A line for each export. The nodes that fall short or are wrong are all Reshapes that two tools
// put before and after a Gemm that they made of a linear layer: nothing names their module.
constexpr char kExpected[] = R"(
bert_tiny/dynamo: 75 exact, 0 around, 0 short, 0 wrong; calls: 0 right, 0 lost, 0 wrong
bert_tiny/torchscript: 148 exact, 0 around, 0 short, 0 wrong; calls: 0 right, 0 lost, 0 wrong
lost_names/dynamo: 29 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/dynamo_anon: 29 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/dynamo_dynquant: 38 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/dynamo_onnxslim: 33 exact, 0 around, 0 short, 0 wrong; calls: 8 right, 0 lost, 0 wrong
lost_names/dynamo_ort_extended: 33 exact, 0 around, 0 short, 0 wrong; calls: 8 right, 0 lost, 0 wrong
lost_names/torchscript: 55 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/torchscript_anon: 55 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/torchscript_fp16: 55 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/torchscript_onnxsim: 51 exact, 0 around, 0 short, 0 wrong; calls: 8 right, 0 lost, 0 wrong
lost_names/torchscript_ort_extended: 33 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/torchscript_qdq: 51 exact, 0 around, 0 short, 0 wrong; calls: 8 right, 0 lost, 0 wrong
naming_traps/dynamo: 194 exact, 0 around, 0 short, 0 wrong; calls: 42 right, 0 lost, 0 wrong
naming_traps/torchscript: 261 exact, 0 around, 0 short, 0 wrong; calls: 45 right, 0 lost, 0 wrong
resnet50/dynamo: 122 exact, 0 around, 0 short, 0 wrong; calls: 0 right, 0 lost, 0 wrong
resnet50/torchscript: 122 exact, 0 around, 0 short, 0 wrong; calls: 0 right, 0 lost, 0 wrong
sam_vision/dynamo: 540 exact, 0 around, 0 short, 0 wrong; calls: 0 right, 0 lost, 0 wrong
sam_vision/torchscript: 2822 exact, 0 around, 0 short, 0 wrong; calls: 0 right, 0 lost, 0 wrong
script_traps/torchscript: 63 exact, 0 around, 0 short, 0 wrong; calls: 2 right, 0 lost, 0 wrong
)";

// The same with the tagged export of the same exporter as HIERARCHY, for all that tools made of it.
constexpr char kExpectedByTagged[] = R"(
lost_names/dynamo_anon: 29 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/dynamo_dynquant: 38 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/dynamo_onnxslim: 33 exact, 0 around, 0 short, 0 wrong; calls: 8 right, 0 lost, 0 wrong
lost_names/dynamo_ort_extended: 33 exact, 0 around, 0 short, 0 wrong; calls: 8 right, 0 lost, 0 wrong
lost_names/torchscript_anon: 55 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/torchscript_fp16: 55 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/torchscript_onnxsim: 51 exact, 0 around, 0 short, 0 wrong; calls: 8 right, 0 lost, 0 wrong
lost_names/torchscript_ort_extended: 33 exact, 0 around, 0 short, 0 wrong; calls: 10 right, 0 lost, 0 wrong
lost_names/torchscript_qdq: 51 exact, 0 around, 0 short, 0 wrong; calls: 8 right, 0 lost, 0 wrong
)";

// A line of owners.tsv.
struct Expected {
  std::string place, op_type, owner, call, softness, reason, also;

  bool known() const { return owner != "?"; }
  bool soft() const { return softness == "soft"; }
  std::string module() const { return owner == "." ? "" : owner; }
  bool Accepts(absl::string_view module) const {
    if (module == this->module()) return true;
    for (absl::string_view other : absl::StrSplit(also, ',')) {
      if (also != "-" && module == (other == "." ? "" : other)) return true;
    }
    return false;
  }
};

std::vector<Expected> ReadOwners(const std::string& path) {
  std::vector<Expected> owners;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> f = absl::StrSplit(line, '\t');
    EXPECT_EQ(f.size(), 7u) << path << ": " << line;
    if (f.size() == 7) owners.push_back({f[0], f[1], f[2], f[3], f[4], f[5], f[6]});
  }
  return owners;
}

// What the program wrote, by key, for each place.
using Tags = std::map<std::string, std::map<std::string, std::string>>;

Tags ReadTags(const std::string& path) {
  Tags tags;
  const auto source = OpenFile(path);
  EXPECT_TRUE(source.ok()) << source.status();
  if (!source.ok()) return tags;
  IndexOptions options;
  for (absl::string_view key : {kModuleKey, kEvidenceKey, kCallKey}) {
    options.load.emplace_back(key);
  }
  const auto index = ModelIndex::Build(**source, options);
  EXPECT_TRUE(index.ok()) << index.status();
  if (!index.ok()) return tags;
  const GraphView graph(*index);
  for (size_t i = 0; i < graph.num_nodes(); ++i) {
    std::map<std::string, std::string>& node = tags[graph.Place(NodeId(i))];
    node["op"] = std::string(graph.op_type(NodeId(i)));
    for (const MetadataEntry& entry : index->metadata(NodeId(i))) {
      if (!entry.loaded.valid()) continue;
      node[std::string(index->text(entry.key))] = std::string(index->text(entry.loaded));
    }
  }
  return tags;
}

// How many nodes of a model have the owner that they should have.
struct Counts {
  size_t exact = 0;     // The very module, or one that is as right.
  size_t around = 0;    // An ancestor, or the root, where the truth is soft:
  size_t short_of = 0;  // and where it is hard.
  size_t wrong = 0;
  size_t calls = 0;        // Calls that are known and written,
  size_t lost_calls = 0;   // known and, of a module with several calls, not written,
  size_t wrong_calls = 0;  // known and written otherwise.

  std::string ToText() const {
    return absl::StrCat(exact, " exact, ", around, " around, ", short_of, " short, ", wrong,
                        " wrong; calls: ", calls, " right, ", lost_calls, " lost, ", wrong_calls,
                        " wrong");
  }
};

using Node = std::map<std::string, std::string>;

void CountModule(const Expected& expected, const std::string& module, Counts* counts) {
  const bool around = module.empty() || absl::StartsWith(expected.module() + ".", module + ".");
  if (expected.Accepts(module)) {
    ++counts->exact;
  } else if (around) {
    ++(expected.soft() ? counts->around : counts->short_of);
  } else {
    ++counts->wrong;
  }
}

// The call is written for modules that are called more than once alone.
void CountCall(const Expected& expected, const std::set<std::string>& called_again,
               const std::string& module, const std::string& call, Counts* counts) {
  if (expected.call == "-" || module != expected.module()) return;
  if (call == expected.call) {
    ++counts->calls;
  } else if (!call.empty()) {
    ++counts->wrong_calls;
  } else if (called_again.count(module) > 0) {
    ++counts->lost_calls;
  }
}

// The modules of which the file of expected owners has several calls.
std::set<std::string> CalledAgain(const std::vector<Expected>& owners) {
  std::set<std::string> called_again;
  for (const Expected& expected : owners) {
    if (expected.known() && expected.call != "-" && expected.call != "0") {
      called_again.insert(expected.module());
    }
  }
  return called_again;
}

// All exports of testdata, as "bert_tiny/dynamo".
std::vector<std::string> Exports() {
  namespace fs = std::filesystem;
  std::vector<std::string> exports;
  for (const auto& model : fs::directory_iterator("testdata")) {
    if (!fs::is_directory(model)) continue;
    for (const auto& folder : fs::directory_iterator(model)) {
      if (!fs::exists(folder.path() / "owners.tsv")) continue;
      exports.push_back(fs::relative(folder.path(), "testdata").string());
    }
  }
  std::sort(exports.begin(), exports.end());
  return exports;
}

// Tags an export of testdata.
bool TagExport(const std::string& name, const std::string& hierarchy, const std::string& output) {
  TagFileRequest request =
      testing::StandardRequest(absl::StrCat("testdata/", name, "/model.onnx"), hierarchy, output);
  request.force = true;  // A file without any name is no sign of the wrong hierarchy here.
  const TagOutcome outcome = TagFile(request);
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  return outcome.status.ok();
}

std::string SidecarOf(const std::string& name) {
  return absl::StrCat("testdata/", name, "/../hierarchy.json");
}

Counts CountOwners(const std::string& name, const std::string& hierarchy) {
  const std::string folder = absl::StrCat("testdata/", name);
  const testing::TempDir out;
  const std::string output = out.Path("out.onnx");
  Counts counts;
  if (!TagExport(name, hierarchy, output)) return counts;
  const Tags tags = ReadTags(output);
  const std::vector<Expected> owners = ReadOwners(absl::StrCat(folder, "/owners.tsv"));
  EXPECT_EQ(owners.size(), tags.size());
  const std::set<std::string> called_again = CalledAgain(owners);
  for (const Expected& expected : owners) {
    const auto found = tags.find(expected.place);
    if (!expected.known() || found == tags.end()) continue;
    Node node = found->second;
    EXPECT_EQ(node["op"], expected.op_type) << expected.place;
    const std::string& module = node[std::string(kModuleKey)];
    CountModule(expected, module, &counts);
    CountCall(expected, called_again, module, node[std::string(kCallKey)], &counts);
  }
  return counts;
}

// The counts are compared as a whole, so that an owner or a call that is lost shows.
TEST(ExpectedOwners, AreFoundInAllOfTestdata) {
  std::string text;
  for (const std::string& name : Exports()) {
    SCOPED_TRACE(name);
    absl::StrAppend(&text, name, ": ", CountOwners(name, SidecarOf(name)).ToText(), "\n");
  }
  EXPECT_EQ(text, kExpected + 1);
}

// "lost_names/dynamo" of "lost_names/dynamo_onnxslim"; "" of an export itself.
std::string MadeFrom(const std::string& name) {
  const size_t mark = name.find('_', name.find('/'));
  return mark == std::string::npos ? "" : name.substr(0, mark);
}

TEST(ExpectedOwners, AreFoundByTheTaggedExport) {
  std::string text;
  for (const std::string& name : Exports()) {
    const std::string original = MadeFrom(name);
    if (original.empty()) continue;
    SCOPED_TRACE(name);
    const testing::TempDir folder;
    const std::string tagged = folder.Path("tagged.onnx");
    if (!TagExport(original, SidecarOf(original), tagged)) continue;
    absl::StrAppend(&text, name, ": ", CountOwners(name, tagged).ToText(), "\n");
  }
  EXPECT_EQ(text, kExpectedByTagged + 1);
}

}  // namespace
}  // namespace modelexport
