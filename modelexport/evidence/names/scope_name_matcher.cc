#include <vector>

#include "absl/strings/str_cat.h"
#include "modelexport/base/large_pages.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/names/exported_names.h"
#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/evidence/names/result_names.h"
#include "modelexport/evidence/names/scope_name.h"
#include "modelexport/evidence/names/scope_walk.h"

namespace modelexport {
namespace {

constexpr uint32_t kNoScope = 0xFFFFFFFF;

struct ScopedName {
  absl::string_view name;
  absl::string_view scope;
};

// The name of the first output that has a scope, and tells who makes it.
absl::optional<ScopedName> NameOfResult(const GraphView& graph, const ExportedNames& names,
                                        NodeId node) {
  for (const absl::string_view name : ResultNamesOf(graph, names, node)) {
    if (IsNamedAfterRemoved(name, graph.op_type(node))) continue;
    const absl::optional<absl::string_view> scope = ScopeOfValueName(name);
    if (scope.has_value()) return ScopedName{name, *scope};
  }
  return absl::nullopt;
}

// The name of `node` that `kind` reads; absent if that has no scope. A tool that makes one node of
// several may name it after any of them, and not after its operator; its result keeps its name.
absl::optional<ScopedName> NameOf(const GraphView& graph, const ExportedNames& names, NodeId node,
                                  EvidenceKind kind) {
  if (kind == EvidenceKind::kValueName) return NameOfResult(graph, names, node);
  const absl::string_view name = names.of(node);
  const absl::optional<absl::string_view> scope = ScopeOfNodeName(name);
  if (!scope.has_value()) return absl::nullopt;
  if (!NamesOperator(name, graph.op_type(node)) && NameOfResult(graph, names, node).has_value()) {
    return absl::nullopt;
  }
  return ScopedName{name, *scope};
}

}  // namespace

MatchResult ScopeNameMatcher::Match(const MatchContext& context) const {
  const ExportedNames& names = ExportedNamesOf(context);
  ScopeWalk walk(context.hierarchy);
  std::vector<uint32_t> scope_of(context.graph.num_nodes(), kNoScope);
  size_t scoped = 0;
  for (size_t i = 0; i < scope_of.size(); ++i) {
    if (EndsEarly(context, i)) break;
    const absl::optional<ScopedName> name = NameOf(context.graph, names, NodeId(i), kind_);
    if (!name.has_value()) continue;
    scope_of[i] = walk.AddScope(name->scope);
    ++scoped;
  }
  MatchResult result;
  ReserveInLargePages(scoped, &result.candidates);
  const bool is_value = kind_ == EvidenceKind::kValueName;
  const std::string& changed = is_value ? names.note_of_values() : names.note_of_nodes();
  if (!changed.empty()) {
    result.notes.push_back(absl::StrCat(modelexport::NameOf(kind_), ": ", changed));
  }
  const std::string note = walk.empty() ? "" : walk.Resolve(ScopesOf(context), context.cancelled());
  if (!note.empty()) result.notes.push_back(absl::StrCat(modelexport::NameOf(kind_), ": ", note));
  if (walk.num_too_many() > 0) {
    result.notes.push_back(absl::StrCat(modelexport::NameOf(kind_), ": ", walk.num_too_many(),
                                        " scopes can mean more than 64 modules each; the common "
                                        "ancestor was taken"));
  }
  for (size_t i = 0; i < scope_of.size(); ++i) {
    if (EndsEarly(context, i)) break;
    if (scope_of[i] == kNoScope) continue;
    result.offer.offered += !walk.scope(scope_of[i]).empty();
    result.offer.resolved += walk.found(scope_of[i]);
  }
  const bool knows_root = KnowsRoot(result.offer);
  for (size_t i = 0; i < scope_of.size(); ++i) {
    if (EndsEarly(context, i)) break;
    if (scope_of[i] == kNoScope) continue;
    if (!knows_root && walk.scope(scope_of[i]).empty()) continue;
    for (const ScopeTree::Entry& entry : walk.entries(scope_of[i])) {
      const bool may_be_below =
          walk.is_scripted() && !context.hierarchy.children(entry.module).empty();
      result.candidates.push_back(
          {NodeId(i), entry.module, entry.call, walk.complete(scope_of[i]) && !may_be_below});
    }
  }
  return result;
}

std::string ScopeNameMatcher::Reason(const MatchContext& context,
                                     const Candidate& candidate) const {
  const ScopedName name = *NameOf(context.graph, ExportedNamesOf(context), candidate.node, kind_);
  return absl::StrCat(kind_ == EvidenceKind::kNodeName ? "node" : "value", " name \"", name.name,
                      "\", scope \"/", name.scope, "\"",
                      candidate.exact ? "" : ", of which only the beginning is known");
}

}  // namespace modelexport
