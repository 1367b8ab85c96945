// Each form of hierarchy that the program reads, on the real exports of bert_tiny, against what the
// sidecar makes of them.

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/commands/tag.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/hierarchy/readers/hierarchy_json.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/tags/keys.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

constexpr char kSidecar[] = "testdata/bert_tiny/hierarchy.json";

struct NodeTag {
  std::string module, tag;
};

class SidecarForms : public ::testing::TestWithParam<const char*> {
 protected:
  std::string Model() const {
    return absl::StrCat("testdata/bert_tiny/", GetParam(), "/model.onnx");
  }

  static std::string Sample(absl::string_view form) {
    return absl::StrCat("testdata/sidecars/bert_tiny_", form, ".json");
  }

  // By names and scopes alone: those must not depend on how much a form knows.
  absl::Status Run(const std::string& model, const std::string& hierarchy, const char* output) {
    TagFileRequest request;
    request.model = model;
    request.hierarchy = hierarchy;
    request.output = dir_.Path(output);
    for (Strategy& strategy : StandardStrategies()) {
      if (strategy.name == "name_scope") request.strategy = strategy;
    }
    return TagFile(request).status;
  }

  std::vector<NodeTag> TagsOf(const std::string& path) {
    std::vector<NodeTag> tags;
    const auto source = OpenFile(path);
    EXPECT_TRUE(source.ok()) << source.status();
    if (!source.ok()) return tags;
    const auto index =
        ModelIndex::Build(**source, {{std::string(kModuleKey), std::string(kTagKey)}});
    EXPECT_TRUE(index.ok()) << index.status();
    if (!index.ok()) return tags;
    for (size_t i = 0; i < index->nodes().size(); ++i) {
      NodeTag& tag = tags.emplace_back();
      for (const MetadataEntry& entry : index->metadata(NodeId(i))) {
        if (!entry.loaded.valid()) continue;
        const bool is_tag = index->text(entry.key) == kTagKey;
        (is_tag ? tag.tag : tag.module) = std::string(index->text(entry.loaded));
      }
    }
    return tags;
  }

  std::vector<NodeTag> TagsBy(const std::string& hierarchy) {
    const absl::Status status = Run(Model(), hierarchy, "out.onnx");
    EXPECT_TRUE(status.ok()) << status;
    return TagsOf(dir_.Path("out.onnx"));
  }

  testing::TempDir dir_;
};

// The nearest module at or above `path` that the file lists.
std::string NearestListed(const Hierarchy& hierarchy, const std::string& path) {
  ModuleId id = hierarchy.FindModule(path);
  if (!id.valid()) id = hierarchy.FindOwner(path);
  while (hierarchy.module(id).implied) id = hierarchy.module(id).parent;
  return std::string(hierarchy.module(id).path);
}

// Forms that leave modules out: their nodes belong to the nearest one that is listed.
TEST_P(SidecarForms, NameTheModulesThatTheSidecarNames) {
  const std::vector<NodeTag> expected = TagsBy(kSidecar);
  for (const char* form : {"flat_map", "htp_metadata", "hierarchy", "module_info"}) {
    const auto hierarchy = ParseHierarchy(testing::ReadFile(Sample(form)));
    ASSERT_TRUE(hierarchy.ok()) << hierarchy.status();
    const std::vector<NodeTag> tags = TagsBy(Sample(form));
    ASSERT_EQ(tags.size(), expected.size()) << form;
    for (size_t i = 0; i < tags.size(); ++i) {
      EXPECT_EQ(tags[i].module, NearestListed(*hierarchy, expected[i].module))
          << form << " node " << i << ", " << expected[i].module;
    }
  }
}

// What winml-cli traced is what the class path of a sidecar comes to, torch.nn being hidden.
TEST_P(SidecarForms, TracedTagsStandOnTheNodes) {
  const std::vector<NodeTag> expected = TagsBy(kSidecar);
  for (const char* form : {"flat_map", "htp_metadata"}) {
    const std::vector<NodeTag> tags = TagsBy(Sample(form));
    ASSERT_EQ(tags.size(), expected.size()) << form;
    for (size_t i = 0; i < tags.size(); ++i) EXPECT_EQ(tags[i].tag, expected[i].tag) << form;
  }
}

// The segment of a module whose class is unknown is its path; short names of torch.nn are shown.
TEST_P(SidecarForms, OtherFormsHaveClassPathsOfTheirOwn) {
  const auto tag_of = [](const std::vector<NodeTag>& tags, absl::string_view module) {
    for (const NodeTag& tag : tags) {
      if (tag.module == module) return tag.tag;
    }
    return std::string("none");
  };
  EXPECT_EQ(tag_of(TagsBy(Sample("hierarchy")), "encoder.layer.0.attention.self"),
            "/model/encoder/layer.0/attention/self");
  EXPECT_EQ(tag_of(TagsBy(Sample("module_info")), "encoder.layer.0.attention.self.query"),
            "/BertModel/BertEncoder/BertLayer.0/BertAttention/BertSelfAttention/Linear.query");
}

// What a tagged file carries is enough to tag it again, also after other forms.
TEST_P(SidecarForms, ATaggedFileIsTaggedTheSameByWhatItCarries) {
  for (const std::string& hierarchy :
       {std::string(kSidecar), Sample("flat_map"), Sample("hierarchy"), Sample("module_info")}) {
    ASSERT_TRUE(Run(Model(), hierarchy, "once.onnx").ok()) << hierarchy;
    ASSERT_TRUE(Run(dir_.Path("once.onnx"), "embedded", "twice.onnx").ok()) << hierarchy;
    EXPECT_TRUE(dir_.Read("twice.onnx") == dir_.Read("once.onnx")) << hierarchy;
  }
}

INSTANTIATE_TEST_SUITE_P(BertTiny, SidecarForms, ::testing::Values("torchscript", "dynamo"),
                         [](const auto& info) { return info.param; });

class Embedded : public SidecarForms {};

TEST_P(Embedded, TorchsScopesServeAsAHierarchy) {
  const std::vector<NodeTag> expected = TagsBy(kSidecar);
  const std::vector<NodeTag> tags = TagsBy("embedded");
  ASSERT_EQ(tags.size(), expected.size());
  for (size_t i = 0; i < tags.size(); ++i) {
    EXPECT_EQ(tags[i].module, expected[i].module) << i;
    EXPECT_EQ(tags[i].tag, expected[i].tag) << i;
  }
  const std::string once = dir_.Read("out.onnx");
  ASSERT_TRUE(Run(dir_.Path("out.onnx"), "embedded", "twice.onnx").ok());
  EXPECT_TRUE(dir_.Read("twice.onnx") == once);
}

INSTANTIATE_TEST_SUITE_P(BertTiny, Embedded, ::testing::Values("dynamo"),
                         [](const auto& info) { return info.param; });

TEST_P(Embedded, AFileWithoutAnyIsAnError) {
  const std::string model = "testdata/bert_tiny/torchscript/model.onnx";
  EXPECT_EQ(Run(model, "embedded", "out.onnx").message(),
            absl::StrCat(model,
                         ": carries no hierarchy: neither its own modelexport.hierarchy nor "
                         "pkg.torch.onnx.name_scopes on any node"));
  // A file of that name is another matter.
  EXPECT_TRUE(absl::StartsWith(Run(model, "./embedded", "out.onnx").message(), "./embedded: "));
  EXPECT_EQ(dir_.Listing(), "");
}

}  // namespace
}  // namespace modelexport
