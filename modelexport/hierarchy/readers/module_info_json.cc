#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/readers/hierarchy_forms.h"
#include "modelexport/hierarchy/readers/unordered_modules.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {
namespace {

enum Id : int {
  kTop,
  kModelClass,
  kModules,
  kModule,
  kClass,
  kList,
  kParameter,
  kChildren,
  kChild
};

constexpr bool kRequired = true;

constexpr JsonSchema kParameterSchema = {kParameter, kJsonString};
constexpr JsonSchema kChildSchema = {kChild, kJsonString | kJsonNull};
constexpr JsonMember kModuleMembers[] = {
    {"class", {kClass, kJsonString | kJsonNull}},
    {"parameters", {kList, kJsonList | kJsonNull, {}, &kParameterSchema}},
    {"children", {kChildren, kJsonObject | kJsonNull, {}, nullptr, &kChildSchema}},
};
constexpr JsonSchema kModuleSchema = {kModule, kJsonObject, kModuleMembers};
constexpr JsonMember kTopMembers[] = {
    {"model_class", {kModelClass, kJsonString | kJsonNull}},
    {"modules", {kModules, kJsonObject, {}, nullptr, &kModuleSchema}, kRequired},
};
constexpr JsonSchema kTopSchema = {kTop, kJsonObject, kTopMembers};

// torch/nn/modules/container.py.
constexpr absl::string_view kContainers[] = {"ModuleDict", "ModuleList", "ParameterDict",
                                             "ParameterList", "Sequential"};

std::string Qualified(absl::string_view class_name) {
  const bool container = std::find(std::begin(kContainers), std::end(kContainers), class_name) !=
                         std::end(kContainers);
  return absl::StrCat(container ? "torch.nn.modules.container." : "", class_name);
}

std::string Joined(absl::string_view path, absl::string_view name) {
  return absl::StrCat(path, path.empty() ? "" : ".", name);
}

class ModuleInfoSink : public JsonSink {
 public:
  void OnName(int id, absl::string_view name) override {
    if (id == kModule) {
      listed_.push_back({std::string(name)});
    } else {
      children_.push_back({listed_.size() - 1, std::string(name), ""});
    }
  }

  void OnString(int id, absl::string_view value) override {
    if (id == kModelClass) {
      model_class_ = std::string(value);
    } else if (id == kClass) {
      listed_.back().class_name = Qualified(value);
    } else if (id == kChild) {
      children_.back().class_name = Qualified(value);
    } else if (id == kParameter) {
      AddParameter(Joined(listed_.back().path, value));
    }
  }

  absl::StatusOr<Hierarchy> Build() {
    AddModules();
    return BuildHierarchy(modules_, [this](const SidecarLocation& place) {
      const bool is_module = absl::string_view(place.list) == "modules";
      const Origin origin = (is_module ? module_origins_ : parameter_origins_)[place.index];
      const std::string listed = absl::StrCat("$.modules", JsonStep(listed_[origin.listed].path));
      if (!is_module) return listed + ".parameters";
      if (origin.child == nullptr) return listed;
      return absl::StrCat(listed, ".children", JsonStep(origin.child->name));
    });
  }

 private:
  struct Child {
    size_t owner;  // In listed_.
    std::string name;
    std::string class_name;
  };
  struct Origin {
    size_t listed;
    const Child* child;  // Null: the listed module itself.
  };

  void AddParameter(std::string name) {
    if (!known_parameters_.insert(name).second) return;
    modules_.parameters.push_back(std::move(name));
    parameter_origins_.push_back({listed_.size() - 1, nullptr});
  }

  void AddModule(UnorderedModule module, Origin origin) {
    modules_.list.push_back(std::move(module));
    module_origins_.push_back(origin);
  }

  void AddModules() {
    absl::flat_hash_set<std::string> paths;
    for (const UnorderedModule& module : listed_) paths.insert(module.path);
    if (!paths.contains("")) AddModule({"", model_class_}, {0, nullptr});
    auto child = children_.begin();
    for (size_t i = 0; i < listed_.size(); ++i) {
      AddModule(listed_[i], {i, nullptr});
      for (; child != children_.end() && child->owner == i; ++child) {
        std::string path = Joined(listed_[i].path, child->name);
        if (!paths.insert(path).second) continue;
        AddModule({std::move(path), child->class_name}, {i, &*child});
      }
    }
  }

  std::string model_class_;
  std::vector<UnorderedModule> listed_;
  std::vector<Child> children_;  // By owner.
  absl::flat_hash_set<std::string> known_parameters_;

  UnorderedModules modules_;
  std::vector<Origin> module_origins_, parameter_origins_;
};

}  // namespace

absl::StatusOr<Hierarchy> ParseModuleInfo(absl::string_view json,
                                          const std::atomic<bool>* cancelled) {
  ModuleInfoSink sink;
  MX_RETURN_IF_ERROR(ReadJson(json, kTopSchema, &sink, cancelled));
  return sink.Build();
}

}  // namespace modelexport
