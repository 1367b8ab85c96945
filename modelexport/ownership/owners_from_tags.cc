#include "modelexport/ownership/owners_from_tags.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/fault.h"
#include "modelexport/hierarchy/readers/embedded_hierarchy.h"
#include "modelexport/hierarchy/readers/unordered_modules.h"
#include "modelexport/tags/also_value.h"
#include "modelexport/tags/evidence_kind.h"
#include "modelexport/tags/keys.h"
#include "modelexport/tags/node_tags.h"
#include "modelexport/tags/preset.h"

namespace modelexport {
namespace {

std::string Quoted(absl::string_view text) {
  constexpr size_t kShown = 200;
  const bool cut = text.size() > kShown;
  return absl::StrCat("\"", absl::CHexEscape(text.substr(0, kShown)), cut ? "...\"" : "\"");
}

// The first entry with `key`, or null.
const MetadataEntry* FindEntry(const ModelIndex& index, absl::Span<const MetadataEntry> entries,
                               absl::string_view key) {
  for (const MetadataEntry& entry : entries) {
    if (index.text(entry.key) == key) return &entry;
  }
  return nullptr;
}

absl::string_view LoadedText(const ModelIndex& index, const MetadataEntry* entry) {
  return entry == nullptr || !entry->loaded.valid() ? "" : index.text(entry->loaded);
}

absl::Status NotTagged(const ModelIndex& index) {
  std::vector<bool> found(Presets().size());
  for (size_t n = 0; n < index.nodes().size(); ++n) {
    for (const MetadataEntry& entry : index.metadata(NodeId(n))) {
      const Preset* const preset = FindPresetOfKey(index.text(entry.key));
      if (preset != nullptr) found[preset - Presets().data()] = true;
    }
  }
  std::string presets;
  for (size_t i = 1; i < found.size(); ++i) {
    if (found[i]) absl::StrAppend(&presets, presets.empty() ? "" : ", ", Presets()[i].name);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("is not tagged: no node has ", kModuleKey,
                   presets.empty() ? "" : absl::StrCat(", some have keys of ", presets)));
}

absl::StatusOr<Hierarchy> ModulesOfTags(const ModelIndex& index,
                                        const std::atomic<bool>* cancelled) {
  UnorderedModules modules;
  absl::flat_hash_set<absl::string_view> paths, tags;
  for (size_t n = 0; n < index.nodes().size(); ++n) {
    if (EndsEarly(cancelled, n)) return CheckCancelled(cancelled);
    const absl::Span<const MetadataEntry> entries = index.metadata(NodeId(n));
    const MetadataEntry* const module = FindEntry(index, entries, kModuleKey);
    if (module == nullptr) continue;
    const absl::string_view path = LoadedText(index, module);
    if (!paths.insert(path).second) continue;
    const absl::string_view tag = LoadedText(index, FindEntry(index, entries, kTagKey));
    const bool is_first = tags.insert(tag).second;
    modules.list.push_back({std::string(path), "", is_first ? std::string(tag) : ""});
  }
  return BuildHierarchy(modules, [](const SidecarLocation&) { return std::string(kModuleKey); });
}

// The nodes whose tags cannot be used, in one of several ways.
class Problems {
 public:
  explicit Problems(const GraphView& graph) : graph_(graph) {}

  // `what` follows the number of nodes and has a form for one node. `detail` is of the first.
  void Add(const char* what, NodeId node, absl::string_view detail = "") {
    const auto at = std::find_if(kinds_.begin(), kinds_.end(),
                                 [what](const Kind& kind) { return kind.what == what; });
    if (at != kinds_.end()) {
      ++at->count;
      return;
    }
    kinds_.push_back({what, 1,
                      absl::StrCat(graph_.Place(node), " (", absl::CHexEscape(graph_.op_type(node)),
                                   ")", detail.empty() ? "" : ", ", detail)});
  }

  std::vector<std::string> ToNotes() const {
    std::vector<std::string> notes;
    for (const Kind& kind : kinds_) {
      notes.push_back(absl::StrCat(kind.count, kind.count == 1 ? " node" : " nodes", kind.what,
                                   kind.count == 1 ? ": " : ", the first: ", kind.first));
    }
    return notes;
  }

 private:
  struct Kind {
    absl::string_view what;
    size_t count;
    std::string first;
  };

  const GraphView& graph_;
  std::vector<Kind> kinds_;  // As few as there are calls of Add().
};

class TagReader {
 public:
  TagReader(const GraphView& graph, const Hierarchy& hierarchy)
      : graph_(graph),
        index_(graph.index()),
        hierarchy_(hierarchy),
        problems_(graph),
        calls_of_(hierarchy.modules().size()),
        tag_of_(hierarchy.modules().size()),
        owners_(graph.num_nodes()),
        base_of_(index_.graphs().size()) {
    for (size_t i = 0; i < hierarchy.calls().size(); ++i) {
      calls_of_[hierarchy.calls()[i].module.index()].push_back(CallId(i));
    }
    for (Owner& owner : owners_) owner = {Hierarchy::root(), CallId(), {}, ModuleId(), false};
  }

  // Each graph once, after the node that calls or holds it.
  TaggedOwners Read() {
    if (!index_.graphs().empty()) Enter(kMainGraph, ModuleId());
    for (size_t i = 0; i < found_.size(); ++i) ReadGraph(found_[i]);
    AlsoModules also = Also();  // Reads the owners.
    return {std::move(owners_), std::move(also), problems_.ToNotes()};
  }

 private:
  // `base`: what paths within the graph are relative to; invalid outside functions.
  void Enter(GraphId id, ModuleId base) {
    absl::optional<ModuleId>& known = base_of_[id.index()];
    if (known.has_value()) return;
    known = base;
    found_.push_back(id);
  }

  void ReadGraph(GraphId id) {
    const GraphRecord& graph = index_.graph(id);
    const ModuleId base = *base_of_[id.index()];
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      const NodeId node(n);
      owners_[n] = OwnerOf(node, base);
      for (const GraphRecord& body : index_.bodies(node)) Enter(index_.id_of(body), base);
      const GraphId callee = graph_.callee(node);
      if (callee.valid()) Enter(callee, owners_[n].module);
    }
  }

  // After the owners, and in the order of nodes, which graphs may be read in another than.
  AlsoModules Also() {
    AlsoModules also;
    std::sort(also_.begin(), also_.end());
    for (const auto& [node, value] : also_) {
      const Owner& owner = owners_[node.index()];
      if (owner.base.valid() || owner.evidence == EvidenceKind::kNone) continue;
      also.Add(node, AlsoOf(node, value));
    }
    return also;
  }

  std::vector<AlsoModule> AlsoOf(NodeId node, absl::string_view value) {
    std::vector<AlsoModule> also;
    const absl::StatusOr<std::vector<std::string>> paths = ParseAlso(value);
    if (!paths.ok()) {
      problems_.Add(" with a modelexport.also that is no array of paths", node, Quoted(value));
      return also;
    }
    absl::string_view unknown;
    for (const std::string& path : *paths) {
      const ModuleId module = hierarchy_.FindModule(path);
      if (!module.valid()) {
        if (unknown.data() == nullptr) unknown = path;
      } else if (module != owners_[node.index()].module) {
        also.push_back({module, AlsoReason::kTags});
      }
    }
    if (unknown.data() != nullptr) {
      problems_.Add(" with a path in modelexport.also that is no module", node, Quoted(unknown));
    }
    return also;
  }

  Owner OwnerOf(NodeId node, ModuleId base) {
    const NodeTags tags = TagsOf(graph_, node);
    if (!tags.also.empty()) also_.emplace_back(node, tags.also);
    Owner owner;
    owner.module = Hierarchy::root();
    const bool is_relative = !tags.module.has_value() && IsRelative(node);
    if (!tags.module.has_value() && !is_relative) {
      problems_.Add(" without tags", node);
      return owner;
    }
    if (is_relative && !base.valid()) {
      problems_.Add(" outside functions with modelexport.submodule", node);
      return owner;
    }
    const std::string relative = is_relative ? hierarchy_.PathAt(base, tags.submodule) : "";
    const absl::string_view path = is_relative ? relative : *tags.module;
    const ModuleId module = is_relative ? hierarchy_.FindModule(path) : ModuleAt(path);
    if (!module.valid()) {
      problems_.Add(" of modules that are not in the hierarchy", node, Quoted(path));
      return owner;
    }
    owner.module = module;
    if (!is_relative) CompareTag(node, module, tags.tag);
    if (is_relative) owner.base = base;
    owner.evidence = EvidenceOf(node, tags);
    if (!is_relative && owner.evidence != EvidenceKind::kNone) {
      owner.call = CallOf(node, module, tags.call);
    }
    return owner;
  }

  // Nodes of one module mostly follow each other.
  ModuleId ModuleAt(absl::string_view path) {
    if (!last_module_.valid() || path != last_path_) {
      last_path_ = path;
      last_module_ = hierarchy_.FindModule(path);
    }
    return last_module_;
  }

  void CompareTag(NodeId node, ModuleId module, absl::string_view tag) {
    absl::optional<absl::string_view>& first = tag_of_[module.index()];
    if (!first.has_value()) first = tag;
    if (*first == tag) return;
    problems_.Add(" with a modelexport.tag that an earlier node of its module has not", node,
                  Quoted(tag));
  }

  bool IsRelative(NodeId node) const {
    return FindEntry(index_, index_.metadata(node), kSubmoduleKey) != nullptr;
  }

  EvidenceKind EvidenceOf(NodeId node, const NodeTags& tags) {
    const absl::optional<EvidenceKind> kind = EvidenceKindOf(tags.evidence);
    if (kind.has_value()) return *kind;
    problems_.Add(" with evidence of an unknown kind, counted as inherited", node,
                  Quoted(tags.evidence));
    return EvidenceKind::kInherited;
  }

  CallId CallOf(NodeId node, ModuleId module, absl::string_view text) {
    const std::vector<CallId>& calls = calls_of_[module.index()];
    if (text.empty()) return calls.size() == 1 ? calls[0] : CallId();
    uint32_t ordinal = 0;
    const bool is_number = absl::SimpleAtoi(text, &ordinal);
    if (is_number && ordinal < calls.size()) return calls[ordinal];
    if (is_number && hierarchy_.calls().empty()) {
      problems_.Add(" whose call is not used, since the hierarchy lists no calls", node);
    } else {
      problems_.Add(" with a modelexport.call that is no call of the module", node, Quoted(text));
    }
    return CallId();
  }

  const GraphView& graph_;
  const ModelIndex& index_;
  const Hierarchy& hierarchy_;
  Problems problems_;
  std::vector<std::vector<CallId>> calls_of_;              // By module, in order.
  std::vector<absl::optional<absl::string_view>> tag_of_;  // By module: the first.
  std::vector<Owner> owners_;
  std::vector<absl::optional<ModuleId>> base_of_;  // By graph; absent until it is found.
  std::vector<GraphId> found_;
  std::vector<std::pair<NodeId, absl::string_view>> also_;  // Of nodes in functions too.
  absl::string_view last_path_;                             // Looked up last, and its module.
  ModuleId last_module_;
};

}  // namespace

bool HasTags(const ModelIndex& index) {
  for (size_t n = 0; n < index.nodes().size(); ++n) {
    const absl::Span<const MetadataEntry> entries = index.metadata(NodeId(n));
    if (FindEntry(index, entries, kModuleKey) != nullptr ||
        FindEntry(index, entries, kSubmoduleKey) != nullptr) {
      return true;
    }
  }
  return false;
}

absl::StatusOr<Hierarchy> ReadTaggedHierarchy(const ModelIndex& index,
                                              const std::atomic<bool>* cancelled) {
  if (!HasTags(index)) return Annotate(NotTagged(index), index.source().name());
  const bool has_own = FindEntry(index, index.model_metadata(), kHierarchyKey) != nullptr;
  absl::StatusOr<Hierarchy> read =
      has_own ? ReadEmbeddedHierarchy(index, cancelled) : ModulesOfTags(index, cancelled);
  if (!read.ok()) return Annotate(read.status(), index.source().name());
  return read;
}

TaggedOwners OwnersFromTags(const GraphView& graph, const Hierarchy& hierarchy) {
  return TagReader(graph, hierarchy).Read();
}

}  // namespace modelexport
