// The modules of a Hierarchy in the making: in the order of the file, before they have ids.
//
//   ModuleTable table(&names, &texts);
//   table.Add(calls, class_name, traced_tag);  // then insert its path and its aliases into names
//   if (const auto below = table.FindParents(empty)) return Error(*below);
//   std::vector<Module> modules = table.TakeModules(aliases);
#ifndef MODELEXPORT_HIERARCHY_MODULE_TABLE_H_
#define MODELEXPORT_HIERARCHY_MODULE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/base/name_map.h"
#include "modelexport/base/rows.h"
#include "modelexport/base/strong_id.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// A short text that repeats, such as a class name.
using TextId = StrongId<struct TextIdTag>;

class ModuleTable {
 public:
  // A path that lies below an alias, which no module may.
  struct BelowAlias {
    size_t module;            // The row of the path.
    absl::string_view above;  // The alias.
    absl::string_view of;     // The path of the module that has the alias.
  };

  // `names` maps paths and aliases to rows, as ids, until TakeModules(); `texts` has class names
  // and tags. Both must outlive the table.
  ModuleTable(NameMap<ModuleId>* names, const NameMap<TextId>* texts)
      : names_(*names), texts_(*texts) {}

  void Reserve(size_t count) { rows_.reserve(count); }

  // Adds a row for the module whose path is the next name inserted into the names. `calls`: -1 if
  // they are not recorded.
  void Add(int64_t calls, TextId class_name, TextId traced_tag);

  // How many were added; rows from here on are implied containers.
  size_t num_added() const { return num_added_; }

  absl::string_view PathOf(size_t row) const { return names_.names()[rows_[row].name]; }
  TextId traced_tag(size_t row) const { return rows_[row].traced_tag; }

  // Links each row to that of its parent, after all were added, and adds rows for the containers
  // that paths imply; `empty` is the id of "". Returns the first path that lies below an alias.
  absl::optional<BelowAlias> FindParents(TextId empty);

  // The modules by id: a parent before its children, otherwise in the order of the rows. Turns the
  // rows in the names into ids. `aliases` are those of the rows that were added; the modules view
  // them. The table keeps nothing but ids().
  std::vector<Module> TakeModules(const Rows<absl::string_view>& aliases);

  // By row.
  const std::vector<ModuleId>& ids() const { return ids_; }

 private:
  struct Row {
    int64_t calls;
    uint32_t name;  // In the names.
    TextId class_name;
    TextId traced_tag;
    uint32_t parent;  // A row, once it is known; not used for the root.
  };

  absl::optional<BelowAlias> FindParentsOf(size_t added, TextId empty);
  absl::optional<uint32_t> FindInChain(uint32_t row, absl::string_view path) const;
  void PlaceWithParents(uint32_t row, const Rows<absl::string_view>& aliases,
                        std::vector<Module>* modules);
  Module ModuleOf(uint32_t row, const Rows<absl::string_view>& aliases) const;

  NameMap<ModuleId>& names_;
  const NameMap<TextId>& texts_;
  std::vector<Row> rows_;
  size_t num_added_ = 0;
  std::vector<ModuleId> ids_;  // Invalid until the row is placed.
};

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_MODULE_TABLE_H_
