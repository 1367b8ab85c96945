// Class paths: a module as the classes on the way to it, as
// "/BertModel/BertEncoder/BertLayer.0/BertAttention" (docs/tags.md, "Class path").
#ifndef MODELEXPORT_TAGS_CLASS_PATH_H_
#define MODELEXPORT_TAGS_CLASS_PATH_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Which modules have a segment of their own besides the root.
enum class NnModules {
  kHide,  // Those that were called, but for classes of torch.nn.
  kShow,  // Those that were called.
};

// Renders class paths of one hierarchy. Different shown modules never have the same path; a hidden
// one has that of its nearest shown ancestor. Thread-compatible.
//
// A module with a traced_tag is shown and has that, verbatim, for its path; the paths of modules
// without one below it begin with it. Such tags come from others and may be the same for several
// modules; Hierarchy::warnings() says so.
class ClassPaths {
 public:
  // `hierarchy` must outlive the object.
  ClassPaths(const Hierarchy& hierarchy, NnModules nn_modules);

  std::string Of(ModuleId module) const;

  // Number of segments of Of(module): at least 1. Of a traced_tag, what stands between slashes.
  int DepthOf(ModuleId module) const;

  bool shown(ModuleId module) const { return shown_[module.index()]; }

 private:
  void FindShownParents(NnModules nn_modules);
  void NameSegments();
  bool LengthenClashes();  // Whether there were any.
  absl::string_view TracedTag(ModuleId id) const { return hierarchy_.module(id).traced_tag; }
  std::string ShortSegment(ModuleId id) const;
  absl::string_view RelativePath(ModuleId id) const;  // To its shown parent.

  const Hierarchy& hierarchy_;
  std::vector<bool> shown_;
  std::vector<ModuleId> shown_parent_;  // Nearest shown proper ancestor; invalid for the root.
  std::vector<std::string> segments_;   // Escaped; "" for hidden modules.
};

}  // namespace modelexport

#endif  // MODELEXPORT_TAGS_CLASS_PATH_H_
