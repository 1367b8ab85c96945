// An alignment with the source run leaves no owner that other evidence proves: for each node of the
// real exports of testdata, the owner that `auto` finds is that which it finds without `trace`, or
// one below it. `trace` may also name the module around the one that reads a tensor, because what
// that module computed may have been stored in place of the tensor.

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

// A line for each export. None has nodes that `trace` took from their module.
constexpr char kExpected[] = R"(
)";

Strategy WithoutTrace(Strategy strategy) {
  Matchers& matchers = strategy.matchers;
  const auto is_trace = [](const auto& m) { return m->kind() == EvidenceKind::kTrace; };
  matchers.erase(std::remove_if(matchers.begin(), matchers.end(), is_trace), matchers.end());
  return strategy;
}

std::string Compare(const std::string& name) {
  const std::string folder = absl::StrCat("testdata/", name);
  const InputRequest request{
      absl::StrCat(folder, "/model.onnx"), absl::StrCat(folder, "/../hierarchy.json"), {}};
  const Strategy strategy = StandardStrategies().front();
  const auto with = OwnModel(request, strategy, Stages());
  const auto without = OwnModel(request, WithoutTrace(strategy), Stages());
  if (!with.ok() || !without.ok()) return absl::StrCat(name, ": cannot be read\n");
  const Hierarchy& hierarchy = *with->hierarchy;
  size_t same = 0, below = 0, around = 0;
  std::string left;
  for (size_t n = 0; n < with->owners.size(); ++n) {
    const Owner &proved = without->owners[n], &found = with->owners[n];
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
  return absl::StrCat(name, ": ", same, " same, ", below, " below, ", around, " around", left,
                      "\n");
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
  for (const std::string& name : exports) text += Compare(name);
  EXPECT_EQ(text, kExpected + 1);
}

}  // namespace
}  // namespace modelexport
