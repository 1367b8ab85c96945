// The attributes of nodes, which ModelIndex leaves unread.
#ifndef MODELEXPORT_ONNX_ATTRIBUTES_H_
#define MODELEXPORT_ONNX_ATTRIBUTES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// A node with more attributes than this is an error: one may take two bytes of the file, and takes
// some 200 of memory.
inline constexpr size_t kMaxAttributes = 1 << 16;

// At most so many numbers of an attribute are read, and so many bytes of its strings, of which each
// counts as 32 bytes more.
inline constexpr size_t kMaxAttributeNumbers = 1 << 20;
inline constexpr size_t kMaxAttributeText = 1 << 20;

// AttributeProto.AttributeType.
enum class AttributeType : int32_t {
  kUndefined = 0,
  kFloat = 1,
  kInt = 2,
  kString = 3,
  kTensor = 4,
  kGraph = 5,
  kFloats = 6,
  kInts = 7,
  kStrings = 8,
  kTensors = 9,
  kGraphs = 10,
  kSparseTensor = 11,
  kSparseTensors = 12,
  kType = 13,
  kTypes = 14,
};

// One AttributeProto. Its type says which of its fields count. If the file gives no type, as old
// ones do, it is that of the numbers or strings that are there. A number or string that the file
// leaves out has protobuf's default, 0 or "".
struct AttributeRecord {
  Framed range;
  std::string name;
  AttributeType type = AttributeType::kUndefined;  // May be a number without a name here.

  // Not empty if the value is that of the attribute with this name of the function around the node.
  std::string reference;

  // Values of type kInt or kInts, kFloat or kFloats, kString or kStrings. Values of other types are
  // read from `range`: types with ReadTypeField(), tensors and graphs are in the ModelIndex.
  std::vector<int64_t> ints;
  std::vector<float> floats;
  std::vector<std::string> strings;

  // Whether values are left out, all of them, as they are over the limits above.
  bool too_large = false;
};

// The attributes of one node.
class Attributes {
 public:
  // Reads them from the source of `index`. Malformed input and too many attributes are
  // kInvalidArgument with the source's name and the byte offset; errors of reading are passed on.
  static absl::StatusOr<Attributes> Read(const ModelIndex& index, NodeId node);

  // In file order.
  const std::vector<AttributeRecord>& all() const { return all_; }

  // The first with this name; null if there is none.
  const AttributeRecord* Find(absl::string_view name) const;

  // The value of an attribute; `otherwise` if there is none of this name and type, if its value is
  // a reference, and if it is too large.
  int64_t Int(absl::string_view name, int64_t otherwise) const;
  float Float(absl::string_view name, float otherwise) const;
  std::string String(absl::string_view name, absl::string_view otherwise) const;

  // Likewise for kInts; absent instead of `otherwise`.
  absl::optional<std::vector<int64_t>> Ints(absl::string_view name) const;

 private:
  const AttributeRecord* FindValue(absl::string_view name, AttributeType type) const;

  std::vector<AttributeRecord> all_;
};

// The numbers of the first attribute `name` of a node: the one of kFloat or kInt, or those of
// kFloats or kInts, in order. Empty if there is no such attribute, if it holds something else or a
// reference, if the attributes cannot be read, and if there are more than kMaxAttributeNumbers.
std::vector<double> AttributeNumbers(const ModelIndex& index, NodeId node, absl::string_view name);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_ATTRIBUTES_H_
