// What Model Explorer shows of the namespaces that preset model_explorer writes, by the rules of
// its ONNX adapter and its viewer, written down here anew.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/tags/preset.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using Layers = std::vector<std::string>;

// model-explorer-onnx, get_node_namespace(): metadata_props["namespace"] is split at slashes, empty
// parts are dropped and the last one is kept; the rest stands below the graph's name.
std::string AdapterNamespace(const std::string& graph, const std::string& value) {
  const Layers parts = absl::StrSplit(value, '/', absl::SkipEmpty());
  return absl::StrCat(graph, "/", absl::StrJoin(parts, "/"));
}

// Model Explorer's graph_processor.ts: only what follows the last ";" counts; parts end at slashes
// without a backslash before them, and empty ones are dropped; "\/" reads as a slash.
Layers ViewerLayers(const std::string& name_space) {
  const Layers items = absl::StrSplit(name_space, ';', absl::SkipEmpty());
  Layers layers(1);
  for (const char c : items.back()) {
    const bool escaped = !layers.back().empty() && layers.back().back() == '\\';
    if (c == '/' && escaped) {
      layers.back().back() = '/';
    } else if (c == '/' && !layers.back().empty()) {
      layers.emplace_back();
    } else if (c != '/') {
      layers.back() += c;
    }
  }
  if (layers.back().empty()) layers.pop_back();
  return layers;
}

// The layers of a node that `module` owns; empty if nothing is written.
Layers Shown(const Hierarchy& hierarchy, const ClassPaths& class_paths, ModuleId module) {
  TagFacts tag;
  tag.module = module;
  std::vector<TagEntry> entries;
  if (!FindPreset("model_explorer")->render({hierarchy, class_paths}, tag, &entries)) return {};
  EXPECT_EQ(entries.size(), 1u);
  Layers layers = ViewerLayers(AdapterNamespace("main_graph", entries[0].value));
  EXPECT_EQ(layers[0], "main_graph");
  layers.erase(layers.begin());
  return layers;
}

// The segments of a class path, as docs/tags.md defines them.
Layers Segments(const std::string& class_path) {
  Layers segments;
  for (size_t i = 0; i < class_path.size(); ++i) {
    if (class_path[i] == '/') {
      segments.emplace_back();
    } else {
      i += class_path[i] == '\\';
      segments.back() += class_path[i];
    }
  }
  return segments;
}

class ModelExplorer : public ::testing::TestWithParam<const char*> {};

TEST_P(ModelExplorer, ShowsEveryModuleOfTestdataBelowItsClasses) {
  const Hierarchy hierarchy =
      *ParseSidecar(testing::ReadFile(absl::StrCat("testdata/", GetParam(), "/hierarchy.json")));
  for (const NnModules nn_modules : {NnModules::kHide, NnModules::kShow}) {
    const ClassPaths class_paths(hierarchy, nn_modules);
    for (size_t i = 0; i < hierarchy.modules().size(); ++i) {
      EXPECT_EQ(Shown(hierarchy, class_paths, ModuleId(i)), Segments(class_paths.Of(ModuleId(i))));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Testdata, ModelExplorer,
                         ::testing::Values("bert_tiny", "naming_traps", "resnet50", "sam_vision",
                                           "script_traps"));

// Names that only a ModuleDict, or a class made at run time, can have: right or not at all.
TEST(ModelExplorerNames, OddNamesAreShownAsTheyAreOrNotWritten) {
  const std::vector<std::string> names = {"a/b", "/a",  "a/",  "/",    "a//b", "//",   "a\\",
                                          "\\a", "a;b", "a;",  ";",    "a\\/", "a/\\", "a b",
                                          "ä",   "=a",  "a,b", "\\\\", "(a",   "a/b/c"};
  std::string modules = R"({"path": ""})";
  for (const std::string& name : names) {
    const std::string escaped = absl::StrReplaceAll(name, {{"\\", "\\\\"}});
    absl::StrAppend(&modules, R"(, {"path": ")", escaped, R"("}, {"path": ")", escaped, R"(.x"})");
  }
  const Hierarchy hierarchy = *ParseSidecar(absl::StrCat(
      R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [)", modules, "]}"));
  const ClassPaths class_paths(hierarchy, NnModules::kHide);
  std::string left_out;
  for (const std::string& name : names) {
    const Layers layers = Shown(hierarchy, class_paths, hierarchy.FindModule(name));
    if (layers.empty()) {
      absl::StrAppend(&left_out, name, " ");
      continue;
    }
    EXPECT_EQ(layers, Layers({"model", name}));
    const ModuleId below = hierarchy.FindModule(absl::StrCat(name, ".x"));
    EXPECT_EQ(Shown(hierarchy, class_paths, below), Layers({"model", name, "x"})) << name;
  }
  EXPECT_EQ(left_out, "a/ / // a\\ \\a a;b a; ; a\\/ a/\\ \\\\ ");
}

}  // namespace
}  // namespace modelexport
