#include "modelexport/onnx/attribute_numbers.h"

#include <cstring>

#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {
namespace {

double AsFloat(uint64_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));  // The low bytes: all supported machines are so.
  return value;
}

double AsInt(uint64_t bits) { return static_cast<double>(static_cast<int64_t>(bits)); }

// Reads one field `floats` or `ints`, which may be packed.
void ReadRepeated(Cursor& cursor, const Field& field, std::vector<double>* numbers) {
  const bool floats = field.number == attribute_proto::kFloats;
  if (field.type != WireType::kBytes) {
    numbers->push_back(floats ? AsFloat(field.value) : AsInt(field.value));
    return;
  }
  if (!floats) {
    const Cursor::Message message(cursor, field);
    uint64_t value;
    while (numbers->size() <= kMaxAttributeNumbers && cursor.NextPacked(&value)) {
      numbers->push_back(AsInt(value));
    }
    return;
  }
  for (uint64_t at = field.begin; at + 4 <= field.end && numbers->size() <= kMaxAttributeNumbers;
       at += 4) {
    uint64_t bits = 0;
    const absl::string_view bytes = cursor.Bytes(Range{at, at + 4});
    if (!cursor.status().ok()) return;
    std::memcpy(&bits, bytes.data(), bytes.size());
    numbers->push_back(AsFloat(bits));
  }
}

// The numbers of one AttributeProto if it has the name, else none.
std::vector<double> ReadIfNamed(Cursor& cursor, const Field& attribute, absl::string_view name) {
  using namespace attribute_proto;
  std::vector<double> numbers;
  bool named = false;
  const Cursor::Message message(cursor, attribute);
  Field field;
  while (numbers.size() <= kMaxAttributeNumbers && cursor.Next(&field)) {
    if (field.number == kName && field.type == WireType::kBytes) {
      named = cursor.Bytes(field) == name;
      if (!named) return {};
    } else if (field.number == kFloat && field.type == WireType::kFixed32) {
      numbers.push_back(AsFloat(field.value));
    } else if (field.number == kInt && field.type == WireType::kVarint) {
      numbers.push_back(AsInt(field.value));
    } else if (field.number == kFloats || field.number == kInts) {
      ReadRepeated(cursor, field, &numbers);
    }
  }
  if (!named || numbers.size() > kMaxAttributeNumbers) numbers.clear();
  return numbers;
}

}  // namespace

std::vector<double> AttributeNumbers(const ModelIndex& index, NodeId node, absl::string_view name) {
  Cursor cursor(index.source(), index.node(node).range.content());
  Field field;
  while (cursor.Next(&field)) {
    if (field.number != node_proto::kAttribute || field.type != WireType::kBytes) continue;
    std::vector<double> numbers = ReadIfNamed(cursor, field, name);
    if (!cursor.status().ok()) return {};
    if (!numbers.empty()) return numbers;
  }
  return {};
}

}  // namespace modelexport
