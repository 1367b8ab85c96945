// Random edits of random models: what a SplicePlan writes is what protobuf would.
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/proto/encode.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

class Random {
 public:
  explicit Random(uint32_t seed) : engine_(seed) {}

  uint32_t Below(uint32_t limit) { return static_cast<uint32_t>(engine_() % limit); }

  // Mostly short; some lengths need two or three bytes, or just do not.
  std::string Text() {
    constexpr uint32_t kSizes[] = {0, 1, 5, 90, 120, 127, 128, 200, 16200, 16383, 16384};
    return std::string(Below(20) == 0 ? kSizes[Below(11)] : Below(20), 'a' + Below(26));
  }

 private:
  std::mt19937 engine_;
};

void FillNodes(Random& random, int depth,
               google::protobuf::RepeatedPtrField<onnx::NodeProto>* nodes) {
  for (uint32_t n = random.Below(5); n-- > 0;) {
    onnx::NodeProto* node = nodes->Add();
    node->set_op_type(random.Text());
    for (uint32_t e = random.Below(4); e-- > 0;) {
      node->add_metadata_props()->set_key(absl::StrCat("old", e));
      node->mutable_metadata_props()->rbegin()->set_value(random.Text());
    }
    if (random.Below(3) == 0) node->mutable_unknown_fields()->append("\xf8\x07\x05", 3);
    for (uint32_t a = depth < 3 ? random.Below(3) : 0; a-- > 0;) {
      onnx::AttributeProto* attribute = node->add_attribute();
      if (random.Below(2) == 0)
        FillNodes(random, depth + 1, attribute->mutable_g()->mutable_node());
      for (uint32_t g = random.Below(3); g-- > 0;) {
        FillNodes(random, depth + 1, attribute->add_graphs()->mutable_node());
      }
      if (random.Below(2) == 0) attribute->set_type(onnx::AttributeProto::GRAPHS);
    }
  }
}

onnx::ModelProto RandomModel(Random& random) {
  onnx::ModelProto model;
  FillNodes(random, 0, model.mutable_graph()->mutable_node());
  if (random.Below(2) == 0) model.mutable_graph()->set_name(random.Text());
  for (uint32_t f = random.Below(3); f-- > 0;) {
    FillNodes(random, 1, model.add_functions()->mutable_node());
  }
  return model;
}

// The nodes of `model` in the order of ModelIndex::nodes().
std::vector<onnx::NodeProto*> NodesInOrder(onnx::ModelProto& model) {
  using Nodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;
  std::deque<Nodes*> graphs = {model.mutable_graph()->mutable_node()};
  for (onnx::FunctionProto& function : *model.mutable_functions()) {
    graphs.push_back(function.mutable_node());
  }
  std::vector<onnx::NodeProto*> all;
  for (; !graphs.empty(); graphs.pop_front()) {
    for (onnx::NodeProto& node : *graphs.front()) {
      all.push_back(&node);
      for (onnx::AttributeProto& attribute : *node.mutable_attribute()) {
        if (attribute.has_g()) graphs.push_back(attribute.mutable_g()->mutable_node());
        for (onnx::GraphProto& body : *attribute.mutable_graphs()) {
          graphs.push_back(body.mutable_node());
        }
      }
    }
  }
  return all;
}

// Makes the same random edits to a node's bytes and to the node.
class RandomEdits {
 public:
  RandomEdits(Random& random, const ModelIndex& index) : random_(random), index_(index) {}

  void EditNode(NodeId id, onnx::NodeProto* node) {
    const absl::Span<const MetadataEntry> entries = index_.metadata(id);
    for (size_t e = entries.size(); e-- > 0;) {
      if (random_.Below(3) > 0) continue;
      Add({id, {{entries[e].range.begin, entries[e].range.end}, ""}});
      node->mutable_metadata_props()->DeleteSubrange(static_cast<int>(e), 1);
    }
    for (uint32_t n = random_.Below(3); n-- > 0;) {
      const std::string value = random_.Text();
      texts_.emplace_back();
      AppendStringEntry(node_proto::kMetadata, "new", value, &texts_.back());
      const uint64_t end = index_.node(id).range.end;
      Add({id, {{end, end}, texts_.back()}});
      node->add_metadata_props()->set_key("new");
      node->mutable_metadata_props()->rbegin()->set_value(value);
    }
  }

  // Of a node's insertions the order counts; else any will do.
  void Add(const Edit& edit) {
    if (random_.Below(2) == 0 && edit.splice.bytes.empty()) {
      edits_.insert(edits_.begin(), edit);
    } else {
      edits_.push_back(edit);
    }
  }

  const std::vector<Edit>& edits() const { return edits_; }

 private:
  Random& random_;
  const ModelIndex& index_;
  std::vector<Edit> edits_;
  std::deque<std::string> texts_;
};

std::string Apply(const std::string& bytes, const SplicePlan& plan) {
  std::string out;
  uint64_t copied = 0;
  for (const Splice& splice : plan.splices()) {
    out += bytes.substr(copied, splice.erase.begin - copied);
    absl::StrAppend(&out, splice.bytes);
    copied = splice.erase.end;
  }
  return out + bytes.substr(copied);
}

TEST(SplicePlanRandom, IsWhatProtobufWrites) {
  size_t num_edits = 0;
  for (uint32_t seed = 0; seed < 400; ++seed) {
    Random random(seed);
    onnx::ModelProto model = RandomModel(random);
    const std::string bytes = model.SerializeAsString();
    const auto source = BytesInMemory(bytes);
    const absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source, {});
    ASSERT_TRUE(index.ok()) << index.status();
    const std::vector<onnx::NodeProto*> nodes = NodesInOrder(model);
    ASSERT_EQ(nodes.size(), index->nodes().size());
    RandomEdits edits(random, *index);
    // Backwards in a third of the cases, so that edits do not come in the order of the file.
    for (size_t i = 0; i < nodes.size(); ++i) {
      const size_t n = seed % 3 == 0 ? nodes.size() - 1 - i : i;
      edits.EditNode(NodeId(n), nodes[n]);
    }
    num_edits += edits.edits().size();
    const SplicePlan plan(*index, edits.edits());
    const std::string spliced = Apply(bytes, plan);
    EXPECT_EQ(plan.output_size(), spliced.size()) << seed;
    EXPECT_TRUE(plan.lengths_were_minimal()) << seed;
    onnx::ModelProto read;
    ASSERT_TRUE(read.ParseFromString(spliced)) << seed;
    ASSERT_TRUE(read.SerializeAsString() == model.SerializeAsString()) << seed;
  }
  EXPECT_GT(num_edits, 10000);
}

}  // namespace
}  // namespace modelexport
