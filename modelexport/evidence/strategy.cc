#include "modelexport/evidence/strategy.h"

#include <algorithm>

namespace modelexport {

std::vector<std::string> Strategy::KeysToLoad() const {
  std::vector<std::string> keys;
  for (const auto& matcher : matchers) {
    for (const absl::string_view key : matcher->keys_to_load()) keys.emplace_back(key);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace modelexport
