#include "modelexport/matching/scope_metadata_matcher.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "modelexport/matching/python_list.h"

namespace modelexport {
namespace {

// Enough to tell which alignment fits.
constexpr size_t kMaxSample = 4096;

// The modules around a node, outermost first.
using Scopes = std::vector<std::string>;

struct NodeScopes {
  NodeId node;
  StringId value;
};

std::vector<NodeScopes> FindValues(const GraphView& graph) {
  std::vector<NodeScopes> found;
  const wire::ModelIndex& index = graph.index();
  const StringId key = index.strings().Find(kNameScopesKey);
  if (!key.valid()) return found;
  for (size_t i = 0; i < graph.num_nodes(); ++i) {
    for (const wire::MetadataEntry& entry : index.metadata(NodeId(i))) {
      if (entry.key != key || !entry.loaded.valid()) continue;
      found.push_back({NodeId(i), entry.loaded});
      break;
    }
  }
  return found;
}

// What torch writes in the place of the modules where it knows none.
constexpr absl::string_view kNoModule = "_empty_nn_module_stack_from_metadata_hook";

// Empty for values that are no list of at least one module and an operator. "@1", which torch may
// put behind the path of a repeated call, is cut.
Scopes ParseScopes(absl::string_view value) {
  absl::optional<Scopes> scopes = ParsePythonStringList(value);
  if (!scopes.has_value() || scopes->empty()) return {};
  scopes->pop_back();
  if (!scopes->empty() && scopes->back() == kNoModule) return {};
  for (std::string& path : *scopes) path.resize(std::min(path.size(), path.find('@')));
  return *std::move(scopes);
}

absl::string_view FirstAtom(absl::string_view path) { return path.substr(0, path.find('.')); }

// How the file's paths relate to the hierarchy's, where one side has a wrapper around the other.
struct Alignment {
  std::string drop;     // First atom of the file's paths.
  std::string prepend;  // Path of the hierarchy's module that the file calls its root.

  ModuleId Find(const Hierarchy& hierarchy, absl::string_view path) const {
    if (!drop.empty() && FirstAtom(path) == drop) {
      path.remove_prefix(std::min(path.size(), drop.size() + 1));
    }
    if (prepend.empty()) return hierarchy.FindModule(path);
    return hierarchy.FindModule(path.empty() ? prepend : absl::StrCat(prepend, ".", path));
  }
};

// The first atom that all paths have in common; empty if there is none.
std::string SharedFirstAtom(const std::vector<Scopes>& sample) {
  std::string shared;
  for (const Scopes& scopes : sample) {
    if (scopes.back().empty()) continue;
    const absl::string_view first = FirstAtom(scopes.back());
    if (shared.empty()) shared = std::string(first);
    if (shared != first) return "";
  }
  return shared;
}

std::string OnlyChildOfRoot(const Hierarchy& hierarchy) {
  const auto children = hierarchy.children(Hierarchy::root());
  return children.size() == 1 ? std::string(hierarchy.module(children[0]).path) : "";
}

Alignment ChooseAlignment(const Hierarchy& hierarchy, const std::vector<Scopes>& sample) {
  Alignment best;
  size_t most = 0;
  const auto consider = [&](const Alignment& alignment) {
    const size_t found = std::count_if(sample.begin(), sample.end(), [&](const Scopes& scopes) {
      // Of the root and of a wrapper nothing is left to find.
      if (scopes.back().empty() || scopes.back() == alignment.drop) return false;
      return alignment.Find(hierarchy, scopes.back()).valid();
    });
    if (found > most) best = alignment;
    most = std::max(most, found);
  };
  consider({});
  const std::string shared = SharedFirstAtom(sample);
  if (!shared.empty()) consider({shared, ""});
  const std::string only_child = OnlyChildOfRoot(hierarchy);
  if (!only_child.empty()) consider({"", only_child});
  return best;
}

std::vector<Scopes> Sample(const GraphView& graph, const std::vector<NodeScopes>& values) {
  std::vector<Scopes> sample;
  const size_t step = values.size() / kMaxSample + 1;
  for (size_t i = 0; i < values.size(); i += step) {
    Scopes scopes = ParseScopes(graph.index().text(values[i].value));
    if (!scopes.empty()) sample.push_back(std::move(scopes));
  }
  return sample;
}

}  // namespace

MatchResult ScopeMetadataMatcher::Match(const MatchContext& context) const {
  MatchResult result;
  const std::vector<NodeScopes> values = FindValues(context.graph);
  const Alignment alignment = ChooseAlignment(context.hierarchy, Sample(context.graph, values));
  for (const NodeScopes& at : values) {
    Scopes scopes = ParseScopes(context.graph.index().text(at.value));
    if (scopes.empty()) continue;
    result.offer.offered += !scopes.back().empty();
    bool exact = true;
    for (; !scopes.empty(); scopes.pop_back(), exact = false) {
      const ModuleId module = alignment.Find(context.hierarchy, scopes.back());
      if (!module.valid()) continue;
      if (!exact && module == Hierarchy::root()) break;  // As if everything were unknown.
      result.offer.resolved += !scopes.back().empty();
      result.candidates.push_back({at.node, module, CallId(), exact});
      break;
    }
  }
  if (!alignment.drop.empty()) {
    result.notes.push_back(absl::StrCat("scope_metadata: the file's paths begin with \"",
                                        alignment.drop,
                                        "\", a wrapper that the hierarchy does not have"));
  }
  if (!alignment.prepend.empty()) {
    result.notes.push_back(absl::StrCat("scope_metadata: the file's paths begin at \"",
                                        alignment.prepend,
                                        "\", below a wrapper that the file does not have"));
  }
  return result;
}

std::string ScopeMetadataMatcher::Reason(const MatchContext& context,
                                         const Candidate& candidate) const {
  for (const NodeScopes& at : FindValues(context.graph)) {
    if (at.node != candidate.node) continue;
    return absl::StrCat(kNameScopesKey, " ", context.graph.index().text(at.value),
                        candidate.exact ? "" : ", of which only the beginning is known");
  }
  return "";
}

}  // namespace modelexport
