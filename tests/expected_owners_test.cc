// The owners that the program finds in the real exports of testdata, against those that
// testdata/README.md says how to establish without it.

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "modelexport/commands/tag.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/tags/keys.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

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

class ExpectedOwners : public ::testing::TestWithParam<const char*> {};

// Nodes whose truth is hard must be exact. A soft truth is arbitrary to some degree: there the
// program may also fall short, but must not name a module that is neither right nor around the
// right one. A call that is written must be right, where the truth has one.
TEST_P(ExpectedOwners, AreFound) {
  const std::string folder = absl::StrCat("testdata/", GetParam());
  const testing::TempDir out;
  TagFileRequest request;
  request.model = absl::StrCat(folder, "/model.onnx");
  request.hierarchy = absl::StrCat(folder, "/../hierarchy.json");
  request.output = out.Path("out.onnx");
  request.strategy = StandardStrategies()[0];
  request.force = true;  // a file without any name is no sign of the wrong sidecar here
  request.injection.presets = {FindPreset("modelexport")};
  const TagOutcome outcome = TagFile(request);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;

  const Tags tags = ReadTags(request.output);
  const std::vector<Expected> owners = ReadOwners(absl::StrCat(folder, "/owners.tsv"));
  ASSERT_EQ(owners.size(), tags.size());
  size_t known = 0;
  for (const Expected& expected : owners) {
    if (!expected.known()) continue;
    ++known;
    ASSERT_TRUE(tags.count(expected.place)) << expected.place;
    std::map<std::string, std::string> got = tags.at(expected.place);
    const std::string& module = got[std::string(kModuleKey)];
    EXPECT_EQ(got["op"], expected.op_type) << expected.place;
    const bool around = module.empty() || absl::StartsWith(expected.module() + ".", module + ".");
    EXPECT_TRUE(expected.Accepts(module) || (expected.soft() && around))
        << expected.place << " " << expected.op_type << ": \"" << module << "\" by "
        << got[std::string(kEvidenceKey)] << ", expected \"" << expected.module() << "\"";
    const std::string& call = got[std::string(kCallKey)];
    EXPECT_TRUE(call.empty() || expected.call == "-" || call == expected.call)
        << expected.place << ": call " << call;
  }
  EXPECT_GT(known, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Testdata, ExpectedOwners,
    ::testing::Values("bert_tiny/torchscript", "bert_tiny/dynamo", "resnet50/torchscript",
                      "resnet50/dynamo", "sam_vision/torchscript", "sam_vision/dynamo",
                      "naming_traps/torchscript", "naming_traps/dynamo", "script_traps/torchscript",
                      "lost_names/torchscript", "lost_names/torchscript_anon",
                      "lost_names/torchscript_fp16", "lost_names/torchscript_onnxsim",
                      "lost_names/torchscript_ort_extended", "lost_names/torchscript_qdq",
                      "lost_names/dynamo", "lost_names/dynamo_anon", "lost_names/dynamo_dynquant"),
    [](const auto& info) {
      std::string name = info.param;
      for (char& c : name) c = c == '/' ? '_' : c;
      return name;
    });

}  // namespace
}  // namespace modelexport
