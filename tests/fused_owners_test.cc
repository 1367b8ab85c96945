// Nodes that PyTorch's two exporters make of several modules, in a ResNet: each export of it gives
// every module the same nodes.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/commands/read_owned.h"

namespace modelexport {
namespace {

constexpr char kFolder[] = "testdata/resnet50/";

OwnedModel Owned(absl::string_view exporter) {
  absl::StatusOr<OwnedModel> owned = ReadOwned(absl::StrCat(kFolder, exporter, "/model.onnx"),
                                               absl::StrCat(kFolder, "hierarchy.json"), nullptr);
  EXPECT_TRUE(owned.ok()) << owned.status();
  return *std::move(owned);
}

// A line for each node, by module, as "a.conv, also a.norm". Operators differ: one exporter writes
// GlobalAveragePool where the other writes ReduceMean.
std::vector<std::string> NodesByModule(const OwnedModel& owned) {
  const auto path = [&](ModuleId module) { return owned.hierarchy->module(module).path; };
  std::vector<std::string> lines;
  for (size_t n = 0; n < owned.owners.size(); ++n) {
    std::string line(path(owned.owners[n].module));
    for (const AlsoModule& other : owned.also.of(NodeId(n))) {
      absl::StrAppend(&line, ", also ", path(other.module));
    }
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

TEST(FusedOwners, BothExportsOfAResNetGiveEachModuleTheSameNodes) {
  const OwnedModel dynamo = Owned("dynamo"), torchscript = Owned("torchscript");
  EXPECT_EQ(absl::StrJoin(NodesByModule(dynamo), "\n"),
            absl::StrJoin(NodesByModule(torchscript), "\n"));
}

// 53 convolutions, each with a normalization that the exporter folded into it, and nothing else.
TEST(FusedOwners, EachConvolutionDoesItsNormalization) {
  const OwnedModel owned = Owned("dynamo");
  const std::vector<std::string> lines = NodesByModule(owned);
  size_t convolutions = 0;
  for (const std::string& line : lines) {
    const size_t at = line.find("convolution, also ");
    if (at == std::string::npos) {
      EXPECT_EQ(line.find(", also"), std::string::npos) << line;
      continue;
    }
    ++convolutions;
    const std::string around = line.substr(0, at);
    EXPECT_EQ(line, absl::StrCat(around, "convolution, also ", around, "normalization"));
  }
  EXPECT_EQ(convolutions, 53);
  EXPECT_EQ(owned.also.num_nodes(), 53);
}

}  // namespace
}  // namespace modelexport
