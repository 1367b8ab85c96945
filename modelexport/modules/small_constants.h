// Constants that are a part of what a graph does, and no weights: axes, shapes, factors.
#ifndef MODELEXPORT_MODULES_SMALL_CONSTANTS_H_
#define MODELEXPORT_MODULES_SMALL_CONSTANTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// Tensors whose message takes more bytes than this are not small.
inline constexpr uint64_t kMaxSmallConstant = 1024;

// What Constant nodes make, and initializers of whole numbers or with one element at no dimension,
// if they are small, stored in the model and no tensor of the hierarchy. Of the main graph alone.
class SmallConstants {
 public:
  static constexpr uint32_t kNone = 0xFFFFFFFF;

  // Errors are those of reading the source. Keeps no reference to `owned`. Takes time in proportion
  // to the nodes and tensors.
  static absl::StatusOr<SmallConstants> Read(const OwnedGraph& owned);

  // A number that equal constants share; kNone for all other values.
  uint32_t of(ValueId value) const {
    const auto found = of_.find(value);
    return found == of_.end() ? kNone : found->second;
  }

  // The attributes of a Constant node that makes it, as fields of a NodeProto.
  absl::string_view attributes(uint32_t constant) const { return attributes_[constant]; }

 private:
  class Reader;

  absl::flat_hash_map<ValueId, uint32_t> of_;
  std::vector<std::string> attributes_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_SMALL_CONSTANTS_H_
