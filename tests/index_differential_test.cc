// ModelIndex and GraphView against protobuf, on every model of testdata: what both say of a model
// is printed as lines by place and compared.

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/metadata_value.h"
#include "modelexport/onnx/model_index.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

using Lines = std::map<std::string, std::string>;

template <typename Dims>
std::string TensorLine(int type, const Dims& dims, absl::string_view location) {
  return absl::StrCat(type, "[", absl::StrJoin(dims, ","), "] ", location);
}

std::string NodeLine(absl::string_view name, absl::string_view domain, absl::string_view op,
                     absl::string_view overload, const std::vector<absl::string_view>& inputs,
                     const std::vector<absl::string_view>& outputs,
                     const std::vector<absl::string_view>& metadata) {
  return absl::StrCat(absl::StrJoin({name, domain, op, overload}, "|"), " (",
                      absl::StrJoin(inputs, ", "), ") => (", absl::StrJoin(outputs, ", "), ") {",
                      absl::StrJoin(metadata, "; "), "}");
}

// What the program reads.
class OurLines {
 public:
  explicit OurLines(const GraphView& view) : view_(view), index_(view.index()) {}

  Lines Print() {
    for (const GraphRecord& graph : index_.graphs()) PrintGraph(graph);
    for (size_t n = 0; n < view_.num_nodes(); ++n) PrintNode(NodeId(n));
    for (const TensorRecord& tensor : index_.tensors()) {
      if (tensor.role != TensorRecord::Role::kInitializer) continue;
      const absl::string_view location =
          tensor.external_location.valid() ? index_.text(tensor.external_location) : "-";
      lines_[absl::StrCat(view_.Place(tensor.graph), "=", index_.text(tensor.name))] =
          TensorLine(tensor.data_type, index_.dims(tensor), location);
    }
    return std::move(lines_);
  }

 private:
  std::vector<absl::string_view> Texts(absl::Span<const StringId> ids) const {
    std::vector<absl::string_view> texts;
    for (const StringId id : ids) texts.push_back(index_.text(id));
    return texts;
  }

  void PrintGraph(const GraphRecord& graph) {
    lines_[absl::StrCat(view_.Place(index_.id_of(graph)), ">")] =
        absl::StrCat(index_.text(graph.name), " ", absl::StrJoin(Texts(graph.inputs), ", "), " => ",
                     absl::StrJoin(Texts(graph.outputs), ", "), " ", graph.num_nodes, " nodes");
  }

  // Operands by way of the view's values, so that these are compared too.
  std::vector<absl::string_view> Names(absl::Span<const ValueId> values) const {
    std::vector<absl::string_view> names;
    for (const ValueId value : values) names.push_back(value.valid() ? view_.name(value) : "");
    return names;
  }

  void PrintNode(NodeId id) {
    const NodeRecord& node = index_.node(id);
    std::vector<absl::string_view> metadata;
    for (const MetadataEntry& entry : index_.metadata(id)) {
      metadata.push_back(index_.text(entry.key));
      values_.push_back(ReadMetadataValue(index_.source(), entry)->value_or(""));
      metadata.push_back(values_.back());
    }
    lines_[view_.Place(id)] = NodeLine(view_.name(id), index_.text(node.domain), view_.op_type(id),
                                       index_.text(node.overload), Names(view_.inputs(id)),
                                       Names(view_.outputs(id)), metadata);
  }

  const GraphView& view_;
  const ModelIndex& index_;
  std::deque<std::string> values_;
  Lines lines_;
};

// What protobuf reads.
class TheirLines {
 public:
  Lines Print(const onnx::ModelProto& model) {
    PrintGraph("", model.graph());
    for (const onnx::FunctionProto& function : model.functions()) {
      const std::string place = absl::StrCat("function:", function.domain(), ":", function.name(),
                                             ":", function.overload());
      lines_[place + ">"] =
          absl::StrCat(function.name(), " ", absl::StrJoin(function.input(), ", "), " => ",
                       absl::StrJoin(function.output(), ", "), " ", function.node_size(), " nodes");
      PrintNodes(place, function.node());
    }
    return std::move(lines_);
  }

 private:
  template <typename Values>
  static std::string Names(const Values& values) {
    return absl::StrJoin(values, ", ", [](std::string* out, const onnx::ValueInfoProto& value) {
      out->append(value.name());
    });
  }

  void PrintGraph(const std::string& place, const onnx::GraphProto& graph) {
    lines_[place + ">"] = absl::StrCat(graph.name(), " ", Names(graph.input()), " => ",
                                       Names(graph.output()), " ", graph.node_size(), " nodes");
    PrintNodes(place, graph.node());
    for (const onnx::TensorProto& tensor : graph.initializer()) {
      lines_[absl::StrCat(place, "=", tensor.name())] =
          TensorLine(tensor.data_type(), tensor.dims(), Location(tensor));
    }
  }

  static std::string Location(const onnx::TensorProto& tensor) {
    if (tensor.data_location() != onnx::TensorProto::EXTERNAL) return "-";
    for (const onnx::StringStringEntryProto& entry : tensor.external_data()) {
      if (entry.key() == "location") return entry.value();
    }
    return "";
  }

  template <typename Nodes>
  void PrintNodes(const std::string& place, const Nodes& nodes) {
    int position = 0;
    for (const onnx::NodeProto& node : nodes) {
      std::vector<absl::string_view> metadata;
      for (const onnx::StringStringEntryProto& entry : node.metadata_props()) {
        metadata.push_back(entry.key());
        metadata.push_back(entry.value());
      }
      lines_[absl::StrCat(place, "#", position)] =
          NodeLine(node.name(), node.domain(), node.op_type(), node.overload(),
                   {node.input().begin(), node.input().end()},
                   {node.output().begin(), node.output().end()}, metadata);
      for (const onnx::AttributeProto& attribute : node.attribute()) {
        const std::string body = absl::StrCat(place, "/", position, ":", attribute.name());
        if (attribute.has_g()) PrintGraph(body, attribute.g());
        for (int g = 0; g < attribute.graphs_size(); ++g) {
          PrintGraph(absl::StrCat(body, ":", g), attribute.graphs(g));
        }
      }
      ++position;
    }
  }

  Lines lines_;
};

std::vector<std::string> Models() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("testdata")) {
    if (entry.path().extension() == ".onnx") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(IndexDifferentialModels, AreThere) { EXPECT_GE(Models().size(), 9); }

std::string TestName(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(std::string("testdata/").size());
  for (char& c : name) c = absl::ascii_isalnum(c) ? c : '_';
  return name;
}

class IndexDifferential : public ::testing::TestWithParam<std::string> {};

TEST_P(IndexDifferential, ProtobufReadsTheSame) {
  const auto source = OpenFile(GetParam());
  ASSERT_TRUE(source.ok()) << source.status();
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(**source, {});
  ASSERT_TRUE(index.ok()) << index.status();
  onnx::ModelProto model;
  std::ifstream file(GetParam(), std::ios::binary);
  ASSERT_TRUE(model.ParseFromIstream(&file));

  const GraphView view(*index);
  const Lines ours = OurLines(view).Print();
  const Lines theirs = TheirLines().Print(model);
  EXPECT_GT(theirs.size(), 20);
  EXPECT_EQ(ours.size(), theirs.size());
  for (const auto& [place, line] : theirs) {
    const auto found = ours.find(place);
    ASSERT_TRUE(found != ours.end()) << place;
    ASSERT_EQ(found->second, line) << place;
  }
  ASSERT_TRUE(index->ir_version().has_value());
  EXPECT_EQ(index->ir_version()->value, model.ir_version());
  EXPECT_EQ(index->model_metadata().size(), model.metadata_props_size());
}

INSTANTIATE_TEST_SUITE_P(Testdata, IndexDifferential, ::testing::ValuesIn(Models()), TestName);

}  // namespace
}  // namespace modelexport
