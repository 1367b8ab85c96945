// The alignment on the real exports of testdata, with tensor names as the only names that it sees:
// what it finds must not hang on knowing the source's operators.

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "modelexport/commands/tag.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/tags/keys.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/standard_request.h"

namespace modelexport {
namespace {

using testing::ReadFile;

constexpr const char* kExports[] = {"bert_tiny/torchscript",    "bert_tiny/dynamo",
                                    "resnet50/torchscript",     "resnet50/dynamo",
                                    "sam_vision/torchscript",   "sam_vision/dynamo",
                                    "naming_traps/torchscript", "naming_traps/dynamo"};

// Every operator gets a name that nobody knows, equal ones the same.
std::string WithUnknownOperators(const std::string& sidecar) {
  constexpr absl::string_view kMember = "\"op\": \"";
  std::map<std::string, std::string> names;
  std::string renamed;
  size_t done = 0;
  for (size_t at = sidecar.find(std::string(kMember)); at != std::string::npos;
       at = sidecar.find(std::string(kMember), done)) {
    const size_t begin = at + kMember.size();
    const size_t end = sidecar.find('"', begin);
    std::string& name = names[sidecar.substr(begin, end - begin)];
    if (name.empty()) name = absl::StrCat("x.op", names.size());
    absl::StrAppend(&renamed, sidecar.substr(done, begin - done), name);
    done = end;
  }
  EXPECT_GT(names.size(), 3u);
  return renamed + sidecar.substr(done);
}

// By place.
std::map<std::string, std::string> ReadModules(const std::string& path) {
  std::map<std::string, std::string> modules;
  const auto source = OpenFile(path);
  EXPECT_TRUE(source.ok()) << source.status();
  IndexOptions options;
  options.load = {std::string(kModuleKey)};
  const auto index = ModelIndex::Build(**source, options);
  EXPECT_TRUE(index.ok()) << index.status();
  const GraphView graph(*index);
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    for (const MetadataEntry& entry : index->metadata(NodeId(n))) {
      if (entry.loaded.valid())
        modules[graph.Place(NodeId(n))] = std::string(index->text(entry.loaded));
    }
  }
  return modules;
}

struct Score {
  double exact = 0, nodes = 0;
  double percent() const { return 100 * exact / nodes; }
};

// Of the nodes with a hard truth (testdata/README.md).
void AddScore(const std::string& owners, std::map<std::string, std::string> modules, Score* score) {
  for (absl::string_view line : absl::StrSplit(owners, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    ASSERT_EQ(fields.size(), 7u);
    if (fields[2] == "?" || fields[4] == "soft") continue;
    ++score->nodes;
    score->exact += modules[fields[0]] == (fields[2] == "." ? "" : fields[2]);
  }
}

Score ScoreAll(bool unknown_operators) {
  Score score;
  for (const char* name : kExports) {
    const testing::TempDir dir;
    const std::string folder = absl::StrCat("testdata/", name);
    const std::string sidecar = ReadFile(absl::StrCat(folder, "/../hierarchy.json"));
    TagFileRequest request = testing::StandardRequest(
        absl::StrCat(folder, "/model.onnx"),
        dir.Write("h.json", unknown_operators ? WithUnknownOperators(sidecar) : sidecar),
        dir.Path("out.onnx"));
    for (const Strategy& strategy : StandardStrategies()) {
      if (strategy.name == "trace") request.strategy = strategy;
    }
    const TagOutcome outcome = TagFile(request);
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    AddScore(ReadFile(absl::StrCat(folder, "/owners.tsv")), ReadModules(request.output), &score);
  }
  return score;
}

TEST(UnknownOperators, CostFewNodes) {
  const Score known = ScoreAll(false);
  const Score unknown = ScoreAll(true);
  RecordProperty("known", absl::StrCat(known.percent()));
  RecordProperty("unknown", absl::StrCat(unknown.percent()));
  EXPECT_GT(known.nodes, 1000);
  EXPECT_GT(known.percent(), 90);
  EXPECT_GT(unknown.percent(), known.percent() - 10) << "of " << known.percent();
}

}  // namespace
}  // namespace modelexport
