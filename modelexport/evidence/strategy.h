// Strategies: which kinds of evidence a run uses.
#ifndef MODELEXPORT_EVIDENCE_STRATEGY_H_
#define MODELEXPORT_EVIDENCE_STRATEGY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/evidence/matcher.h"

namespace modelexport {

// A row of the table of strategies. Others may be made anywhere and handed to the pipeline.
struct Strategy {
  std::string name;
  // Strongest evidence first.
  std::vector<std::shared_ptr<const Matcher>> matchers;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_STRATEGY_H_
