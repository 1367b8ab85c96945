#include "modelexport/hierarchy/readers/hierarchy_json.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/hierarchy_text.h"
#include "modelexport/hierarchy/readers/hierarchy_forms.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using testing::ReadFile;

// The text of the hierarchy that `json` describes, or the message of the error.
std::string Parsed(absl::string_view json) {
  const absl::StatusOr<Hierarchy> hierarchy = ParseHierarchy(json);
  if (hierarchy.ok()) return ToText(*hierarchy);
  EXPECT_EQ(hierarchy.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(hierarchy.status().message());
}

std::string Sample(absl::string_view name) {
  return ReadFile(absl::StrCat("testdata/sidecars/bert_tiny_", name, ".json"));
}

TEST(ParseHierarchy, ASidecar) {
  EXPECT_EQ(Parsed(R"({"modules": [{"path": ""}], "version": 1, "schema": "modelexport.hierarchy",
                       "": {"traced_tag": "/M"}, "export_context": {}})"),
            "module 0 \"\"\n");
}

TEST(ParseHierarchy, AFlatMap) {
  EXPECT_EQ(Parsed(R"({
      "": {"name": "", "class_name": "Bert", "traced_tag": "/Bert", "execution_order": 0},
      "encoder": {"class_name": "Encoder", "traced_tag": "/Bert/Encoder", "x": [{}]},
      "encoder.layer.0": {"traced_tag": "/Bert/Encoder/Layer.0", "class_name": null}})"),
            "module 0 \"\": Bert, tag /Bert\n"
            "module 1 \"encoder\": Encoder, tag /Bert/Encoder, parent 0\n"
            "module 2 \"encoder.layer\": implied, parent 1\n"
            "module 3 \"encoder.layer.0\": tag /Bert/Encoder/Layer.0, parent 2\n");
}

TEST(ParseHierarchy, AFlatMapInAnyOrder) {
  EXPECT_EQ(Parsed(R"({"a.b": {"class_name": "B"}, "a": {"class_name": "A"}, "c": {},
                       "": {"class_name": "M"}})"),
            "module 0 \"\": M\n"
            "module 1 \"a\": A, parent 0\n"
            "module 2 \"a.b\": B, parent 1\n"
            "module 3 \"c\": parent 0\n");
}

// The tags of the others tell that of a root that is not listed, if they agree and are not its own.
TEST(ParseHierarchy, AFlatMapWithoutRoot) {
  EXPECT_EQ(Parsed(R"({"a": {"traced_tag": "/M/A"}, "b": {"traced_tag": "/M/B"}})"),
            "module 0 \"\": tag /M\n"
            "module 1 \"a\": tag /M/A, parent 0\n"
            "module 2 \"b\": tag /M/B, parent 0\n");
  EXPECT_EQ(Parsed(R"({"a": {"traced_tag": "/A"}})"),
            "module 0 \"\"\nmodule 1 \"a\": tag /A, parent 0\n");
  EXPECT_EQ(Parsed(R"({"a": {"traced_tag": "/M/A"}, "b": {"traced_tag": "/N/B"}})"),
            "module 0 \"\"\n"
            "module 1 \"a\": tag /M/A, parent 0\n"
            "module 2 \"b\": tag /N/B, parent 0\n");
}

TEST(ParseHierarchy, TagsThatModulesShareAreAWarning) {
  EXPECT_EQ(Parsed(R"({"a.0": {"traced_tag": "/M/B.0"}, "": {"traced_tag": "/M"},
                       "b.0": {"traced_tag": "/M/B.0"}})"),
            "module 0 \"\": tag /M\n"
            "module 1 \"a\": implied, parent 0\n"
            "module 2 \"a.0\": tag /M/B.0, parent 1\n"
            "module 3 \"b\": implied, parent 0\n"
            "module 4 \"b.0\": tag /M/B.0, parent 3\n"
            "warning: $[\"b.0\"].traced_tag: \"/M/B.0\" is also that of \"a.0\"\n");
}

TEST(ParseHierarchy, HtpMetadata) {
  EXPECT_EQ(Parsed(R"({"export_context": {"strategy": "htp"}, "model": {"class_name": "Bert"},
      "modules": {"class_name": "Bert", "traced_tag": "/Bert", "scope": "", "children": {
        "Layer.0": {"children": {"Linear.q": {"scope": "layer.0.q", "class_name": "Linear"}},
                    "scope": "layer.0", "traced_tag": "/Bert/Layer.0"},
        "Pooler": {"scope": "pooler", "traced_tag": null, "children": {}}}},
      "nodes": {"/layer.0/Add": "/Bert/Layer.0"}})"),
            "module 0 \"\": Bert, tag /Bert\n"
            "module 1 \"layer\": implied, parent 0\n"
            "module 2 \"layer.0\": tag /Bert/Layer.0, parent 1\n"
            "module 3 \"layer.0.q\": Linear, parent 2\n"
            "module 4 \"pooler\": parent 0\n");
}

TEST(ParseHierarchy, UsageCounts) {
  EXPECT_EQ(Parsed(R"({"version": "1.0", "node_tags": {"usage_node_0_a_b": {"tags": ["/M/B"]}},
                       "metadata": {"usage_stats": {"a.b": 2, "": 1}, "strategy": "usage_based"}})"),
            "module 0 \"\": calls 1\n"
            "module 1 \"a\": implied, calls 0, parent 0\n"
            "module 2 \"a.b\": calls 2, parent 1\n");
}

TEST(ParseHierarchy, ModuleInfo) {
  EXPECT_EQ(Parsed(R"({"model_class": "my.Bert", "modules": {
      "emb": {"class": "Emb", "module_path": "emb", "parameters": ["norm.weight", "scale"],
              "children": {"norm": "LayerNorm", "layer": "ModuleList", "act": null}},
      "emb.norm": {"class": "LayerNorm", "parameters": ["weight"], "children": {}},
      "emb.layer.0": {"class": "Layer"}}})"),
            "module 0 \"\": my.Bert\n"
            "module 1 \"emb\": Emb, parent 0\n"
            "module 2 \"emb.layer\": torch.nn.modules.container.ModuleList, parent 1\n"
            "module 3 \"emb.act\": parent 1\n"
            "module 4 \"emb.norm\": LayerNorm, parent 1\n"
            "module 5 \"emb.layer.0\": Layer, parent 2\n"
            "tensor 0 \"emb.norm.weight\": parameter  [], owner 4\n"
            "tensor 1 \"emb.scale\": parameter  [], owner 1\n");
  EXPECT_EQ(Parsed(R"({"modules": {}})"), "module 0 \"\"\n");
}

TEST(ParseHierarchy, ModuleNames) {
  EXPECT_EQ(Parsed(R"(["", "emb", "enc", "enc.layer", "enc.layer.0", "enc.layer.1"])"),
            "module 0 \"\"\n"
            "module 1 \"emb\": parent 0\n"
            "module 2 \"enc\": parent 0\n"
            "module 3 \"enc.layer\": implied, parent 2\n"
            "module 4 \"enc.layer.0\": parent 3\n"
            "module 5 \"enc.layer.1\": parent 3\n");
  // Not all children are numbered, or the root has them.
  EXPECT_EQ(Parsed(R"(["0", "0.a", "0.1", "0.a.2x"])"),
            "module 0 \"\"\n"
            "module 1 \"0\": parent 0\n"
            "module 2 \"0.a\": parent 1\n"
            "module 3 \"0.1\": parent 1\n"
            "module 4 \"0.a.2x\": parent 2\n");
  EXPECT_EQ(Parsed(R"(["a"])"), "module 0 \"\"\nmodule 1 \"a\": parent 0\n");
}

TEST(FormOf, GoesByContent) {
  const struct {
    const char* json;
    absl::StatusOr<Hierarchy> (*parse)(absl::string_view, const std::atomic<bool>*);
  } kCases[] = {
      {"", nullptr},
      {"[{\"path\": \"\"}]", nullptr},
      {R"(["schema", "a"])", ParseModuleNames},
      {R"([["a"], {"": "b"}])", nullptr},
      {"{}", nullptr},
      {R"({"schema": "x")", ParseSidecar},
      {R"({"calls": [)", ParseSidecar},
      {R"({"version": 2})", ParseSidecar},
      {R"({"version": "1.0"})", nullptr},
      // Modules may be called anything.
      {R"({"": {}, "export_context": {}, "modules": {"scope": ""}})", ParseFlatMap},
      {R"({"schema": {"traced_tag": "/M/S"}, "modules": {"traced_tag": "/M/L"}})", ParseFlatMap},
      {R"({"model": {"class_name": "M"}, "modules": {"scope": ""}})", ParseHtpMetadata},
      {R"({"export_context": {}, "error": "no model"})", ParseHtpMetadata},
      {R"({"metadata": {"usage_stats": 1}})", ParseHierarchyUsage},
      {R"({"node_tags": {"a": {"tags": []}}, "format": "modelexport_hierarchy_htp"})", nullptr},
      {R"({"model_class": "M", "modules": {"a": {"class_name": "A"}}})", ParseModuleInfo},
      {R"({"a": {"class_name": "A"}, "b": 1})", ParseFlatMap},
      {R"({"a": {"b": {"class_name": "A", "traced_tag": "/A"}}})", nullptr},
  };
  for (const auto& c : kCases) {
    const HierarchyForm* form = FormOf(c.json);
    EXPECT_TRUE((form == nullptr ? nullptr : form->parse) == c.parse) << c.json;
  }
}

TEST(ParseHierarchy, NamesWhatIsWrongAndWhere) {
  const std::string kLong(Hierarchy::kMaxNameSize + 1, 'a');
  constexpr char kNoForm[] =
      "$: describes no modules in a form that is known: a sidecar (\"schema\": "
      "\"modelexport.hierarchy\"), a map of module paths to objects with class_name and "
      "traced_tag, *_htp_metadata.json, *_hierarchy.json with usage_stats, *_module_info.json, "
      "a list of module paths";
  const struct {
    std::string json, error;
  } kCases[] = {
      // No form.
      {"{}", kNoForm},
      {R"({"modules": 1})", kNoForm},
      {R"({"node_tags": {"a": {"tags": ["/M"]}}})", kNoForm},
      {"[]", "$: expected an object, found a list"},
      {"[{\"\": {}}]", "$: expected an object, found a list"},
      {"{\"a\": {\"x\": tru}}", "byte 15: syntax error while parsing value - invalid literal"},
      {std::string("{\"\": {}\0}", 9), "byte 7: NUL, so this is not JSON"},
      // A sidecar.
      {R"({"schema": "x", "version": 1, "modules": []})",
       "$.schema: \"x\" is not \"modelexport.hierarchy\""},
      {R"({"modules": [{"path": ""}]})", "$.schema: missing"},
      // A flat map.
      {R"({"": {}, "a": 1})", "$[\"a\"]: expected an object, found 1"},
      {R"({"": {}, "a.0": {"class_name": ["A"]}})",
       "$[\"a.0\"].class_name: expected a string or null, found a list"},
      {R"({"": {"traced_tag": 1}})", "$[\"\"].traced_tag: expected a string or null, found 1"},
      {R"({"": {}, "a\"": {}, "a\"": {}})",
       "$[\"a\\\"\"]: duplicate path \"a\\\"\", first at $[\"a\\\"\"]"},
      {R"({"": {}, "a": {}, "": {}})", "$[\"\"]: duplicate path \"\", first at $[\"\"]"},
      {R"({"": {}, "a": {"class_name": "A", "class_name": "A"}})",
       "$[\"a\"].class_name: given twice"},
      {absl::StrCat(R"({"a": {"traced_tag": "/M/)", kLong, R"("}})"),
       "$[\"a\"].traced_tag: longer than 4096 bytes"},
      {R"({"": {}, "a": )",
       "byte 14: syntax error while parsing value - unexpected end of input; "
       "expected '[', '{', or a literal"},
      // HTP metadata.
      {R"({"export_context": {}, "error": "no model"})", "$.modules: missing"},
      {R"({"export_context": {}, "modules": {"a": {}}})", "$.modules.scope: missing"},
      {R"({"export_context": {}, "modules": {"scope": "", "children": {"A": {}}}})",
       "$.modules.children[\"A\"].scope: missing"},
      {R"({"export_context": {}, "modules": {"scope": "", "children": ["A"]}})",
       "$.modules.children: expected an object or null, found a list"},
      {R"({"modules": {"scope": "", "children": {"A": {"scope": "a", "children": {"B": {"scope": "a"}
          }}}}})",
       "$.modules.children[\"A\"].children[\"B\"].scope: duplicate path \"a\", first at "
       "$.modules.children[\"A\"].scope"},
      // Usage counts.
      {R"({"metadata": {"usage_stats": {}}})", "$.metadata.usage_stats: lists no module"},
      {R"({"metadata": {"usage_stats": {"a": -1}}})",
       "$.metadata.usage_stats[\"a\"]: expected an integer from 0 to 9223372036854775807, "
       "found -1"},
      {R"({"metadata": {"usage_stats": []}})",
       "$.metadata.usage_stats: expected an object, found a list"},
      {R"({"metadata": {"usage_stats": {"a": 1, "a": 1}}})",
       "$.metadata.usage_stats[\"a\"]: duplicate path \"a\", first at "
       "$.metadata.usage_stats[\"a\"]"},
      // Module names.
      {R"(["", "a", 1])", "$[2]: expected a string, found 1"},
      {R"(["b", "b.0", "a", "", "a"])", "$[4]: duplicate path \"a\", first at $[2]"},
      {absl::StrCat("[\"", kLong, "\"]"), "$[0]: longer than 4096 bytes"},
      {"[\"a\"",
       "byte 4: syntax error while parsing array - unexpected end of input; expected ']'"},
      // Module info.
      {R"({"modules": {"a": 1}})", "$.modules[\"a\"]: expected an object, found 1"},
      {R"({"modules": {"a": {"parameters": [1]}}})",
       "$.modules[\"a\"].parameters[0]: expected a string, found 1"},
      {R"({"modules": {"a": {"children": {"b": {}}}}})",
       "$.modules[\"a\"].children[\"b\"]: expected a string or null, found an object"},
      {R"({"modules": {"a": {}, "a": {}}})",
       "$.modules[\"a\"]: duplicate path \"a\", first at $.modules[\"a\"]"},
      {absl::StrCat(R"({"modules": {"a": {"children": {")", kLong, R"(": "B"}}}})"),
       absl::StrCat("$.modules[\"a\"].children[\"", kLong, "\"]: longer than 4096 bytes")},
      {absl::StrCat(R"({"modules": {"a": {"parameters": [")", kLong, R"("]}}})"),
       "$.modules[\"a\"].parameters: longer than 4096 bytes"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Parsed(c.json), c.error) << c.json;
}

// Else the stack of what is open could grow with the text.
TEST(ParseHierarchy, ModulesNestToALimit) {
  const auto nested = [](int depth) {
    std::string json = R"({"export_context": {}, "modules": )", end = "}";
    for (int i = 0; i < depth; ++i) {
      absl::StrAppend(&json, R"({"scope": "a)", i, R"(", "children": {"A": )");
      end += "}}";
    }
    return absl::StrCat(json, R"({"scope": ""})", end);
  };
  EXPECT_EQ(Parsed(nested(126)).substr(0, 12), "module 0 \"\"\n");
  const std::string error = Parsed(nested(128));
  EXPECT_TRUE(absl::EndsWith(error, ": nested too deeply")) << error;
}

TEST(Samples, TheFlatMap) {
  EXPECT_EQ(Parsed(Sample("flat_map")), R"(module 0 "": BertModel, tag /BertModel
module 1 "embeddings": BertEmbeddings, tag /BertModel/BertEmbeddings, parent 0
module 2 "encoder": BertEncoder, tag /BertModel/BertEncoder, parent 0
module 3 "encoder.layer": implied, parent 2
module 4 "encoder.layer.0": BertLayer, tag /BertModel/BertEncoder/BertLayer.0, parent 3
module 5 "encoder.layer.0.attention": BertAttention, tag /BertModel/BertEncoder/BertLayer.0/BertAttention, parent 4
module 6 "encoder.layer.0.attention.self": BertSelfAttention, tag /BertModel/BertEncoder/BertLayer.0/BertAttention/BertSelfAttention, parent 5
module 7 "encoder.layer.0.attention.output": BertSelfOutput, tag /BertModel/BertEncoder/BertLayer.0/BertAttention/BertSelfOutput, parent 5
module 8 "encoder.layer.0.intermediate": BertIntermediate, tag /BertModel/BertEncoder/BertLayer.0/BertIntermediate, parent 4
module 9 "encoder.layer.0.intermediate.intermediate_act_fn": GELUActivation, tag /BertModel/BertEncoder/BertLayer.0/BertIntermediate/GELUActivation, parent 8
module 10 "encoder.layer.0.output": BertOutput, tag /BertModel/BertEncoder/BertLayer.0/BertOutput, parent 4
module 11 "encoder.layer.1": BertLayer, tag /BertModel/BertEncoder/BertLayer.1, parent 3
module 12 "encoder.layer.1.attention": BertAttention, tag /BertModel/BertEncoder/BertLayer.1/BertAttention, parent 11
module 13 "encoder.layer.1.attention.self": BertSelfAttention, tag /BertModel/BertEncoder/BertLayer.1/BertAttention/BertSelfAttention, parent 12
module 14 "encoder.layer.1.attention.output": BertSelfOutput, tag /BertModel/BertEncoder/BertLayer.1/BertAttention/BertSelfOutput, parent 12
module 15 "encoder.layer.1.intermediate": BertIntermediate, tag /BertModel/BertEncoder/BertLayer.1/BertIntermediate, parent 11
module 16 "encoder.layer.1.intermediate.intermediate_act_fn": GELUActivation, tag /BertModel/BertEncoder/BertLayer.1/BertIntermediate/GELUActivation, parent 15
module 17 "encoder.layer.1.output": BertOutput, tag /BertModel/BertEncoder/BertLayer.1/BertOutput, parent 11
module 18 "pooler": BertPooler, tag /BertModel/BertPooler, parent 0
)");
}

TEST(Samples, HtpMetadataSayTheSame) {
  EXPECT_EQ(Parsed(Sample("htp_metadata")), Parsed(Sample("flat_map")));
}

TEST(Samples, UsageCounts) {
  EXPECT_EQ(Parsed(Sample("hierarchy")), R"(module 0 "": calls 1
module 1 "embeddings": calls 1, parent 0
module 2 "embeddings.LayerNorm": calls 1, parent 1
module 3 "encoder": calls 1, parent 0
module 4 "encoder.layer": implied, calls 0, parent 3
module 5 "encoder.layer.0": calls 1, parent 4
module 6 "encoder.layer.0.attention": calls 1, parent 5
module 7 "encoder.layer.0.attention.self": calls 1, parent 6
module 8 "encoder.layer.0.attention.output": calls 1, parent 6
module 9 "encoder.layer.0.attention.output.LayerNorm": calls 1, parent 8
module 10 "encoder.layer.0.intermediate": calls 1, parent 5
module 11 "encoder.layer.0.intermediate.intermediate_act_fn": calls 1, parent 10
module 12 "encoder.layer.0.output": calls 1, parent 5
module 13 "encoder.layer.0.output.LayerNorm": calls 1, parent 12
module 14 "encoder.layer.1": calls 1, parent 4
module 15 "encoder.layer.1.attention": calls 1, parent 14
module 16 "encoder.layer.1.attention.self": calls 1, parent 15
module 17 "encoder.layer.1.attention.output": calls 1, parent 15
module 18 "encoder.layer.1.attention.output.LayerNorm": calls 1, parent 17
module 19 "encoder.layer.1.intermediate": calls 1, parent 14
module 20 "encoder.layer.1.intermediate.intermediate_act_fn": calls 1, parent 19
module 21 "encoder.layer.1.output": calls 1, parent 14
module 22 "encoder.layer.1.output.LayerNorm": calls 1, parent 21
module 23 "pooler": calls 1, parent 0
)");
}

// A line for each module and parameter, sorted: its path, and its class or owner.
std::vector<std::string> Known(const Hierarchy& hierarchy) {
  std::vector<std::string> lines;
  for (const Module& module : hierarchy.modules()) {
    const absl::string_view name = module.class_name;
    lines.push_back(absl::StrCat(module.path, " is a ", name.substr(name.rfind('.') + 1)));
  }
  for (const Tensor& tensor : hierarchy.tensors()) {
    if (tensor.kind != "parameter") continue;
    lines.push_back(absl::StrCat(tensor.name, " of ", hierarchy.module(tensor.owner).path));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

TEST(Samples, ModuleInfoKnowsEveryModuleAndParameter) {
  const auto info = ParseHierarchy(Sample("module_info"));
  const auto sidecar = ParseHierarchy(ReadFile("testdata/bert_tiny/hierarchy.json"));
  ASSERT_TRUE(info.ok()) << info.status();
  ASSERT_TRUE(sidecar.ok()) << sidecar.status();
  EXPECT_EQ(Known(*info), Known(*sidecar));
  EXPECT_EQ(info->modules().size(), 48u);
}

}  // namespace
}  // namespace modelexport
