#include "modelexport/onnx/splice_plan.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/files/output_file.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/testing/dump_tags.h"
#include "modelexport/testing/message_bytes.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/recording_source.h"
#include "modelexport/testing/temp_dir.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

using testing::DumpTags;
using testing::Hex;
using testing::MessageBytes;
using testing::Model;

// Edits of one model, applied to its bytes in memory.
class Editor {
 public:
  explicit Editor(std::string bytes)
      : source_(BytesInMemory(std::move(bytes))), index_(*ModelIndex::Build(*source_, {})) {}

  const ModelIndex& index() const { return index_; }

  void Insert(MessageRef message, uint64_t at, std::string bytes) {
    Replace(message, {at, at}, std::move(bytes));
  }
  void Replace(MessageRef message, Range range, std::string bytes) {
    texts_.push_back(std::make_unique<std::string>(std::move(bytes)));
    edits_.push_back({message, {range, *texts_.back()}});
  }
  void Erase(MessageRef message, const Framed& field) { Replace(message, field.whole(), ""); }

  // Of the node that has this operator.
  NodeId Find(absl::string_view op) const {
    for (size_t n = 0; n < index_.nodes().size(); ++n) {
      if (index_.text(index_.nodes()[n].op_type) == op) return NodeId(n);
    }
    ADD_FAILURE() << "no node " << op;
    return NodeId();
  }
  const Framed& RangeOf(absl::string_view op) const { return index_.node(Find(op)).range; }

  // Adds an entry key="v" at the end of a node.
  void Tag(size_t node, absl::string_view key) {
    std::string entry;
    AppendStringEntry(node_proto::kMetadata, key, "v", &entry);
    Insert(MessageRef::Of(NodeId(node)), index_.node(NodeId(node)).range.end(), entry);
  }
  void EraseEntry(size_t node, size_t entry) {
    Erase(MessageRef::Of(NodeId(node)), index_.metadata(NodeId(node))[entry].range);
  }

  SplicePlan Plan() const { return SplicePlan(index_, edits_); }

  std::string Apply() const {
    const SplicePlan plan = Plan();
    const std::string bytes = *source_->ReadString({0, source_->size()});
    std::string out;
    uint64_t copied = 0;
    uint64_t new_bytes = 0;
    for (const Splice& splice : plan.splices()) {
      EXPECT_LE(copied, splice.erase.begin) << "out of order";
      out += bytes.substr(copied, splice.erase.begin - copied);
      absl::StrAppend(&out, splice.bytes);
      new_bytes += splice.bytes.size();
      copied = splice.erase.end;
    }
    out += bytes.substr(copied);
    EXPECT_EQ(out.size(), plan.output_size());
    EXPECT_EQ(new_bytes, plan.new_bytes());
    return out;
  }

 private:
  const std::unique_ptr<ByteSource> source_;
  const ModelIndex index_;
  std::vector<std::unique_ptr<std::string>> texts_;
  std::vector<Edit> edits_;
};

constexpr absl::string_view kNested = R"(
  <ir_version: 8, metadata_props: ["m": "1"]>
  main (x) => (y) {
    a = First (x) {old: "1"}
    y = If (a) <
      then_branch = yes () => (t) { t = Loop (b) <body = deep () => () { = Deepest () }> },
      else_branch = no () => (e) { e = Else () }
    >
    = Switch <cases = [c0 () => () { = C0 () }, c1 () => () { = C1 () = C1b () }]> ()
    = Last ()
  }
  <domain: "d"> f (p) => (q) { q = If (p) <then_branch = in_f () => () { = InF () }> })";

TEST(SplicePlan, NoEditsChangeNothing) {
  const std::string bytes = Model(kNested);
  const Editor editor(bytes);
  EXPECT_TRUE(editor.Plan().splices().empty());
  EXPECT_EQ(editor.Apply(), bytes);
  EXPECT_TRUE(editor.Plan().lengths_were_minimal());
}

TEST(SplicePlan, EveryNodeAndTheModel) {
  Editor editor(Model(kNested));
  for (size_t n = 0; n < editor.index().nodes().size(); ++n) editor.Tag(n, absl::StrCat("n", n));
  editor.Insert(MessageRef::Model(), editor.index().source().size(),
                Hex("72 06 0a 01 74 12 01 32"));
  EXPECT_EQ(DumpTags(editor.Apply()),
            "model m=\"1\" t=\"2\"\n"
            "#0 First old=\"1\" n0=\"v\"\n"
            "#1 If n1=\"v\"\n"
            "/1:then_branch#0 Loop n5=\"v\"\n"
            "/1:then_branch/0:body#0 Deepest n11=\"v\"\n"
            "/1:else_branch#0 Else n6=\"v\"\n"
            "#2 Switch n2=\"v\"\n"
            "/2:cases:0#0 C0 n7=\"v\"\n"
            "/2:cases:1#0 C1 n8=\"v\"\n"
            "/2:cases:1#1 C1b n9=\"v\"\n"
            "#3 Last n3=\"v\"\n"
            "function:d:f:#0 If n4=\"v\"\n"
            "function:d:f:/0:then_branch#0 InF n10=\"v\"\n");
}

TEST(SplicePlan, TheDeepestNodeAloneChangesAllLengthsAroundIt) {
  Editor editor(Model(kNested));
  editor.Tag(11, "k");
  // Deepest, body graph and attribute, Loop, branch and attribute, If, main graph; the insertion.
  EXPECT_EQ(editor.Plan().splices().size(), 9);
  EXPECT_EQ(DumpTags(editor.Apply(), "k"),
            DumpTags(Model([] {
                       std::string text(kNested);
                       const std::string deepest = "= Deepest ()";
                       return text.insert(text.find(deepest) + deepest.size(), "{k: \"v\"}");
                     }()),
                     "k"));
}

TEST(SplicePlan, AnEditOfTheModelLeavesAllLengths) {
  Editor editor(Model(kNested));
  const Range version = editor.index().ir_version()->range;
  editor.Replace(MessageRef::Model(), version, Hex("08 0a"));
  EXPECT_EQ(editor.Plan().splices().size(), 1);
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(editor.Apply()));
  EXPECT_EQ(model.ir_version(), 10);
}

TEST(SplicePlan, EditsOfEqualSizeLeaveAllLengths) {
  Editor editor(Model(kNested));
  const uint64_t end = editor.index().metadata(NodeId(0))[0].range.end();
  editor.Replace(MessageRef::Of(NodeId(0)), {end - 1, end}, "2");
  EXPECT_EQ(editor.Plan().splices().size(), 1);
  EXPECT_EQ(DumpTags(editor.Apply(), "old").substr(0, 30), "model\n#0 First old=\"2\"\n#1 If\n/");
}

TEST(SplicePlan, ErasingWhatWasInsertedGivesTheSameBytes) {
  const std::string bytes = Model(kNested);
  Editor editor(bytes);
  for (size_t n = 0; n < editor.index().nodes().size(); ++n) editor.Tag(n, "k");
  Editor undo(editor.Apply());
  for (size_t n = 0; n < undo.index().nodes().size(); ++n) {
    undo.EraseEntry(n, undo.index().node(NodeId(n)).num_entries - 1);
  }
  EXPECT_EQ(undo.Apply(), bytes);
}

// Messages as long as the pad says, around both values where a length grows by a byte.
TEST(SplicePlan, LengthsGrowAndShrinkAtAllLevelsAtOnce) {
  for (const int base : {40, 16260}) {
    for (int pad = base; pad < base + 130; ++pad) {
      const auto text = [pad](absl::string_view inner, absl::string_view outer) {
        return Model(absl::StrCat("main () => () { = If <a = [g () => () { = F <p = \"",
                                  std::string(pad, 'p'), "\"> () ", inner, "}]> () ", outer, "}"));
      };
      const std::string plain = text("", ""), inner = text("{k: \"v\"}", ""),
                        both = text("{k: \"v\"}", "{k: \"v\"}");
      Editor grow_inner(plain), grow_both(plain), shrink(both);
      grow_inner.Tag(1, "k");
      grow_both.Tag(0, "k");
      grow_both.Tag(1, "k");
      shrink.EraseEntry(0, 0);
      shrink.EraseEntry(1, 0);
      ASSERT_TRUE(grow_inner.Apply() == inner) << pad;
      ASSERT_TRUE(grow_both.Apply() == both) << pad;
      ASSERT_TRUE(shrink.Apply() == plain) << pad;
      ASSERT_TRUE(shrink.Plan().lengths_were_minimal());
    }
  }
}

// A model that ends with its graph, a node, an attribute, a body and a node in it at one byte.
std::string AllEndTogether() {
  MessageBytes inner, body, attribute, outer, graph, model;
  inner.Bytes(node_proto::kOpType, "Inner");
  body.Bytes(graph_proto::kNode, inner.Serialized());
  attribute.Bytes(attribute_proto::kName, "b");
  attribute.Bytes(attribute_proto::kGraph, body.Serialized());
  outer.Bytes(node_proto::kOpType, "Outer");
  outer.Bytes(node_proto::kAttribute, attribute.Serialized());
  graph.Bytes(graph_proto::kNode, outer.Serialized());
  model.Bytes(model_proto::kGraph, graph.Serialized());
  return model.Serialized();
}

TEST(SplicePlan, WhereMessagesEndTogetherTheInnermostComesFirst) {
  const Editor plain(AllEndTogether());
  ASSERT_EQ(plain.index().node(NodeId(0)).range.end(), plain.index().node(NodeId(1)).range.end());
  const std::string expected =
      "model m=\"v\"\n"
      "#0 Outer a=\"v\" b=\"v\"\n"
      "/0:b#0 Inner c=\"v\" d=\"v\"\n";
  for (const bool inner_first : {false, true}) {
    Editor editor(AllEndTogether());
    const auto tag_model = [&editor] {
      editor.Insert(MessageRef::Model(), editor.index().source().size(),
                    Hex("72 06 0a 01 6d 12 01 76"));
    };
    if (!inner_first) tag_model();
    for (const size_t node : inner_first ? std::vector<size_t>{1, 0} : std::vector<size_t>{0, 1}) {
      editor.Tag(node, node == 0 ? "a" : "c");
      editor.Tag(node, node == 0 ? "b" : "d");
    }
    if (inner_first) tag_model();
    EXPECT_EQ(DumpTags(editor.Apply()), expected) << inner_first;
  }
}

// The fields of nodes that stand in braces, as they are in a graph.
std::string Nodes(absl::string_view text) {
  const std::string bytes = Model(absl::StrCat("m () => () {", text, "}"));
  const auto source = BytesInMemory(bytes);
  const auto index = ModelIndex::Build(*source, {});
  const std::vector<NodeRecord>& nodes = index->nodes();
  const size_t last = index->graphs()[0].num_nodes - 1;
  const uint64_t begin = nodes[0].range.begin;
  return bytes.substr(begin, nodes[last].range.end() - begin);
}

TEST(SplicePlan, NodesOfAGraphAreErasedAndInserted) {
  Editor editor(Model("m (x) => (y) { a = A (x) b = B (a) c = C (b) y = D (c) }"));
  const MessageRef graph = MessageRef::Of(kMainGraph);
  editor.Erase(graph, editor.RangeOf("B"));
  editor.Erase(graph, editor.RangeOf("C"));
  editor.Insert(graph, editor.RangeOf("D").begin, Nodes("c = Fused (a)"));
  editor.Insert(graph, editor.RangeOf("A").begin, Nodes("= First () = Second ()"));
  EXPECT_EQ(editor.Apply(), Model("m (x) => (y) { = First () = Second () a = A (x) c = Fused (a) "
                                  "y = D (c) }"));
}

TEST(SplicePlan, OutputsAndValueTypesOfAGraphAreInserted) {
  Editor editor(Model("m () => (a) { = If <g = body () => () { b = B () }> () }"));
  const GraphId body(1);
  const std::string output = Hex("62 03 0a 01");  // GraphProto.output, of it the name
  editor.Insert(MessageRef::Of(kMainGraph), editor.index().graph(kMainGraph).range.end(),
                output + "c");
  editor.Insert(MessageRef::Of(body), editor.index().graph(body).range.end(), output + "b");
  EXPECT_EQ(editor.Apply(), Model("m () => (a, c) { = If <g = body () => (b) { b = B () }> () }"));
}

TEST(SplicePlan, FunctionsAreInsertedErasedAndEdited) {
  Editor editor(Model(R"(
    m () => () { = A () }
    f () => () { = F1 () = F2 () }
    g () => () { = G () })"));
  const Editor donor(Model(R"(
    m () => () { = A () }
    added () => () { = New () })"));
  const Framed& added = donor.index().graphs()[1].range;
  const std::string bytes = donor.index().source().ReadString(added.whole()).value();
  const Framed& g = editor.index().graphs()[2].range;
  editor.Erase(MessageRef::Model(), g);
  editor.Insert(MessageRef::Model(), g.begin, bytes);
  editor.Erase(MessageRef::Of(GraphId(1)), editor.RangeOf("F1"));
  EXPECT_EQ(editor.Apply(), Model(R"(
    m () => () { = A () }
    f () => () { = F2 () }
    added () => () { = New () })"));
}

// Any body of an attribute names it.
TEST(SplicePlan, FieldsOfAnAttributeAreReplacedAndBodiesErased) {
  const std::string bytes = Model(
      "m () => () { = If <cases = [a () => () { = A () }, b () => () { = B () }, "
      "c () => () { = C () }]> () = Last () }");
  const std::string expected = Model(
      "m () => () { = If <branches = [a () => () { = A () }, c () => () { = C () = D () }]> "
      "() = Last () }");
  for (size_t named_by = 1; named_by <= 3; ++named_by) {
    Editor editor(bytes);
    const MessageRef attribute = MessageRef::AttributeOf(GraphId(named_by));
    const uint64_t name = ContentOf(editor.index(), attribute).begin;
    editor.Erase(attribute, editor.index().graph(GraphId(2)).range);
    editor.Replace(attribute, {name, name + 7}, Hex("0a 08") + "branches");
    editor.Insert(MessageRef::Of(GraphId(3)), editor.RangeOf("C").end(), Nodes("= D ()"));
    EXPECT_EQ(editor.Apply(), expected) << named_by;
  }
}

// One insertion into each of six messages that end together, at that byte.
TEST(SplicePlan, WhereMessagesEndTogetherEachLevelHasItsOwn) {
  const auto mark = [](uint32_t level) {
    std::string field;
    AppendVarintField(100, level, &field);
    return field;
  };
  const auto wrap = [](uint32_t number, const std::string& content) {
    std::string field;
    AppendBytesField(number, content, &field);
    return field;
  };
  const std::string name = wrap(attribute_proto::kName, "b");
  const std::string inner = wrap(node_proto::kOpType, "Inner") + mark(5);
  const std::string body = wrap(graph_proto::kNode, inner) + mark(4);
  const std::string attribute = name + wrap(attribute_proto::kGraph, body) + mark(3);
  const std::string outer =
      wrap(node_proto::kOpType, "Outer") + wrap(node_proto::kAttribute, attribute) + mark(2);
  const std::string graph = wrap(graph_proto::kNode, outer) + mark(1);
  const std::string expected = wrap(model_proto::kGraph, graph) + mark(0);

  const MessageRef messages[] = {MessageRef::Model(),        MessageRef::Of(kMainGraph),
                                 MessageRef::Of(NodeId(0)),  MessageRef::AttributeOf(GraphId(1)),
                                 MessageRef::Of(GraphId(1)), MessageRef::Of(NodeId(1))};
  std::vector<uint32_t> order = {0, 1, 2, 3, 4, 5};
  do {
    Editor editor(AllEndTogether());
    const uint64_t end = editor.index().source().size();
    for (const uint32_t level : order) editor.Insert(messages[level], end, mark(level));
    ASSERT_EQ(editor.Apply(), expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(SplicePlan, InsertionsWhereBytesAreErasedComeBeforeThemInAnyOrder) {
  for (const bool erase_first : {false, true}) {
    Editor editor(Model("main () => () { = F () {a: \"1\", b: \"2\", c: \"3\"} }"));
    const Framed& range = editor.index().metadata(NodeId(0))[1].range;
    if (erase_first) editor.EraseEntry(0, 1);
    editor.Insert(MessageRef::Of(NodeId(0)), range.begin, Hex("4a 06 0a 01 78 12 01 39"));
    editor.Insert(MessageRef::Of(NodeId(0)), range.begin, Hex("4a 06 0a 01 79 12 01 39"));
    if (!erase_first) editor.EraseEntry(0, 1);
    EXPECT_EQ(DumpTags(editor.Apply()), "#0 F a=\"1\" x=\"9\" y=\"9\" c=\"3\"\n");
  }
}

TEST(SplicePlan, LengthsThatWereNotMinimalAreSaid) {
  // A graph of six bytes whose length takes two, with a node of four whose length takes three.
  const std::string bytes = Hex("3a 88 00  0a 84 80 00 22 02 46 47 08 0a");
  Editor untouched(bytes);
  untouched.Insert(MessageRef::Model(), bytes.size(), Hex("10 01"));
  EXPECT_TRUE(untouched.Plan().lengths_were_minimal()) << "no length is rewritten";

  Editor editor(bytes);
  editor.Tag(0, "k");
  EXPECT_FALSE(editor.Plan().lengths_were_minimal());
  EXPECT_EQ(DumpTags(editor.Apply()), "#0 FG k=\"v\"\n");
}

// Weights between the graphs of a model are copied in blocks, small pieces through a window.
TEST(SplicePlan, WriteMakesTheFile) {
  const std::string bytes = Model(R"(
    main () => () <float[100000] w = {0.5, ...}, uint8[300] v = {1, ...}> {
      = F () = G <t = float[80000] {1.5, ...}> () = H ()
    }
    f () => () { = I () = J <t = uint8[262144] {7, ...}> () = K () })");
  Editor editor(bytes);
  for (size_t n = 0; n < 6; ++n) editor.Tag(n, absl::StrCat("n", n));
  const testing::RecordingSource source(bytes);
  const testing::TempDir dir;
  const auto out = OutputFile::Create(dir.Path("out"));
  ASSERT_TRUE(out.ok());
  const SplicePlan plan = editor.Plan();
  ASSERT_TRUE(plan.Write(source, **out).ok());
  EXPECT_EQ((*out)->size(), plan.output_size());
  ASSERT_TRUE((*out)->Commit(Sync::kWhenReplacing).ok());
  EXPECT_TRUE(dir.Read("out") == editor.Apply());
  EXPECT_LT(source.BytesRead(), 2 * source.size());
}

TEST(SplicePlan, WritePassesReadErrorsOn) {
  const std::string bytes = Model("main () => () <float[100000] w = {0.5, ...}> { = F () }");
  const Editor editor(bytes);
  testing::RecordingSource source(bytes);
  source.FailFrom(bytes.size() - 1);
  const testing::TempDir dir;
  const auto out = OutputFile::Create(dir.Path("out"));
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(editor.Plan().Write(source, **out).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace modelexport
