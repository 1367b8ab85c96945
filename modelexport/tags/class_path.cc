#include "modelexport/tags/class_path.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "modelexport/base/number_text.h"

namespace modelexport {
namespace {

// What follows the last dot: of a class its unqualified name, of a path its last atom.
absl::string_view AfterLastDot(absl::string_view text) {
  return text.substr(text.rfind('.') + 1);  // npos + 1 == 0
}

bool IsShown(const Module& module, NnModules nn_modules) {
  if (module.path.empty() || !module.traced_tag.empty()) return true;
  if (nn_modules == NnModules::kHide && absl::StartsWith(module.class_name, "torch.nn.")) {
    return false;
  }
  return module.MayHaveBeenCalled();
}

void Escape(std::string* segment) {
  const auto is_special = [](char c) { return c == '\\' || c == '/'; };
  if (std::none_of(segment->begin(), segment->end(), is_special)) return;
  absl::StrReplaceAll({{"\\", "\\\\"}, {"/", "\\/"}}, segment);
}

// As winml-cli counts it: empty parts are none.
int CountParts(absl::string_view tag) {
  int parts = 0;
  for (size_t i = 0; i < tag.size(); ++i) parts += tag[i] != '/' && (i == 0 || tag[i - 1] == '/');
  return parts;
}

// Sorts `ids` by their segments and adds those to `equal` that share theirs: for the few siblings
// that most modules have, this is quicker than a hash table.
void AddEqual(const std::vector<std::string>& segments, std::vector<ModuleId>* ids,
              std::vector<ModuleId>* equal) {
  const auto segment = [&](ModuleId id) -> const std::string& { return segments[id.index()]; };
  const auto before = [&](ModuleId a, ModuleId b) { return segment(a) < segment(b); };
  const auto is_other = [&](ModuleId a, ModuleId b) { return segment(a) != segment(b); };
  std::sort(ids->begin(), ids->end(), before);
  for (auto first = ids->begin(); first != ids->end();) {
    const auto last = std::adjacent_find(first, ids->end(), is_other);
    const auto next = last == ids->end() ? last : last + 1;
    if (next - first > 1) equal->insert(equal->end(), first, next);
    first = next;
  }
}

}  // namespace

ClassPaths::ClassPaths(const Hierarchy& hierarchy, NnModules nn_modules)
    : hierarchy_(hierarchy),
      shown_(hierarchy.modules().size()),
      shown_parent_(shown_.size()),
      segments_(shown_.size()) {
  FindShownParents(nn_modules);
  NameSegments();
}

void ClassPaths::FindShownParents(NnModules nn_modules) {
  std::vector<ModuleId> nearest(shown_.size());  // Nearest shown, the module itself included.
  for (size_t i = 0; i < shown_.size(); ++i) {
    const Module& module = hierarchy_.modules()[i];
    if (module.parent.valid()) shown_parent_[i] = nearest[module.parent.index()];
    shown_[i] = IsShown(module, nn_modules);
    nearest[i] = shown_[i] ? ModuleId(i) : shown_parent_[i];
  }
}

// A segment names the class, with the number that the path ends in; where shown siblings would
// read the same, and where the class is unknown, the path below the parent tells them apart.
void ClassPaths::NameSegments() {
  for (size_t i = 0; i < shown_.size(); ++i) {
    if (shown_[i]) segments_[i] = ShortSegment(ModuleId(i));
  }
  // Repeated once: a lengthened segment may equal the segment of a module of unknown class. To
  // lengthen that segment gives it a leading dot, which is unique, so two passes are enough.
  const auto is_unknown = [](const Module& m) { return AfterLastDot(m.class_name).empty(); };
  const std::vector<Module>& modules = hierarchy_.modules();
  if (LengthenClashes() && std::any_of(modules.begin(), modules.end(), is_unknown)) {
    LengthenClashes();
  }
  for (std::string& segment : segments_) Escape(&segment);
}

bool ClassPaths::LengthenClashes() {
  std::vector<ModuleId> last_child(shown_.size());  // By shown parent.
  std::vector<ModuleId> sibling_before(shown_.size());
  for (size_t i = 0; i < shown_.size(); ++i) {
    const ModuleId parent = shown_parent_[i];
    if (!shown_[i] || !parent.valid()) continue;
    sibling_before[i] = std::exchange(last_child[parent.index()], ModuleId(i));
  }
  std::vector<ModuleId> siblings, clashing;
  for (const ModuleId last : last_child) {
    siblings.clear();
    for (ModuleId id = last; id.valid(); id = sibling_before[id.index()]) siblings.push_back(id);
    AddEqual(segments_, &siblings, &clashing);
  }
  for (ModuleId id : clashing) {
    segments_[id.index()] =
        absl::StrCat(AfterLastDot(hierarchy_.module(id).class_name), ".", RelativePath(id));
  }
  return !clashing.empty();
}

std::string ClassPaths::ShortSegment(ModuleId id) const {
  const Module& module = hierarchy_.module(id);
  const absl::string_view class_name = AfterLastDot(module.class_name);
  if (class_name.empty()) {
    return id == Hierarchy::root() ? "model" : std::string(RelativePath(id));
  }
  const absl::string_view atom = AfterLastDot(module.path);
  return IsNumber(atom) ? absl::StrCat(class_name, ".", atom) : std::string(class_name);
}

absl::string_view ClassPaths::RelativePath(ModuleId id) const {
  const absl::string_view path = hierarchy_.module(id).path;
  const absl::string_view parent = hierarchy_.module(shown_parent_[id.index()]).path;
  return parent.empty() ? path : path.substr(parent.size() + 1);
}

std::string ClassPaths::Of(ModuleId module) const {
  size_t size = 0;
  ModuleId at = module;
  for (; at.valid() && TracedTag(at).empty(); at = shown_parent_[at.index()]) {
    if (shown(at)) size += 1 + segments_[at.index()].size();
  }
  std::string path(at.valid() ? TracedTag(at) : "");
  path.resize(path.size() + size);
  // From the back: the way to the root is the only one that is known.
  char* end = &path[0] + path.size();
  for (ModuleId id = module; id != at; id = shown_parent_[id.index()]) {
    if (!shown(id)) continue;
    const std::string& segment = segments_[id.index()];
    end -= segment.size();
    segment.copy(end, segment.size());
    *--end = '/';
  }
  return path;
}

int ClassPaths::DepthOf(ModuleId module) const {
  int depth = 0;
  ModuleId at = module;
  for (; at.valid() && TracedTag(at).empty(); at = shown_parent_[at.index()]) depth += shown(at);
  return at.valid() ? std::max(1, depth + CountParts(TracedTag(at))) : depth;
}

}  // namespace modelexport
