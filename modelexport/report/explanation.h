// Why one node has its owner, as a plain value.
#ifndef MODELEXPORT_REPORT_EXPLANATION_H_
#define MODELEXPORT_REPORT_EXPLANATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "modelexport/tags/evidence_kind.h"

namespace modelexport {

struct Explanation {
  // The node.
  std::string place, name, op_type;
  std::vector<std::string> outputs;
  // Where in the source model's program it was written, the innermost call first, as
  // "bert.py:93 in forward: x = self.q(x)". Empty if the file does not say.
  std::vector<std::string> source_lines;

  // What was decided.
  std::string strategy;
  std::string owner;                   // A module's path; "" is the root.
  absl::optional<std::string> caller;  // Where the owner is relative to who calls the function.
  absl::optional<uint32_t> call;       // Which call of the owner, where that is known.
  EvidenceKind evidence = EvidenceKind::kNone;
  float confidence = 0;  // How likely the owner is right, 0 to 1 (ownership/confidence.h).
  bool tagged = true;    // False in functions that nothing calls.

  // The other modules whose work the node does.
  struct Other {
    std::string module, reason;
  };
  std::vector<Other> also;

  // What was proposed, strongest evidence first.
  struct Candidate {
    EvidenceKind kind = EvidenceKind::kNone;
    std::string module;
    absl::optional<uint32_t> call;
    bool exact = true;
    bool won = false;
    std::string reason;
  };
  std::vector<Candidate> candidates;

  // Why the owner is none of these, where that is known; else EvidenceFacts has it.
  std::string without_candidate;

  // With evidence from the flow of data: the nodes that it lies between, as "after #3 Add of a.q".
  std::vector<std::string> neighbours;

  std::vector<std::string> conflicts;
  std::vector<std::string> notes;  // Assumptions made for the model as a whole.
};

}  // namespace modelexport

#endif  // MODELEXPORT_REPORT_EXPLANATION_H_
