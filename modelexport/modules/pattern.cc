#include "modelexport/modules/pattern.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/nearest.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/modules/structure.h"

namespace modelexport {
namespace {

// At the `separator`s that no backslash is before.
std::vector<absl::string_view> Split(absl::string_view text, char separator) {
  std::vector<absl::string_view> parts;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == separator) {
      parts.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  parts.push_back(text.substr(begin));
  return parts;
}

void KeepBoth(const std::vector<bool>& other, bool other_negated, std::vector<bool>* set) {
  for (size_t i = 0; i < set->size(); ++i) (*set)[i] = (*set)[i] && other[i] != other_negated;
}

void AddAll(const std::vector<bool>& other, std::vector<bool>* set) {
  for (size_t i = 0; i < set->size(); ++i) (*set)[i] = (*set)[i] || other[i];
}

bool HasAny(const std::vector<bool>& set) {
  for (const bool item : set) {
    if (item) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<Pattern::Single> Pattern::ParseSingle(absl::string_view text) {
  Single single;
  single.text = std::string(text);
  text = absl::StripAsciiWhitespace(text);
  while (absl::ConsumePrefix(&text, "!")) {
    single.negated = !single.negated;
    text = absl::StripLeadingAsciiWhitespace(text);
  }
  if (absl::ConsumePrefix(&text, "class:")) {
    single.kind = Single::Kind::kClass;
  } else if (absl::ConsumePrefix(&text, "op:")) {
    single.kind = Single::Kind::kOperator;
  }
  absl::StatusOr<Glob> glob =
      text.empty() ? absl::InvalidArgumentError("is empty") : Glob::Parse(text);
  if (!glob.ok()) {
    return WithFault(Annotate(glob.status(), absl::StrCat("pattern \"", single.text, "\"")),
                     Fault::kUsage);
  }
  single.glob = *std::move(glob);
  return single;
}

absl::StatusOr<Pattern::All> Pattern::ParseAll(absl::string_view text) {
  All all;
  for (absl::string_view part : Split(text, '+')) {
    MX_ASSIGN_OR_RETURN(Single single, ParseSingle(part));
    all.push_back(std::move(single));
  }
  return all;
}

absl::StatusOr<Pattern> Pattern::Parse(absl::Span<const std::string> texts) {
  Pattern pattern;
  for (const std::string& text : texts) {
    for (absl::string_view part : Split(text, ',')) {
      MX_ASSIGN_OR_RETURN(All all, ParseAll(part));
      if (all.size() == 1 && all[0].negated) {
        pattern.taken_away_.push_back(std::move(all[0]));
      } else {
        pattern.alternatives_.push_back(std::move(all));
      }
    }
  }
  return pattern;
}

template <typename Match>
absl::StatusOr<std::vector<bool>> Pattern::Combine(size_t size, const Match& match) const {
  std::vector<bool> result(size, alternatives_.empty());
  for (const All& all : alternatives_) {
    std::vector<bool> matched(size, true);
    for (const Single& single : all) {
      MX_ASSIGN_OR_RETURN(const std::vector<bool> found, match(single));
      KeepBoth(found, single.negated, &matched);
    }
    AddAll(matched, &result);
  }
  for (const Single& single : taken_away_) {
    MX_ASSIGN_OR_RETURN(const std::vector<bool> found, match(single));
    KeepBoth(found, true, &result);
  }
  return result;
}

// What single patterns match in one model.
class Pattern::Matcher {
 public:
  explicit Matcher(const OwnedGraph& owned) : owned_(owned) {}

  absl::StatusOr<std::vector<bool>> Nodes(const Single& single, Subtrees subtrees) const {
    if (single.kind == Single::Kind::kOperator) return NodesByOperator(single);
    MX_ASSIGN_OR_RETURN(const std::vector<bool> modules, ModulesBelow(single, subtrees));
    std::vector<bool> nodes(owned_.owners.size());
    for (size_t n = 0; n < nodes.size(); ++n) {
      nodes[n] = owned_.IsAttributed(NodeId(n)) && modules[owned_.owners[n].module.index()];
      for (const AlsoModule& other : owned_.also_of(NodeId(n))) {
        nodes[n] = nodes[n] || modules[other.module.index()];
      }
    }
    return nodes;
  }

  absl::StatusOr<std::vector<bool>> Modules(const Single& single, Subtrees subtrees) const {
    if (single.kind != Single::Kind::kOperator) return ModulesBelow(single, subtrees);
    MX_ASSIGN_OR_RETURN(const std::vector<bool> nodes, NodesByOperator(single));
    std::vector<bool> modules(owned_.hierarchy.modules().size());
    for (size_t n = 0; n < nodes.size(); ++n) {
      if (nodes[n] && owned_.IsAttributed(NodeId(n))) {
        modules[owned_.owners[n].module.index()] = true;
      }
    }
    return modules;
  }

 private:
  absl::StatusOr<std::vector<bool>> ModulesBelow(const Single& single, Subtrees subtrees) const {
    std::vector<bool> matched = single.kind == Single::Kind::kPath ? ModulesByPath(single.glob)
                                                                   : ModulesByClass(single.glob);
    if (!HasAny(matched)) return NothingMatches(single);
    if (subtrees == Subtrees::kExcluded) return matched;
    // A parent precedes its children.
    for (size_t m = 1; m < matched.size(); ++m) {
      const ModuleId parent = owned_.hierarchy.modules()[m].parent;
      matched[m] = matched[m] || matched[parent.index()];
    }
    return matched;
  }

  std::vector<bool> ModulesByPath(const Glob& glob) const {
    std::vector<bool> matched(owned_.hierarchy.modules().size());
    if (glob.is_literal()) {
      const ModuleId module = owned_.hierarchy.FindModule(glob.literal());
      if (module.valid()) matched[module.index()] = true;
      return matched;
    }
    for (size_t m = 0; m < matched.size(); ++m) {
      const Module& module = owned_.hierarchy.modules()[m];
      matched[m] = glob.Matches(module.path);
      for (absl::string_view alias : module.aliases) matched[m] = matched[m] || glob.Matches(alias);
    }
    return matched;
  }

  // Classes are few, and their names views of one text each.
  std::vector<bool> ModulesByClass(const Glob& glob) const {
    absl::flat_hash_map<absl::string_view, bool> known;
    std::vector<bool> matched(owned_.hierarchy.modules().size());
    for (size_t m = 0; m < matched.size(); ++m) {
      const absl::string_view name = owned_.hierarchy.modules()[m].class_name;
      if (name.empty()) continue;
      const auto found = known.emplace(name, false);
      if (found.second) {
        found.first->second = glob.Matches(glob.has_several_segments() ? name : LastSegment(name));
      }
      matched[m] = found.first->second;
    }
    return matched;
  }

  absl::StatusOr<std::vector<bool>> NodesByOperator(const Single& single) const {
    absl::flat_hash_map<std::pair<StringId, StringId>, bool> known;
    std::vector<bool> matched(owned_.owners.size());
    for (size_t n = 0; n < matched.size(); ++n) {
      const NodeRecord& node = owned_.graph.index().node(NodeId(n));
      const auto found = known.emplace(std::make_pair(node.domain, node.op_type), false);
      if (found.second) found.first->second = MatchesOperator(single.glob, node);
      matched[n] = found.first->second;
    }
    if (!HasAny(matched)) return NothingMatches(single);
    return matched;
  }

  bool MatchesOperator(const Glob& glob, const NodeRecord& node) const {
    const absl::string_view op_type = owned_.graph.index().text(node.op_type);
    const absl::string_view domain = owned_.graph.index().text(node.domain);
    if (glob.Matches(op_type)) return true;
    return glob.has_several_segments() &&
           glob.Matches(absl::StrCat(domain.empty() ? "ai.onnx" : domain, ".", op_type));
  }

  absl::Status NothingMatches(const Single& single) const {
    absl::string_view text = absl::StripAsciiWhitespace(single.text);
    while (absl::ConsumePrefix(&text, "!")) text = absl::StripLeadingAsciiWhitespace(text);
    if (!absl::ConsumePrefix(&text, "class:")) absl::ConsumePrefix(&text, "op:");
    NearestNames nearest(text);
    if (single.kind == Single::Kind::kPath) OfferPaths(&nearest);
    if (single.kind != Single::Kind::kOperator) OfferClasses(&nearest);
    if (single.kind != Single::Kind::kClass) OfferOperators(&nearest);
    const std::vector<std::string> names = nearest.names();
    std::string hint;
    if (!names.empty()) {
      hint = absl::StrCat("; nearest: ", absl::StrJoin(names, ", "));
    } else if (single.kind == Single::Kind::kClass) {
      hint = "; no module has a known class";
    }
    return WithFault(
        absl::NotFoundError(absl::StrCat("pattern \"", single.text, "\" matches nothing", hint)),
        Fault::kJudged);
  }

  // Paths, and the names at their ends for who has left out what comes before.
  void OfferPaths(NearestNames* nearest) const {
    absl::flat_hash_set<absl::string_view> ends;
    for (const Module& module : owned_.hierarchy.modules()) {
      if (module.path.empty()) continue;
      nearest->Offer(module.path);
      const absl::string_view end = LastSegment(module.path);
      if (end.size() == module.path.size() || !ends.insert(end).second) continue;
      nearest->Offer(end, absl::StrCat("**.", end));
    }
  }

  void OfferClasses(NearestNames* nearest) const {
    absl::flat_hash_set<absl::string_view> classes;
    for (const Module& module : owned_.hierarchy.modules()) {
      if (module.class_name.empty() || !classes.insert(module.class_name).second) continue;
      const absl::string_view end = LastSegment(module.class_name);
      nearest->Offer(end, absl::StrCat("class:", end));
    }
  }

  void OfferOperators(NearestNames* nearest) const {
    absl::flat_hash_set<StringId> op_types;
    for (const NodeRecord& node : owned_.graph.index().nodes()) {
      if (!op_types.insert(node.op_type).second) continue;
      const absl::string_view op_type = owned_.graph.index().text(node.op_type);
      nearest->Offer(op_type, absl::StrCat("op:", op_type));
    }
  }

  const OwnedGraph& owned_;
};

absl::StatusOr<std::vector<NodeId>> Pattern::Nodes(const OwnedGraph& owned,
                                                   Subtrees subtrees) const {
  const Matcher matcher(owned);
  MX_ASSIGN_OR_RETURN(const std::vector<bool> matched,
                      Combine(owned.owners.size(), [&](const Single& single) {
                        return matcher.Nodes(single, subtrees);
                      }));
  std::vector<NodeId> nodes;
  for (size_t n = 0; n < matched.size(); ++n) {
    if (matched[n]) nodes.emplace_back(n);
  }
  if (nodes.empty()) {
    return WithFault(absl::NotFoundError("what the patterns match has no nodes"), Fault::kJudged);
  }
  return nodes;
}

absl::StatusOr<std::vector<bool>> Pattern::Modules(const OwnedGraph& owned,
                                                   Subtrees subtrees) const {
  const Matcher matcher(owned);
  return Combine(owned.hierarchy.modules().size(),
                 [&](const Single& single) { return matcher.Modules(single, subtrees); });
}

}  // namespace modelexport
