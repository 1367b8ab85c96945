#include "modelexport/testing/dump_tags.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "onnx/onnx_pb.h"

namespace modelexport::testing {
namespace {

class Dumper {
 public:
  explicit Dumper(absl::string_view prefix) : prefix_(prefix) {}

  std::string Dump(const onnx::ModelProto& model) {
    if (model.metadata_props_size() > 0) DumpLine("model", model.metadata_props());
    DumpNodes("", model.graph().node());
    for (const onnx::FunctionProto& function : model.functions()) {
      DumpNodes(absl::StrCat("function:", function.domain(), ":", function.name(), ":",
                             function.overload()),
                function.node());
    }
    return std::move(out_);
  }

 private:
  template <typename Nodes>
  void DumpNodes(const std::string& place, const Nodes& nodes) {
    int position = 0;
    for (const onnx::NodeProto& node : nodes) {
      DumpLine(absl::StrCat(place, "#", position, " ", node.op_type()), node.metadata_props());
      for (const onnx::AttributeProto& attribute : node.attribute()) {
        DumpBodies(absl::StrCat(place, "/", position, ":", attribute.name()), attribute);
      }
      ++position;
    }
  }

  void DumpBodies(const std::string& place, const onnx::AttributeProto& attribute) {
    if (attribute.has_g()) DumpNodes(place, attribute.g().node());
    int position = 0;
    for (const onnx::GraphProto& graph : attribute.graphs()) {
      DumpNodes(absl::StrCat(place, ":", position++), graph.node());
    }
  }

  template <typename Entries>
  void DumpLine(absl::string_view subject, const Entries& entries) {
    absl::StrAppend(&out_, subject);
    for (const onnx::StringStringEntryProto& entry : entries) {
      if (!absl::StartsWith(entry.key(), prefix_)) continue;
      absl::StrAppend(&out_, " ", entry.key(), "=\"", absl::CEscape(entry.value()), "\"");
    }
    out_ += '\n';
  }

  const absl::string_view prefix_;
  std::string out_;
};

}  // namespace

std::string DumpTags(absl::string_view bytes, absl::string_view prefix) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  return Dumper(prefix).Dump(model);
}

}  // namespace modelexport::testing
