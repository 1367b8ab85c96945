#include "modelexport/hierarchy/readers/embedded_hierarchy.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/readers/name_scopes.h"
#include "modelexport/hierarchy/readers/python_list.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/hierarchy/readers/sidecar_writer.h"
#include "modelexport/hierarchy/readers/unordered_modules.h"
#include "modelexport/onnx/metadata_value.h"
#include "modelexport/tags/keys.h"

namespace modelexport {
namespace {

using Names = std::vector<std::string>;

// The value of the first entry with `key`; absent if there is none.
absl::StatusOr<absl::optional<std::string>> ReadValue(const ModelIndex& index,
                                                      absl::Span<const MetadataEntry> entries,
                                                      absl::string_view key) {
  for (const MetadataEntry& entry : entries) {
    if (index.text(entry.key) != key) continue;
    if (entry.loaded.valid()) return absl::make_optional(std::string(index.text(entry.loaded)));
    MX_ASSIGN_OR_RETURN(auto value, ReadMetadataValue(index.source(), entry));
    return absl::make_optional(std::move(value).value_or(""));
  }
  return absl::nullopt;
}

// Collects the modules that torch names on nodes.
class ScopeCollector {
 public:
  explicit ScopeCollector(const ModelIndex& index) : index_(index) {}

  absl::Status AddNode(NodeId node) {
    const auto entries = index_.metadata(node);
    MX_ASSIGN_OR_RETURN(const auto value, ReadValue(index_, entries, kNameScopesKey));
    if (!value.has_value()) return absl::OkStatus();
    const Names paths = ParseNameScopes(*value);
    if (AllKnown(paths)) return absl::OkStatus();
    MX_ASSIGN_OR_RETURN(const auto classes, ReadValue(index_, entries, kClassHierarchyKey));
    Add(paths, ParsePythonStringList(classes.value_or("")).value_or(Names()));
    return absl::OkStatus();
  }

  bool empty() const { return modules_.list.empty(); }

  absl::StatusOr<Hierarchy> Build() const {
    return BuildHierarchy(modules_,
                          [](const SidecarLocation&) { return std::string(kNameScopesKey); });
  }

 private:
  // Whether nothing can be learned of these modules.
  bool AllKnown(const Names& paths) const {
    for (const std::string& path : paths) {
      const auto known = position_.find(path);
      if (known == position_.end() || modules_.list[known->second].class_name.empty()) return false;
    }
    return true;
  }

  // `classes` has the operator's behind those of the modules.
  void Add(const Names& paths, const Names& classes) {
    for (size_t i = 0; i < paths.size(); ++i) {
      const auto added = position_.try_emplace(paths[i], modules_.list.size());
      if (added.second) modules_.list.push_back({paths[i]});
      std::string& class_name = modules_.list[added.first->second].class_name;
      if (class_name.empty() && classes.size() == paths.size() + 1) class_name = classes[i];
    }
  }

  const ModelIndex& index_;
  UnorderedModules modules_;
  absl::flat_hash_map<std::string, size_t> position_;  // In the list.
};

absl::StatusOr<Hierarchy> ReadTorchScopes(const ModelIndex& index,
                                          const std::atomic<bool>* cancelled) {
  ScopeCollector collector(index);
  for (size_t i = 0; i < index.nodes().size(); ++i) {
    if (EndsEarly(cancelled, i)) return CheckCancelled(cancelled);
    MX_RETURN_IF_ERROR(collector.AddNode(NodeId(i)));
  }
  if (collector.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("carries no hierarchy: neither its own ",
                                                   kHierarchyKey, " nor ", kNameScopesKey,
                                                   " on any node"));
  }
  MX_ASSIGN_OR_RETURN(const Hierarchy hierarchy, collector.Build());
  // As a later run will read it; an error if a path is no UTF-8, which no sidecar can hold.
  absl::StatusOr<Hierarchy> again = ParseSidecar(RenderEmbedded(hierarchy), cancelled);
  if (!again.ok()) return Annotate(again.status(), kNameScopesKey);
  return again;
}

}  // namespace

absl::StatusOr<Hierarchy> ParseOwnSidecar(absl::string_view sidecar,
                                          const std::atomic<bool>* cancelled) {
  absl::StatusOr<Hierarchy> parsed = ParseSidecar(sidecar, cancelled);
  if (!parsed.ok()) return Annotate(parsed.status(), kHierarchyKey);
  return parsed;
}

absl::StatusOr<Hierarchy> ReadEmbeddedHierarchy(const ModelIndex& index,
                                                const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(const auto sidecar, ReadValue(index, index.model_metadata(), kHierarchyKey));
  if (!sidecar.has_value()) return ReadTorchScopes(index, cancelled);
  return ParseOwnSidecar(*sidecar, cancelled);
}

absl::StatusOr<bool> CarriesHierarchy(const ModelIndex& index, const std::atomic<bool>* cancelled) {
  for (const MetadataEntry& entry : index.model_metadata()) {
    if (index.text(entry.key) == kHierarchyKey) return true;
  }
  for (size_t i = 0; i < index.nodes().size(); ++i) {
    if (EndsEarly(cancelled, i)) return CheckCancelled(cancelled);
    MX_ASSIGN_OR_RETURN(const auto value,
                        ReadValue(index, index.metadata(NodeId(i)), kNameScopesKey));
    if (value.has_value() && !ParseNameScopes(*value).empty()) return true;
  }
  return false;
}

}  // namespace modelexport
