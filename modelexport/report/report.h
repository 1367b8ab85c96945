// What a run of `tag` did and found, as a plain value.
#ifndef MODELEXPORT_REPORT_REPORT_H_
#define MODELEXPORT_REPORT_REPORT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "modelexport/base/stages.h"
#include "modelexport/tags/evidence_kind.h"

namespace modelexport {

struct Report {
  // The files, as the user named them.
  std::string model, hierarchy, output;
  uint64_t bytes_in = 0;
  uint64_t bytes_out = 0;  // 0 if there is no output.
  uint64_t bytes_new = 0;  // Of the output; the others are the input's.

  std::string strategy;
  std::vector<std::string> presets;

  // Nodes of the main graph, of bodies and of functions.
  size_t nodes = 0;
  size_t tagged = 0;
  size_t in_uncalled_functions = 0;  // Not tagged.
  size_t training_graphs = 0;        // Of training_info: copied as they are.
  std::array<size_t, kNumEvidenceKinds> by_evidence = {};

  // Of the tagged nodes. The sum over all is the number of owners that are expected to be right.
  double sum_of_confidence = 0;
  size_t doubtful = 0;  // Nodes with evidence whose owner is as likely wrong as right (kDoubtful).

  size_t of_several = 0;  // Nodes that do the work of more modules than their owner.

  // Nodes that the root owns.
  size_t named_root = 0;   // Their evidence says the root.
  size_t unexplained = 0;  // Nothing speaks for them.
  std::vector<std::pair<std::string, size_t>> unexplained_operators;  // Most frequent first.

  size_t modules = 0;
  bool calls_known = true;    // Whether the hierarchy says of any module how often it was called.
  size_t called_modules = 0;  // All, if calls are not known.
  std::vector<std::pair<std::string, size_t>> nodes_by_module;  // Path and count, sidecar's order.
  std::vector<std::string> called_without_nodes;                // Paths, sidecar's order.

  // What the model offered to each kind of evidence, and how much of it named something in the
  // hierarchy.
  struct Offer {
    std::string kind;
    size_t offered = 0, resolved = 0;
  };
  std::vector<Offer> offers;

  // Each kind of evidence of the strategy, strongest first: for how many nodes it proposed an
  // owner, and if for none, why.
  struct Use {
    std::string kind;
    size_t nodes = 0;
    std::string why_not;
  };
  std::vector<Use> uses;

  // Of the sidecar; the word for where `ops` come from is "" if there are none.
  size_t calls = 0, ops = 0;
  std::string ops_source;

  std::vector<std::string> notes;     // Assumptions made.
  std::vector<std::string> warnings;  // For the user to judge.
  std::string validation;             // Its level; "" if the run did not get there.
  std::vector<std::string> findings;  // Of validation.

  std::vector<StageTime> stages;  // Without them renderings have no times: equal for equal runs.

  // The share of nodes with evidence other than none that are not doubtful, 0 to 1; 1 for a model
  // without nodes.
  double coverage() const {
    if (nodes == 0) return 1;
    const size_t none = by_evidence[static_cast<int>(EvidenceKind::kNone)];
    return static_cast<double>(tagged - none - doubtful) / static_cast<double>(nodes);
  }

  // The share of tagged nodes whose owner is expected to be right, 0 to 1; 1 if there are none.
  double expected_exact() const {
    return tagged == 0 ? 1 : sum_of_confidence / static_cast<double>(tagged);
  }
};

}  // namespace modelexport

#endif  // MODELEXPORT_REPORT_REPORT_H_
