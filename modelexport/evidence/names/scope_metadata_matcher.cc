#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/evidence/wrapper_prefix.h"
#include "modelexport/hierarchy/readers/name_scopes.h"
#include "modelexport/hierarchy/readers/python_list.h"

namespace modelexport {
namespace {

// The modules around a node, outermost first.
using Scopes = std::vector<std::string>;

struct NodeScopes {
  NodeId node;
  StringId value;
};

// Invalid if the node has none.
StringId ValueOf(const ModelIndex& index, StringId key, NodeId node) {
  for (const MetadataEntry& entry : index.metadata(node)) {
    if (entry.key == key && entry.loaded.valid()) return entry.loaded;
  }
  return StringId();
}

std::vector<NodeScopes> FindValues(const MatchContext& context) {
  std::vector<NodeScopes> found;
  const GraphView& graph = context.graph;
  const ModelIndex& index = graph.index();
  const StringId key = index.strings().Find(kNameScopesKey);
  if (!key.valid()) return found;
  for (size_t i = 0; i < graph.num_nodes(); ++i) {
    if (EndsEarly(context, i)) break;
    const StringId value = ValueOf(index, key, NodeId(i));
    if (value.valid()) found.push_back({NodeId(i), value});
  }
  return found;
}

// The innermost path of each value, one list for all.
std::vector<std::string> InnermostPaths(const GraphView& graph,
                                        const std::vector<NodeScopes>& values) {
  std::vector<std::string> paths;
  const size_t step = WrapperPrefix::SampleStep(values.size());
  for (size_t i = 0; i < values.size(); i += step) {
    Scopes scopes = ParseNameScopes(graph.index().text(values[i].value));
    if (!scopes.empty()) paths.push_back(std::move(scopes.back()));
  }
  return paths;
}

WrapperPrefix ChooseWrapper(const MatchContext& context, const std::vector<NodeScopes>& values) {
  const std::vector<std::string> paths = InnermostPaths(context.graph, values);
  return WrapperPrefix::ChooseForPaths(
      context.hierarchy, {paths.begin(), paths.end()},
      [&](absl::string_view path) { return context.hierarchy.FindModule(path).valid(); });
}

}  // namespace

std::vector<absl::string_view> ScopeMetadataMatcher::keys_to_load() const {
  return {kNameScopesKey};
}

MatchResult ScopeMetadataMatcher::Match(const MatchContext& context) const {
  MatchResult result;
  const std::vector<NodeScopes> values = FindValues(context);
  const WrapperPrefix wrapper = ChooseWrapper(context, values);
  for (const NodeScopes& at : values) {
    if (IsCancelled(context.cancelled())) break;  // At each: a value may be long.
    Scopes scopes = ParseNameScopes(context.graph.index().text(at.value));
    if (scopes.empty()) continue;
    result.offer.offered += !scopes.back().empty();
    bool exact = true;
    for (; !scopes.empty(); scopes.pop_back(), exact = false) {
      const ModuleId module = context.hierarchy.FindModule(wrapper.Apply(scopes.back()));
      if (!module.valid()) continue;
      if (!exact && module == Hierarchy::root()) break;  // As if everything were unknown.
      result.offer.resolved += !scopes.back().empty();
      result.candidates.push_back({at.node, module, CallId(), exact});
      break;
    }
  }
  if (!KnowsRoot(result.offer)) {
    const auto names_root = [&](const Candidate& candidate) {
      return candidate.exact && candidate.module == Hierarchy::root();
    };
    result.candidates.erase(
        std::remove_if(result.candidates.begin(), result.candidates.end(), names_root),
        result.candidates.end());
  }
  const std::string note = wrapper.Describe();
  if (!note.empty()) result.notes.push_back(absl::StrCat("scope_metadata: ", note));
  return result;
}

std::string ScopeMetadataMatcher::Reason(const MatchContext& context,
                                         const Candidate& candidate) const {
  const ModelIndex& index = context.graph.index();
  const StringId value = ValueOf(index, index.strings().Find(kNameScopesKey), candidate.node);
  return absl::StrCat(kNameScopesKey, " ", index.text(value),
                      candidate.exact ? "" : ", of which only the beginning is known");
}

}  // namespace modelexport
