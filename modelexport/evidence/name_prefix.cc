#include "modelexport/evidence/name_prefix.h"

#include <algorithm>
#include <cstddef>

#include "absl/container/flat_hash_map.h"

namespace modelexport {
namespace {

constexpr size_t kMaxPrefix = 64;

// Most files have no prefix: a few names show that.
constexpr size_t kFirstLook = 32;
constexpr size_t kSample = 512;

// The first `most` names at equal distances, of which `use` takes each.
template <typename Use>
void ForSample(absl::Span<const absl::string_view> names, size_t most, Use use) {
  const size_t step = names.size() / most + 1;
  for (size_t i = 0; i < names.size(); i += step) use(names[i]);
}

bool AreMostlyKnown(absl::Span<const absl::string_view> names,
                    absl::FunctionRef<bool(absl::string_view)> known) {
  size_t num_seen = 0, num_known = 0;
  ForSample(names, kFirstLook, [&](absl::string_view name) {
    ++num_seen;
    num_known += known(name);
  });
  return 2 * num_known >= num_seen;
}

}  // namespace

std::string FindNamePrefix(absl::Span<const absl::string_view> names,
                           absl::FunctionRef<bool(absl::string_view)> known) {
  if (AreMostlyKnown(names, known)) return "";
  absl::flat_hash_map<absl::string_view, size_t> votes;
  ForSample(names, kSample, [&](absl::string_view name) {
    for (size_t size = 0; size < std::min(name.size(), kMaxPrefix); ++size) {
      if (!known(name.substr(size))) continue;
      ++votes[name.substr(0, size)];
      return;
    }
  });
  size_t most = 1, all = 0;
  absl::string_view best;
  for (const auto& [prefix, count] : votes) {
    all += count;
    if (count > most || (count == most && most > 1 && prefix < best)) best = prefix;
    most = std::max(most, count);
  }
  return 2 * most > all ? std::string(best) : "";
}

}  // namespace modelexport
