#include "modelexport/ownership/names_fit.h"

#include <algorithm>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/quoted.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/names/exported_names.h"
#include "modelexport/evidence/names/scope_name.h"
#include "modelexport/evidence/tensors/carried_tensors.h"
#include "modelexport/evidence/tensors/module_names.h"
#include "modelexport/evidence/tensors/part_sizes.h"
#include "modelexport/hierarchy/readers/name_scopes.h"

namespace modelexport {
namespace {

// What stands before the operator in a node's list of scopes, as it is written.
absl::string_view ScopesInMetadata(const GraphView& graph, NodeId node, StringId key) {
  if (!key.valid()) return "";
  for (const MetadataEntry& entry : graph.index().metadata(node)) {
    if (entry.key != key || !entry.loaded.valid()) continue;
    const absl::string_view list = graph.index().text(entry.loaded);
    return list.substr(0, list.rfind(','));
  }
  return "";
}

absl::string_view ScopeInNames(const GraphView& graph, const ExportedNames& names, NodeId node) {
  absl::optional<absl::string_view> scope = ScopeOfNodeName(names.of(node));
  if (scope.has_value() && !scope->empty()) return *scope;
  for (const ValueId output : graph.outputs(node)) {
    if (!output.valid()) continue;
    scope = ScopeOfValueName(names.of(output));
    if (scope.has_value() && !scope->empty()) return *scope;
  }
  return "";
}

bool ReadsScopes(EvidenceKind kind) {
  return kind == EvidenceKind::kScopeMetadata || kind == EvidenceKind::kNodeName ||
         kind == EvidenceKind::kValueName;
}

bool HasNoParts(const Hierarchy& hierarchy, ModuleId module) {
  return module != Hierarchy::root() && hierarchy.children(module).empty();
}

// What the scopes of a node name.
struct Named {
  bool root = false;
  bool module = false;
  ModuleId outer;  // The module around it below which the hierarchy has none.
};

// By node; empty if the strategy reads no scopes.
std::vector<Named> NamedByScopes(const MatchContext& context, const Strategy& strategy,
                                 const std::vector<MatchResult>& results) {
  std::vector<Named> named;
  for (size_t i = 0; i < results.size(); ++i) {
    if (!ReadsScopes(strategy.matchers[i]->kind())) continue;
    named.resize(context.graph.num_nodes());
    for (const Candidate& candidate : results[i].candidates) {
      Named& at = named[candidate.node.index()];
      const bool is_root = candidate.module == Hierarchy::root();
      at.root = at.root || (candidate.exact && is_root);
      at.module = at.module || (candidate.exact && !is_root);
      if (HasNoParts(context.hierarchy, candidate.module)) at.outer = candidate.module;
    }
  }
  return named;
}

std::string DimsText(absl::Span<const int64_t> dims) {
  return absl::StrCat("[", absl::StrJoin(dims, ", "), "]");
}

std::vector<absl::string_view> NamesOfInitializers(const GraphView& graph) {
  std::vector<absl::string_view> names;
  for (const Value& value : graph.values()) {
    if (value.tensor != Value::kNoTensor) names.push_back(graph.index().text(value.name));
  }
  return names;
}

// Counts an initializer beside the tensor of its name.
void Count(const GraphView& graph, ValueId value, const Tensor& tensor, ParametersFit* fit) {
  const ModelIndex& index = graph.index();
  const TensorRecord& stored = index.tensors()[graph.value(value).tensor];
  const auto dims = index.dims(stored);
  // Of a sparse tensor the index has the shape of its values.
  const bool is_sparse = stored.role == TensorRecord::Role::kSparseInitializer;
  if (is_sparse || tensor.shape.empty() || Essence(dims) == Essence(tensor.shape)) {
    ++fit->known;
  } else if (fit->resized++ == 0) {
    fit->first_resized =
        absl::StrCat(Quoted(graph.name(value)), " is ", DimsText(dims), " in the model and ",
                     DimsText(tensor.shape), " in the hierarchy");
  }
}

ParametersFit FitByTensors(const MatchContext& context) {
  ParametersFit fit;
  const GraphView& graph = context.graph;
  const CarriedTensors carried(graph, context.hierarchy, context.cancelled());
  for (size_t v = 0; v < graph.values().size(); ++v) {
    if (EndsEarly(context, v)) break;
    const ValueId value(v);
    const absl::string_view name = graph.name(value);
    if (graph.value(value).tensor == Value::kNoTensor || ModuleNames::ServesQuantization(name)) {
      continue;
    }
    const TensorId id = carried.of(value);
    fit.parameters += id.valid() || ModuleNames::IsQualified(name);
    if (id.valid()) Count(graph, value, context.hierarchy.tensor(id), &fit);
  }
  return fit;
}

ParametersFit FitByModules(const MatchContext& context) {
  const Hierarchy& hierarchy = context.hierarchy;
  const std::vector<absl::string_view> stored = NamesOfInitializers(context.graph);
  const ModuleNames names(hierarchy, stored);
  ParametersFit fit;
  absl::flat_hash_set<ModuleId> outer;
  for (const absl::string_view name : stored) {
    if (!ModuleNames::IsQualified(name) || ModuleNames::ServesQuantization(name)) continue;
    const ModuleId owner = hierarchy.FindOwner(names.NameOf(name));
    const bool is_known = names.Find(name).valid();
    if (!is_known && HasNoParts(hierarchy, owner) && !outer.insert(owner).second) continue;
    ++fit.parameters;
    fit.known += is_known || HasNoParts(hierarchy, owner);
  }
  return fit;
}

}  // namespace

ScopesFit FitScopes(const MatchContext& context, const Strategy& strategy,
                    const std::vector<MatchResult>& results) {
  const std::vector<Named> named = NamedByScopes(context, strategy, results);
  const StringId key = context.graph.index().strings().Find(kNameScopesKey);
  const ExportedNames& names = ExportedNamesOf(context);
  absl::flat_hash_map<absl::string_view, bool> scopes;
  absl::flat_hash_set<ModuleId> outer;
  // Of many nodes a few thousand are enough to judge by.
  const size_t step = named.size() / 2048 + 1;
  for (size_t n = 0; n < named.size(); n += step) {
    if (IsCancelled(context.cancelled())) break;
    if (named[n].root) continue;
    if (!named[n].module && named[n].outer.valid()) {
      outer.insert(named[n].outer);
      continue;
    }
    absl::string_view scope = ScopesInMetadata(context.graph, NodeId(n), key);
    if (scope.empty()) scope = ScopeInNames(context.graph, names, NodeId(n));
    if (scope.empty()) continue;
    bool& known = scopes[scope];
    known = known || named[n].module;
  }
  ScopesFit fit;
  fit.scopes = scopes.size() + outer.size();
  fit.known = outer.size();
  for (const auto& scope : scopes) fit.known += scope.second;
  return fit;
}

ParametersFit FitParameters(const MatchContext& context) {
  return context.hierarchy.tensors().empty() ? FitByModules(context) : FitByTensors(context);
}

}  // namespace modelexport
