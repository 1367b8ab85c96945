#include "modelexport/commands/node_fates.h"

#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/files/folder.h"
#include "modelexport/modules/aligned_modules.h"
#include "modelexport/modules/node_identity.h"

namespace modelexport {
namespace {

// In the order of the words of NodeFates().
int64_t NumberOf(NodeFate fate) {
  switch (fate) {
    case NodeFate::kSame:
      return 0;
    case NodeFate::kMoved:
      return 1;
    case NodeFate::kChangedType:
      return 2;
    case NodeFate::kOpen:
      break;
  }
  return 3;
}

}  // namespace

absl::StatusOr<ViewData::Marks> NodeFates(const OwnedGraph& owned, const std::string& other,
                                          const std::string& hierarchy,
                                          const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(const OwnedModel before, ReadOwned(other, hierarchy, cancelled));
  const OwnedGraph a = OwnedGraph::Of(before);
  const AlignedModules aligned = AlignModules(a.hierarchy, owned.hierarchy);
  const NodeIdentity identity(a, owned, aligned, cancelled);
  ViewData::Marks marks;
  marks.key = "compared";
  marks.title = absl::StrCat("against ", other.substr(FolderOf(other).size()));
  marks.words = {"same", "of another module", "another operator", "not known there"};
  for (size_t n = 0; n < owned.graph.num_nodes(); ++n) {
    marks.of_nodes.push_back(NumberOf(identity.FateInB(NodeId(n))));
  }
  return marks;
}

}  // namespace modelexport
