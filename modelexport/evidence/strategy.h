// Strategies: which kinds of evidence a run uses.
#ifndef MODELEXPORT_EVIDENCE_STRATEGY_H_
#define MODELEXPORT_EVIDENCE_STRATEGY_H_

#include <memory>
#include <string>
#include <vector>

#include "modelexport/evidence/matcher.h"

namespace modelexport {

using Matchers = std::vector<std::shared_ptr<const Matcher>>;

// The program's own strategies are those of ownership/standard_strategies.h. A program that links
// the library may make others and hand them to a request.
struct Strategy {
  std::string name;
  Matchers matchers;  // The strongest evidence first.

  // The metadata keys that the matchers read, each once: what an index must load for this strategy.
  std::vector<std::string> KeysToLoad() const;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_STRATEGY_H_
