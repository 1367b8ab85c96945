// An alignment with the source run leaves no owner that other evidence proves: for each node of the
// real exports of testdata, the owner that a strategy finds is that which it finds without `trace`,
// or one below it. `trace` may also name the module around the one that reads a tensor, because
// what that module computed may have been stored in place of the tensor.

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/ownership/standard_strategies.h"

namespace modelexport {
namespace {

// A line for each export and strategy. None has nodes that `trace` took from their module.
constexpr char kExpected[] = R"(
bert_tiny/dynamo auto: 75 same, 0 below, 0 around
bert_tiny/dynamo trace: 43 same, 32 below, 0 around
bert_tiny/torchscript auto: 148 same, 0 below, 0 around
bert_tiny/torchscript trace: 74 same, 74 below, 0 around
lost_names/dynamo auto: 29 same, 0 below, 0 around
lost_names/dynamo trace: 15 same, 14 below, 0 around
lost_names/dynamo_anon auto: 15 same, 14 below, 0 around
lost_names/dynamo_anon trace: 15 same, 14 below, 0 around
lost_names/dynamo_dynquant auto: 44 same, 5 below, 0 around
lost_names/dynamo_dynquant trace: 23 same, 26 below, 0 around
lost_names/dynamo_onnxslim auto: 28 same, 5 below, 0 around
lost_names/dynamo_onnxslim trace: 11 same, 22 below, 0 around
lost_names/dynamo_ort_extended auto: 28 same, 5 below, 0 around
lost_names/dynamo_ort_extended trace: 11 same, 22 below, 0 around
lost_names/torchscript auto: 61 same, 0 below, 0 around
lost_names/torchscript trace: 16 same, 45 below, 0 around
lost_names/torchscript_anon auto: 16 same, 45 below, 0 around
lost_names/torchscript_anon trace: 16 same, 45 below, 0 around
lost_names/torchscript_fp16 auto: 62 same, 0 below, 0 around
lost_names/torchscript_fp16 trace: 16 same, 46 below, 0 around
lost_names/torchscript_onnxsim auto: 39 same, 9 below, 0 around
lost_names/torchscript_onnxsim trace: 12 same, 39 below, 0 around
lost_names/torchscript_ort_extended auto: 33 same, 0 below, 0 around
lost_names/torchscript_ort_extended trace: 15 same, 18 below, 0 around
lost_names/torchscript_qdq auto: 113 same, 0 below, 0 around
lost_names/torchscript_qdq trace: 29 same, 58 below, 0 around
naming_traps/dynamo auto: 194 same, 0 below, 0 around
naming_traps/dynamo trace: 159 same, 35 below, 0 around
naming_traps/torchscript auto: 266 same, 0 below, 0 around
naming_traps/torchscript trace: 187 same, 79 below, 0 around
resnet50/dynamo auto: 122 same, 0 below, 0 around
resnet50/dynamo trace: 54 same, 68 below, 0 around
resnet50/torchscript auto: 122 same, 0 below, 0 around
resnet50/torchscript trace: 1 same, 121 below, 0 around
sam_vision/dynamo auto: 540 same, 0 below, 0 around
sam_vision/dynamo trace: 500 same, 40 below, 0 around
sam_vision/torchscript auto: 3129 same, 0 below, 0 around
sam_vision/torchscript trace: 1199 same, 1930 below, 0 around
script_traps/torchscript auto: 38 same, 5 below, 0 around
script_traps/torchscript trace: 16 same, 47 below, 0 around
)";

Strategy WithoutTrace(Strategy strategy) {
  Matchers& matchers = strategy.matchers;
  const auto is_trace = [](const auto& m) { return m->kind() == EvidenceKind::kTrace; };
  matchers.erase(std::remove_if(matchers.begin(), matchers.end(), is_trace), matchers.end());
  return strategy;
}

std::string Compare(const std::string& name, const Strategy& strategy) {
  const std::string folder = absl::StrCat("testdata/", name);
  const InputRequest request{
      absl::StrCat(folder, "/model.onnx"), absl::StrCat(folder, "/../hierarchy.json"), {}};
  const auto with = OwnModel(request, strategy, Stages());
  const auto without = OwnModel(request, WithoutTrace(strategy), Stages());
  if (!with.ok() || !without.ok()) return absl::StrCat(name, ": cannot be read\n");
  const Hierarchy& hierarchy = *with->hierarchy;
  size_t same = 0, below = 0, around = 0;
  std::string left;
  for (size_t n = 0; n < with->owners.size(); ++n) {
    const Owner &proved = without->owners[n], &found = with->owners[n];
    // What a node has from a neighbour proves nothing of the node.
    if (proved.evidence == EvidenceKind::kInherited) continue;
    const EvidenceBasis basis = FactsOf(proved.evidence).basis;
    if (found.module == proved.module) {
      ++same;
    } else if (hierarchy.IsAncestorOrSelf(proved.module, found.module)) {
      ++below;
    } else if (basis == EvidenceBasis::kReads &&
               hierarchy.IsAncestorOrSelf(found.module, proved.module)) {
      ++around;
    } else {
      absl::StrAppend(&left, "; left ", hierarchy.module(proved.module).path, " at ",
                      with->graph().Place(NodeId(n)));
    }
  }
  return absl::StrCat(name, " ", strategy.name, ": ", same, " same, ", below, " below, ", around,
                      " around", left, "\n");
}

TEST(MonotoneOwners, TraceLeavesNoOwnerThatOtherEvidenceProves) {
  namespace fs = std::filesystem;
  std::vector<std::string> exports;
  for (const auto& file : fs::recursive_directory_iterator("testdata")) {
    if (file.path().filename() != "owners.tsv") continue;
    exports.push_back(fs::relative(file.path().parent_path(), "testdata").string());
  }
  std::sort(exports.begin(), exports.end());
  std::string text;
  for (const std::string& name : exports) {
    for (const Strategy& strategy : StandardStrategies()) {
      if (strategy.name == "auto" || strategy.name == "trace") text += Compare(name, strategy);
    }
  }
  EXPECT_EQ(text, kExpected + 1);
}

}  // namespace
}  // namespace modelexport
