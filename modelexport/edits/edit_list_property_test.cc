// What tagging promises (docs/tags.md, "Promises"), on small models of every shape and on the real
// ones of testdata.
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/edits/edit_list.h"
#include "modelexport/files/output_file.h"
#include "modelexport/hierarchy/readers/name_scopes.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/resolution/find_also.h"
#include "modelexport/resolution/resolver.h"
#include "modelexport/tags/keys.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::Model;
using testing::ReadFile;
using testing::TempDir;

std::string Written(const ModelIndex& index, absl::Span<const Edit> edits) {
  const SplicePlan plan(index, edits);
  const TempDir dir;
  const auto out = OutputFile::Create(dir.Path("out.onnx"));
  EXPECT_TRUE(out.ok()) << out.status();
  absl::Status status = plan.Write(index.source(), **out);
  if (status.ok()) status = (*out)->Commit(Sync::kWhenReplacing);
  EXPECT_TRUE(status.ok()) << status;
  const std::string bytes = dir.Read("out.onnx");
  EXPECT_EQ(bytes.size(), plan.output_size());
  return bytes;
}

// A model in memory.
class Loaded {
 public:
  explicit Loaded(const std::string& bytes) : source_(BytesInMemory(bytes)) {
    absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source_, {{std::string(kNameScopesKey)}});
    EXPECT_TRUE(index.ok()) << index.status();
    index_ = std::make_unique<ModelIndex>(*std::move(index));
  }

  const ModelIndex& index() const { return *index_; }

 private:
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<ModelIndex> index_;
};

std::string Tagged(const std::string& bytes, const Hierarchy& hierarchy, bool raise_ir_version) {
  const Loaded model(bytes);
  const GraphView graph(model.index());
  const MatchContext context{graph, hierarchy};
  const Strategy strategy = StandardStrategies()[0];
  std::vector<MatchResult> results;
  for (const auto& matcher : strategy.matchers) results.push_back(matcher->Match(context));
  Resolution resolution = Resolve(context, strategy, results);
  const AlsoModules also = FindAlso({context, strategy, results, nullptr}, &resolution);
  InjectionOptions options;
  options.raise_ir_version = raise_ir_version;
  const EditList list(graph.index(), hierarchy, resolution.owners, also, PresetSet::Default(),
                      options);
  return Written(model.index(), list.edits());
}

void RemoveOwn(const ModelIndex& index, MessageRef message, absl::Span<const MetadataEntry> entries,
               std::vector<Edit>* edits) {
  for (const MetadataEntry& entry : entries) {
    if (!IsOwnKey(index.text(entry.key))) continue;
    edits->push_back({message, {entry.range.whole(), ""}});
  }
}

// Without any of our entries, as `strip` is to leave a file.
std::string Stripped(const std::string& bytes) {
  const Loaded model(bytes);
  std::vector<Edit> edits;
  for (size_t i = 0; i < model.index().nodes().size(); ++i) {
    RemoveOwn(model.index(), MessageRef::Of(NodeId(i)), model.index().metadata(NodeId(i)), &edits);
  }
  RemoveOwn(model.index(), MessageRef::Model(), model.index().model_metadata(), &edits);
  return Written(model.index(), edits);
}

// Long strings would drown the message of EXPECT_EQ.
bool Same(const std::string& a, const std::string& b) { return a == b; }

void CheckPromises(const std::string& bytes, const Hierarchy& hierarchy) {
  const std::string tagged = Tagged(bytes, hierarchy, false);
  EXPECT_FALSE(Same(tagged, bytes));
  EXPECT_TRUE(Same(Tagged(bytes, hierarchy, false), tagged)) << "not deterministic";
  EXPECT_TRUE(Same(Tagged(tagged, hierarchy, false), tagged)) << "not idempotent";
  EXPECT_TRUE(Same(Stripped(tagged), Stripped(bytes))) << "more than our entries changed";
  const std::string raised = Tagged(bytes, hierarchy, true);
  EXPECT_TRUE(Same(Tagged(raised, hierarchy, true), raised)) << "raising is not idempotent";
  EXPECT_TRUE(Same(Stripped(raised), Stripped(Tagged(Stripped(bytes), hierarchy, true))));
}

constexpr absl::string_view kHierarchy = R"(
  ""       my.Model
  enc      my.Encoder  shared
  enc.0    my.Layer
  enc.0.q  torch.nn.modules.linear.Linear
  enc.1    my.Layer
  call ""
    call enc
      call enc.0
        call enc.0.q
      call enc.1
      call enc.0
        call enc.0.q
)";

struct Case {
  const char* name;
  const char* model;
};

constexpr Case kCases[] = {
    {"Empty", "main () => () {}"},
    {"Names", R"(main (float[1, 4] x) => (y) <float[4, 4] enc.0.q.weight = {0.5, ...}> {
       [/enc/enc.0/q/MatMul] h = MatMul (x, enc.0.q.weight)
       [Fused_1] "/enc/enc.0/q_1/Add_output_0" = Add (h, h)
       y = Relu ("/enc/enc.0/q_1/Add_output_0")
     })"},
    {"ForeignMetadata", R"(
     <ir_version: 8, opset_import: ["" : 17], producer_name: "pytorch",
      metadata_props: ["author": "me", "modelexporter": "no"]>
     main (x) => (y) {
       a = A (x) {"namespace": "x", "pkg.torch.onnx.name_scopes": "['', 'shared', 'a']"}
       y = B (a) {"pkg.torch.onnx.name_scopes": "['', 'enc', 'enc.0', 'b']", "": "empty"}
     })"},
    {"Bodies", R"(main (x) => (y) {
       y = If (x) <
         then_branch = yes () => (t) { [/enc/enc.1/Add] s = Add (x, x)
           t = Loop (s) <body = loop () => (u) { u = Relu (s) {"mine": "kept"} }, n = 3> },
         else_branch = no () => (e) { e = Relu (x) }
       >
     })"},
    {"Functions", R"(main (x) => (y) {
       [/enc/enc.0/Add] a = f.Shared (x)
       [/enc/enc.1/Add] y = f.Shared (a)
     }
     <domain: "f"> Shared (a) => (b) { [/enc/enc.0/q/MatMul] c = MatMul (a, a)
                                       b = Relu (c) }
     <domain: "f"> Unused (a) => (b) { b = Relu (a) }
    )"},
    {"TaggedByOthers", R"(
     <ir_version: 10, opset_import: ["" : 20],
      metadata_props: ["modelexport.future": "x", "kept": "y", "modelexport.presets": "old",
                       "modelexport.presets": "again"]>
     main (x) => (y) {
       [/enc/Add] a = Add (x, x) {"modelexport.call": "7", "kept": "y", "modelexport.module": "z",
                                  "modelexport.module": "twice"}
       y = Relu (a) {"modelexport.evidence": "from_the_future", "modelexport.future": ""}
     })"},
};

class TextModels : public ::testing::TestWithParam<Case> {};

TEST_P(TextModels, KeepThePromises) {
  CheckPromises(Model(GetParam().model), HierarchyOf(kHierarchy));
}

INSTANTIATE_TEST_SUITE_P(EditList, TextModels, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return info.param.name; });

// Nothing of ours was there before, so nothing else can have changed.
TEST(EditListProperty, StripUndoesTag) {
  for (const Case& one : kCases) {
    const std::string bytes = Stripped(Model(one.model));
    EXPECT_TRUE(Same(Stripped(Tagged(bytes, HierarchyOf(kHierarchy), false)), bytes)) << one.name;
  }
}

// Nodes with names that the hierarchy knows, metadata of ours and of others, bodies in bodies.
class RandomModel {
 public:
  explicit RandomModel(int seed) : random_(seed) {}

  std::string Text() {
    const std::string metadata = Metadata("[", "]");
    std::string text =
        absl::StrCat("<", Number(2) ? "ir_version: 8, " : "", "opset_import: [\"\" : 17]");
    if (!metadata.empty()) absl::StrAppend(&text, ", metadata_props: ", metadata);
    return absl::StrCat(text, "> main (x) => (y) {\n", Nodes(2),
                        "}\n<domain: \"f\"> F (x) => (y) {\n", Nodes(0), "}\n");
  }

 private:
  int Number(int below) { return static_cast<int>(random_() % below); }

  std::string Nodes(int depth) {
    constexpr const char* kNames[] = {"",
                                      "[/enc/enc.0/Add]",
                                      "[/enc/enc.0/q_1/MatMul]",
                                      "[/Constant]",
                                      "[Identity_4]",
                                      "[/enc/other/Add]"};
    std::string text;
    for (int i = Number(5); i >= 0; --i) {
      absl::StrAppend(&text, kNames[Number(6)], " v", Number(9), " = ", Number(4) ? "Op" : "f.F",
                      " (v", Number(9), ") ");
      if (depth > 0 && Number(3) == 0) {
        absl::StrAppend(&text, "<a = 1, body = g () => (y) {\n", Nodes(depth - 1), "}> ");
      }
      absl::StrAppend(&text, Metadata("{", "}"), "\n");
    }
    return text;
  }

  std::string Metadata(const char* open, const char* close) {
    constexpr const char* kKeys[] = {"modelexport.module",  "modelexport.call",
                                     "modelexport.presets", "modelexport.x",
                                     "namespace",           ""};
    std::string text;
    for (int i = Number(6) - 2; i > 0; --i) {
      absl::StrAppend(&text, text.empty() ? open : ", ", "\"", kKeys[Number(6)], "\": \"",
                      std::string(Number(3) * 70, 'v'), "\"");
    }
    return text.empty() ? "" : absl::StrCat(text, close);
  }

  std::mt19937 random_;
};

TEST(EditListProperty, RandomModelsKeepThePromises) {
  const Hierarchy hierarchy = HierarchyOf(kHierarchy);
  for (int seed = 0; seed < 40 && !::testing::Test::HasFailure(); ++seed) {
    const std::string text = RandomModel(seed).Text();
    SCOPED_TRACE(text);
    const std::string bytes = Model(text);
    CheckPromises(bytes, hierarchy);
    const std::string stripped = Stripped(bytes);
    EXPECT_TRUE(Same(Stripped(Tagged(stripped, hierarchy, false)), stripped));
  }
}

std::vector<std::filesystem::path> RealModels() {
  std::vector<std::filesystem::path> models;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("testdata")) {
    if (entry.path().filename() == "model.onnx") models.push_back(entry.path());
  }
  return models;
}

TEST(EditListProperty, RealModelsKeepThePromises) {
  const std::vector<std::filesystem::path> models = RealModels();
  EXPECT_GE(models.size(), 9);
  for (const std::filesystem::path& path : models) {
    SCOPED_TRACE(path.string());
    const auto hierarchy =
        ParseSidecar(ReadFile(path.parent_path().parent_path() / "hierarchy.json"));
    ASSERT_TRUE(hierarchy.ok()) << hierarchy.status();
    const std::string bytes = ReadFile(path);
    CheckPromises(bytes, *hierarchy);
    EXPECT_TRUE(Same(Stripped(bytes), bytes));
    EXPECT_TRUE(Same(Stripped(Tagged(bytes, *hierarchy, false)), bytes));
  }
}

}  // namespace
}  // namespace modelexport
