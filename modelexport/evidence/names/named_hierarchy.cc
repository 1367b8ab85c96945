#include "modelexport/evidence/names/named_hierarchy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/evidence/names/dotted_names.h"
#include "modelexport/evidence/names/scope_name.h"
#include "modelexport/hierarchy/hierarchy_builder.h"

namespace modelexport {
namespace {

constexpr size_t kMaxPathBytes = size_t{256} << 20;

std::string Join(absl::string_view path, absl::string_view segment) {
  return path.empty() ? std::string(segment) : absl::StrCat(path, ".", segment);
}

// What `segment` adds to that of the scope around it, where the exporter repeats the one of a
// called container: ".0" of "seq.0" in "seq". "" if it repeats nothing.
absl::string_view Repeating(absl::string_view outer, absl::string_view segment) {
  if (outer.empty() || !absl::ConsumePrefix(&segment, outer)) return "";
  const bool is_numbers = absl::StartsWith(segment, ".") &&
                          std::all_of(segment.begin(), segment.end(),
                                      [](char c) { return c == '.' || absl::ascii_isdigit(c); });
  return is_numbers ? segment : "";
}

// The scopes of a file as a tree, each after the one around it.
class Scopes {
 public:
  struct Scope {
    size_t parent = 0;
    absl::string_view segment;
    bool has_children = false;
    // The module whose tensors the nodes of the scope read, if its path ends as the scope does:
    // absent where none is, "" where they are of several.
    absl::optional<absl::string_view> reads;
    absl::optional<size_t> repeats;  // The scope of which this one is a repeated call.
    std::string path;                // "" if it is one.
  };

  Scopes() : all_(1) {}

  const std::vector<Scope>& all() const { return all_; }
  bool empty() const { return num_added_ == 0; }

  // Returns the scope's position in all(). Nodes of one scope often follow each other.
  size_t Add(absl::string_view scope) {
    if (num_added_++ > 0 && scope == last_) return last_position_;
    last_ = scope;
    size_t at = 0;
    while (!scope.empty()) {
      const size_t slash = std::min(scope.find('/'), scope.size());
      at = Enter(at, scope.substr(0, slash));
      scope.remove_prefix(std::min(slash + 1, scope.size()));
    }
    last_position_ = at;
    return at;
  }

  void AddRead(size_t scope, absl::string_view module) {
    const absl::string_view segment = SegmentOfPath(module);
    if (segment != all_[scope].segment && segment != BaseOf(scope)) return;
    Vote(scope, module);
  }

  // Finds the paths of all scopes.
  absl::Status Resolve(const DottedNames& names) {
    for (size_t i = all_.size(); i-- > 1;) VoteForParent(i);
    MX_RETURN_IF_ERROR(FindPaths(names, nullptr));
    if (!may_have_aliases_) return absl::OkStatus();
    absl::flat_hash_set<std::string> taken;
    taken.reserve(all_.size());
    for (const Scope& scope : all_) taken.insert(scope.path);
    return FindPaths(names, &taken);
  }

 private:
  size_t Enter(size_t parent, absl::string_view segment) {
    const auto added = children_.try_emplace({parent, segment}, all_.size());
    if (added.second) {
      all_[parent].has_children = true;
      all_.emplace_back();
      all_.back().parent = parent;
      all_.back().segment = segment;
    }
    return added.first->second;
  }

  // "act" of "act_1".
  absl::string_view BaseOf(size_t scope) const {
    const absl::optional<NumberedSegment> cut = CutNumber(all_[scope].segment);
    return cut.has_value() ? cut->base : all_[scope].segment;
  }

  void Vote(size_t scope, absl::string_view module) {
    absl::optional<absl::string_view>& reads = all_[scope].reads;
    if (!reads.has_value()) reads = module;
    if (*reads != module) reads = "";
  }

  // What the tensors that are read in a scope say of the one around it.
  void VoteForParent(size_t i) {
    const Scope& scope = all_[i];
    if (scope.parent == 0 || scope.reads.value_or("").empty()) return;
    const absl::string_view outer = all_[scope.parent].segment;
    absl::string_view module = *scope.reads;
    const absl::string_view segment = SegmentOfPath(module);
    const absl::string_view added = Repeating(outer, segment);
    module.remove_suffix(added.empty() ? segment.size() : added.size());
    absl::ConsumeSuffix(&module, ".");
    if (!module.empty() && SegmentOfPath(module) == outer) Vote(scope.parent, module);
  }

  // `taken`: the paths of scopes as they are without alias; null: those are to be found.
  absl::Status FindPaths(const DottedNames& names, const absl::flat_hash_set<std::string>* taken) {
    size_t bytes = 0;
    for (size_t i = 1; i < all_.size(); ++i) {
      Scope& scope = all_[i];
      scope.repeats = RepeatedBy(i, names);
      if (!scope.repeats.has_value()) scope.path = PathOf(scope, names, taken);
      bytes += scope.path.size();
      if (bytes <= kMaxPathBytes) continue;
      return absl::InvalidArgumentError("the module paths in names have more than 256 MiB");
    }
    return absl::OkStatus();
  }

  // The scope of which this one is a repeated call. Only the last segment of a scope bears the
  // number of one.
  absl::optional<size_t> RepeatedBy(size_t i, const DottedNames& names) const {
    const Scope& scope = all_[i];
    const absl::string_view base = BaseOf(i);
    if (scope.has_children || base == scope.segment) return absl::nullopt;
    if (SegmentOfPath(scope.reads.value_or("")) == scope.segment) return absl::nullopt;
    const auto found = children_.find({scope.parent, base});
    if (found == children_.end()) return absl::nullopt;
    const bool is_module = names.HasModule(Join(all_[scope.parent].path, scope.segment));
    return is_module ? absl::nullopt : absl::make_optional(found->second);
  }

  std::string PathOf(const Scope& scope, const DottedNames& names,
                     const absl::flat_hash_set<std::string>* taken) {
    const Scope& parent = all_[scope.parent];
    std::string direct = Join(parent.path, scope.segment);
    const absl::string_view added = Repeating(parent.segment, scope.segment);
    std::string repeating = added.empty() ? direct : absl::StrCat(parent.path, added);
    const absl::string_view reads = scope.reads.value_or("");
    const bool is_known = names.HasModule(direct) || names.HasModule(repeating);
    if (!is_known && !reads.empty() && SegmentOfPath(reads) == scope.segment) {
      // Between the two is what the exporter leaves out; elsewhere it is a module with an alias,
      // unless that has a scope of its own.
      const bool is_below = parent.path.empty() || absl::StartsWith(reads, parent.path + ".");
      may_have_aliases_ = may_have_aliases_ || !is_below;
      if (is_below || (taken != nullptr && !taken->contains(reads))) return std::string(reads);
    }
    return names.HasModule(direct) && !names.HasModule(repeating) ? direct : repeating;
  }

  std::vector<Scope> all_;  // The root first.
  absl::flat_hash_map<std::pair<size_t, absl::string_view>, size_t> children_;
  size_t num_added_ = 0;
  absl::string_view last_;  // What was added last, and its position.
  size_t last_position_ = 0;
  bool may_have_aliases_ = false;  // Paths depend on which others are taken.
};

// The scope of a node, in the name of a value that it makes, else in its own. Of a name that does
// not end in the node's operator it is not known what the end says.
absl::optional<absl::string_view> ScopeOf(const ModelIndex& index, NodeId node) {
  for (const StringId output : index.outputs(node)) {
    const auto scope = ScopeOfValueName(index.text(output));
    if (scope.has_value()) return scope;
  }
  const NodeRecord& record = index.node(node);
  const absl::string_view name = index.text(record.name);
  if (!NamesOperator(name, index.text(record.op_type))) return absl::nullopt;
  return ScopeOfNodeName(name);
}

bool IsUsableScope(absl::string_view scope) {
  return !absl::StartsWith(scope, "/") && !absl::EndsWith(scope, "/") &&
         !absl::StrContains(scope, "//") && IsUsableName(scope, '/');
}

class NamesReader {
 public:
  explicit NamesReader(const ModelIndex& index) : index_(index), names_(index) {}

  absl::StatusOr<Hierarchy> Read(const std::atomic<bool>* cancelled) {
    for (size_t n = 0; n < index_.nodes().size(); ++n) {
      if (EndsEarly(cancelled, n)) return CheckCancelled(cancelled);
      AddNode(NodeId(n));
    }
    if (scopes_.empty() && names_.tensors().empty()) {
      return absl::NotFoundError(
          "its names speak of no module: no node has a TorchScript scope, as \"/encoder/MatMul\", "
          "and no initializer the dotted name of a parameter, as \"encoder.weight\"");
    }
    MX_RETURN_IF_ERROR(scopes_.Resolve(names_));
    builder_.ReserveModules(scopes_.all().size());
    added_.reserve(scopes_.all().size());
    MX_RETURN_IF_ERROR(AddModule(""));
    for (const Scopes::Scope& scope : scopes_.all()) {
      if (!scope.repeats.has_value()) MX_RETURN_IF_ERROR(AddModule(scope.path));
    }
    for (const DottedNames::Tensor& tensor : names_.tensors()) {
      MX_RETURN_IF_ERROR(AddModule(tensor.module));
    }
    if (scopes_.empty()) {
      for (const absl::string_view path : names_.CallableModules()) {
        MX_RETURN_IF_ERROR(AddModule(path));
      }
    }
    for (const DottedNames::Tensor& tensor : names_.tensors()) {
      if (IsTied(tensor.name)) continue;
      MX_RETURN_IF_ERROR(builder_.AddTensor({tensor.name, "", "", tensor.dims}));
    }
    return std::move(builder_).Build();
  }

 private:
  void AddNode(NodeId node) {
    const auto scope = ScopeOf(index_, node);
    if (!scope.has_value()) {
      AddAround(node);
      AddReads(node);
    } else if (IsUsable(*scope)) {
      const size_t at = scopes_.Add(*scope);
      for (const StringId input : index_.inputs(node)) {
        const absl::string_view module = ModuleOf(index_.text(input));
        if (!module.empty()) scopes_.AddRead(at, module);
      }
    }
  }

  // Nodes of one scope often follow each other.
  bool IsUsable(absl::string_view scope) {
    if (scope != last_scope_) {
      last_scope_ = scope;
      is_usable_ = IsUsableScope(scope);
    }
    return is_usable_;
  }

  // Tools name a node after another and add to the end: "/q/MatMul/MatMulAddFusion". All but the
  // last segment of what looks like its scope was a scope.
  void AddAround(NodeId node) {
    absl::string_view name = index_.text(index_.node(node).name);
    absl::ConsumeSuffix(&name, "/");
    const absl::string_view scope = ScopeOfNodeName(name).value_or("");
    const size_t last = scope.rfind('/');
    if (last == absl::string_view::npos) return;
    if (IsUsableScope(scope.substr(0, last))) scopes_.Add(scope.substr(0, last));
  }

  // Of a node without a scope: how it reads tensors, and of which module they are if they are of
  // one. What it makes of these, such as a DequantizeLinear that a tool inserted, is read as they
  // would be.
  void AddReads(NodeId node) {
    const absl::Span<const StringId> inputs = index_.inputs(node);
    const bool looks_up = index_.text(index_.node(node).op_type) == "Gather";
    absl::string_view common;
    bool is_one = true;
    for (size_t i = 0; i < inputs.size(); ++i) {
      const absl::string_view name = index_.text(inputs[i]);
      const absl::string_view module = ModuleOf(name);
      if (module.empty()) continue;
      Reads& reads = reads_[name];
      (looks_up && i == 0 ? reads.looked_up : reads.otherwise) = true;
      is_one = is_one && (common.empty() || module == common);
      common = module;
    }
    if (common.empty() || !is_one) return;
    for (const StringId output : index_.outputs(node)) {
      carried_.try_emplace(index_.text(output), common);
    }
  }

  // Of an embedding and a projection with one weight, the file has one name, and which module it
  // names nothing tells where nodes have no scopes.
  bool IsTied(absl::string_view tensor) const {
    const auto reads = reads_.find(tensor);
    return reads != reads_.end() && reads->second.looked_up && reads->second.otherwise;
  }

  absl::string_view ModuleOf(absl::string_view value) const {
    const absl::string_view module = names_.ModuleOf(value);
    if (!module.empty() || carried_.empty()) return module;
    const auto carried = carried_.find(value);
    return carried == carried_.end() ? "" : carried->second;
  }

  absl::Status AddModule(absl::string_view path) {
    if (path.size() > Hierarchy::kMaxNameSize) return absl::OkStatus();
    if (!added_.insert(path).second) return absl::OkStatus();
    return builder_.AddModule({path});
  }

  // How nodes without a scope read a tensor: row by row, as embeddings do, or in another way.
  struct Reads {
    bool looked_up = false;
    bool otherwise = false;
  };

  const ModelIndex& index_;
  const DottedNames names_;
  Scopes scopes_;
  absl::flat_hash_map<absl::string_view, Reads> reads_;  // By tensor, or what is made of it.
  absl::flat_hash_map<absl::string_view, absl::string_view> carried_;  // Modules by value.
  absl::string_view last_scope_;  // Asked for last, and whether it is usable.
  bool is_usable_ = IsUsableScope("");
  HierarchyBuilder builder_;
  absl::flat_hash_set<absl::string_view> added_;  // Paths, which scopes_ and names_ have.
};

}  // namespace

absl::StatusOr<Hierarchy> ReadHierarchyOfNames(const ModelIndex& index,
                                               const std::atomic<bool>* cancelled) {
  return NamesReader(index).Read(cancelled);
}

}  // namespace modelexport
