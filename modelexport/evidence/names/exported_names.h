// The names of nodes and values as their exporter wrote them, where a tool has changed them all
// alike: put a prefix before them (name_prefix.h), or replaced characters (mangled_names.h).
#ifndef MODELEXPORT_EVIDENCE_NAMES_EXPORTED_NAMES_H_
#define MODELEXPORT_EVIDENCE_NAMES_EXPORTED_NAMES_H_

#include <deque>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/evidence/match_context.h"

namespace modelexport {

// Nodes may have been changed in another way than values. Immutable.
class ExportedNames {
 public:
  // `context` must outlive the object.
  explicit ExportedNames(const MatchContext& context);

  // As the file has it, where nothing was changed.
  absl::string_view of(NodeId node) const { return OfNode(node.index()); }
  absl::string_view of(ValueId value) const { return OfValue(value.index()); }

  // For people: what was changed, of nodes and of values; "" for nothing.
  const std::string& note_of_nodes() const { return nodes_.note; }
  const std::string& note_of_values() const { return values_.note; }

 private:
  friend class ExportedNamesReader;

  // Of nodes or values.
  struct Restored {
    std::string note;
    std::vector<absl::string_view> names;  // Empty: nothing was changed.
    std::deque<std::string> texts;         // What the file does not have.
  };

  absl::string_view OfNode(size_t n) const {
    return nodes_.names.empty() ? graph_.name(NodeId(n)) : nodes_.names[n];
  }
  absl::string_view OfValue(size_t v) const {
    return values_.names.empty() ? graph_.name(ValueId(v)) : values_.names[v];
  }

  const GraphView& graph_;
  Restored nodes_;
  Restored values_;
};

// Those of `context`, shared by all who ask.
const ExportedNames& ExportedNamesOf(const MatchContext& context);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_EXPORTED_NAMES_H_
