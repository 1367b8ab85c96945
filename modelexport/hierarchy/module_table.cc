#include "modelexport/hierarchy/module_table.h"

#include <utility>

#include "absl/container/inlined_vector.h"

namespace modelexport {
namespace {

absl::string_view PathAbove(absl::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == absl::string_view::npos ? "" : path.substr(0, dot);
}

}  // namespace

void ModuleTable::Add(int64_t calls, TextId class_name, TextId traced_tag) {
  const uint32_t name = static_cast<uint32_t>(names_.names().size());
  rows_.push_back({calls, name, class_name, traced_tag, 0});
  ++num_added_;
}

absl::optional<ModuleTable::BelowAlias> ModuleTable::FindParents(TextId empty) {
  for (size_t i = 0; i < num_added_; ++i) {
    const absl::optional<BelowAlias> below = FindParentsOf(i, empty);
    if (below.has_value()) return below;
  }
  return absl::nullopt;
}

// Which of `row` and those above it has this path.
absl::optional<uint32_t> ModuleTable::FindInChain(uint32_t row, absl::string_view path) const {
  while (PathOf(row).size() > path.size()) row = rows_[row].parent;
  return PathOf(row) == path ? absl::make_optional(row) : absl::nullopt;
}

// Links row `added` to its parent, and containers that its path implies to theirs.
absl::optional<ModuleTable::BelowAlias> ModuleTable::FindParentsOf(size_t added, TextId empty) {
  size_t child = added;
  while (!PathOf(child).empty()) {
    const absl::string_view above = PathAbove(PathOf(child));
    // Mostly, a module comes below the one before it or beside one around that.
    const absl::optional<uint32_t> near = FindInChain(static_cast<uint32_t>(added - 1), above);
    if (near.has_value()) {
      rows_[child].parent = *near;
      break;
    }
    const std::pair<ModuleId, bool> inserted = names_.Insert(above, ModuleId(rows_.size()));
    const uint32_t parent = static_cast<uint32_t>(inserted.first.index());
    rows_[child].parent = parent;
    if (!inserted.second) {
      if (PathOf(parent) == above) break;
      return BelowAlias{added, above, PathOf(parent)};
    }
    child = rows_.size();
    const uint32_t name = static_cast<uint32_t>(names_.names().size() - 1);
    rows_.push_back({-1, name, empty, empty, 0});
  }
  return absl::nullopt;
}

Module ModuleTable::ModuleOf(uint32_t row, const Rows<absl::string_view>& aliases) const {
  Module module;
  module.path = PathOf(row);
  module.class_name = texts_.names()[rows_[row].class_name.index()];
  if (rows_[row].calls >= 0) module.calls = rows_[row].calls;
  if (row < num_added_) module.aliases = aliases[row];
  module.traced_tag = texts_.names()[rows_[row].traced_tag.index()];
  module.implied = row >= num_added_;
  if (!module.path.empty()) module.parent = ids_[rows_[row].parent];
  return module;
}

// Makes `row` a module, after those above it.
void ModuleTable::PlaceWithParents(uint32_t row, const Rows<absl::string_view>& aliases,
                                   std::vector<Module>* modules) {
  absl::InlinedVector<uint32_t, 8> chain;
  for (uint32_t r = row; !ids_[r].valid(); r = rows_[r].parent) {
    chain.push_back(r);
    if (PathOf(r).empty()) break;
  }
  for (; !chain.empty(); chain.pop_back()) {
    const Module module = ModuleOf(chain.back(), aliases);
    ids_[chain.back()] = ModuleId(modules->size());
    modules->push_back(module);
  }
}

std::vector<Module> ModuleTable::TakeModules(const Rows<absl::string_view>& aliases) {
  std::vector<Module> modules;
  modules.reserve(rows_.size());
  ids_.resize(rows_.size());
  for (size_t i = 0; i < num_added_; ++i) {
    PlaceWithParents(static_cast<uint32_t>(i), aliases, &modules);
  }
  for (ModuleId& id : names_.ids()) id = ids_[id.index()];
  rows_ = {};
  return modules;
}

}  // namespace modelexport
