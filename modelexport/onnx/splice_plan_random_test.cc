// Random edits of random models: a SplicePlan writes what protobuf would, and what a tree of the
// file's messages is when it is edited and encoded again.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/proto/cursor.h"
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
      Add({MessageRef::Of(id), {entries[e].range.whole(), ""}});
      node->mutable_metadata_props()->DeleteSubrange(static_cast<int>(e), 1);
    }
    for (uint32_t n = random_.Below(3); n-- > 0;) {
      const std::string value = random_.Text();
      texts_.emplace_back();
      AppendStringEntry(node_proto::kMetadata, "new", value, &texts_.back());
      const uint64_t end = index_.node(id).range.end();
      Add({MessageRef::Of(id), {{end, end}, texts_.back()}});
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

// The file as a tree: messages that can be edited, and fields that are bytes.
struct Tree {
  struct Item {
    Range range;  // In the file: the whole field.
    uint32_t number = 0;
    std::string bytes;            // Of a field that is no message of its own: with its key.
    std::unique_ptr<Tree> child;  // Else.
  };

  MessageRef message;
  uint64_t end = 0;  // Of its content in the file.
  std::vector<Item> items;

  std::string Encoded() const {
    std::string all;
    for (const Item& item : items) {
      item.child == nullptr ? void(all += item.bytes)
                            : AppendBytesField(item.number, item.child->Encoded(), &all);
    }
    return all;
  }
};

// Where the messages of an index that can be edited begin, with key and length.
std::map<uint64_t, MessageRef> Messages(const ModelIndex& index) {
  std::map<uint64_t, MessageRef> messages;
  for (size_t n = 0; n < index.nodes().size(); ++n) {
    messages.emplace(index.nodes()[n].range.begin, MessageRef::Of(NodeId(n)));
  }
  for (size_t g = 0; g < index.graphs().size(); ++g) {
    const GraphRecord& graph = index.graphs()[g];
    messages.emplace(graph.range.begin, MessageRef::Of(GraphId(g)));
    if (graph.kind != GraphRecord::Kind::kBody) continue;
    messages.emplace(graph.attribute.begin, MessageRef::AttributeOf(GraphId(g)));
  }
  return messages;
}

std::unique_ptr<Tree> ReadTree(Cursor& cursor, MessageRef message, uint64_t end,
                               const std::map<uint64_t, MessageRef>& messages) {
  auto tree = std::make_unique<Tree>();
  tree->message = message;
  tree->end = end;
  Field field;
  while (cursor.Next(&field)) {
    Tree::Item item;
    item.range = {field.key, field.end};
    item.number = field.number;
    const auto found = messages.find(field.key);
    if (found == messages.end()) {
      item.bytes = std::string(cursor.Bytes(item.range));
    } else {
      const Cursor::Message content(cursor, field);
      item.child = ReadTree(cursor, found->second, field.end, messages);
    }
    tree->items.push_back(std::move(item));
  }
  return tree;
}

// Makes the same random edits to a tree and as a list: of each message in order, of all messages
// mixed.
class TreeEdits {
 public:
  explicit TreeEdits(Random& random) : random_(random) {}

  void EditTree(Tree& tree) {
    std::vector<Tree::Item> edited;
    std::vector<Edit> edits;
    for (Tree::Item& item : tree.items) {
      InsertSome(tree.message, item.range.begin, &edited, &edits);
      const uint32_t choice = random_.Below(8);
      if (choice == 0) {  // Erase it.
        edits.push_back({tree.message, {item.range, ""}});
      } else if (choice == 1) {  // Replace it.
        edited.push_back(NewField());
        edits.push_back({tree.message, {item.range, Kept(edited.back().bytes)}});
      } else {
        if (item.child != nullptr) EditTree(*item.child);
        edited.push_back(std::move(item));
      }
    }
    InsertSome(tree.message, tree.end, &edited, &edits);
    tree.items = std::move(edited);
    by_message_.push_back(std::move(edits));
  }

  std::vector<Edit> Mixed() {
    std::vector<Edit> all;
    while (!by_message_.empty()) {
      std::vector<Edit>& from = by_message_[random_.Below(by_message_.size())];
      if (from.empty()) {
        std::swap(from, by_message_.back());
        by_message_.pop_back();
      } else {
        all.push_back(from.front());
        from.erase(from.begin());
      }
    }
    return all;
  }

 private:
  void InsertSome(MessageRef message, uint64_t at, std::vector<Tree::Item>* items,
                  std::vector<Edit>* edits) {
    for (uint32_t n = random_.Below(6) == 0 ? 1 + random_.Below(2) : 0; n-- > 0;) {
      items->push_back(NewField());
      edits->push_back({message, {{at, at}, Kept(items->back().bytes)}});
    }
  }

  Tree::Item NewField() {
    Tree::Item item;
    AppendBytesField(100 + random_.Below(3), random_.Text(), &item.bytes);
    return item;
  }

  absl::string_view Kept(const std::string& bytes) {
    texts_.push_back(bytes);
    return texts_.back();
  }

  Random& random_;
  std::vector<std::vector<Edit>> by_message_;
  std::deque<std::string> texts_;
};

TEST(SplicePlanRandom, EditsAtAllLevelsAreThoseOfTheTree) {
  size_t num_edits[4] = {};
  for (uint32_t seed = 0; seed < 600; ++seed) {
    Random random(seed);
    const std::string bytes = RandomModel(random).SerializeAsString();
    const auto source = BytesInMemory(bytes);
    const absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source, {});
    ASSERT_TRUE(index.ok()) << index.status();
    Cursor cursor(*source);
    const auto tree = ReadTree(cursor, MessageRef::Model(), bytes.size(), Messages(*index));
    ASSERT_TRUE(tree->Encoded() == bytes) << seed;
    TreeEdits tree_edits(random);
    tree_edits.EditTree(*tree);
    const std::vector<Edit> edits = tree_edits.Mixed();
    for (const Edit& edit : edits) ++num_edits[static_cast<int>(edit.message.kind())];
    const SplicePlan plan(*index, edits);
    const std::string spliced = Apply(bytes, plan);
    EXPECT_EQ(plan.output_size(), spliced.size()) << seed;
    ASSERT_TRUE(spliced == tree->Encoded()) << seed;
  }
  for (const size_t count : num_edits) EXPECT_GT(count, 300);
}

}  // namespace
}  // namespace modelexport
