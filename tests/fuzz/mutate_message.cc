#include "tests/fuzz/mutate_message.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/proto/encode.h"

namespace modelexport::fuzz {
namespace {

// ONNX numbers its fields from 1 to 26.
constexpr uint32_t kNumbers = 26;

// How deep the fields of a model lie that are worth a visit: those of nodes in bodies.
constexpr int kMaxDepth = 12;

constexpr uint64_t kOddNumbers[] = {0,   1,     2,         3,          10,        127,
                                    128, 65536, INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX};

struct FieldBytes {
  uint32_t number;
  WireType type;
  absl::string_view whole, payload;
};

// The fields of a message; none if it is malformed.
std::vector<FieldBytes> FieldsOf(absl::string_view message) {
  const auto source = BytesInMemory(std::string(message));
  Cursor cursor(*source);
  std::vector<FieldBytes> fields;
  Field field;
  while (cursor.Next(&field)) {
    fields.push_back({field.number, field.type, message.substr(field.key, field.end - field.key),
                      message.substr(field.begin, field.end - field.begin)});
  }
  if (!cursor.status().ok()) fields.clear();
  return fields;
}

// One of `fields`, which are not none: each is as likely as another, or one byte is as another.
size_t Choose(const std::vector<FieldBytes>& fields, size_t size, Random* random) {
  if (random->Below(2) == 0) return random->Below(fields.size());
  size_t byte = random->Below(size);
  size_t i = 0;
  while (byte >= fields[i].whole.size()) byte -= fields[i++].whole.size();
  return i;
}

// Whether to look for the place of a change in the payload.
bool GoesFurther(const FieldBytes& field, int depth, Random* random) {
  return field.type == WireType::kBytes && depth < kMaxDepth && random->Below(4) != 0;
}

// Any field of `message`, at any depth; empty if it is malformed.
std::string AnyField(absl::string_view message, Random* random) {
  std::string found;
  for (int depth = 0;; ++depth) {
    const std::vector<FieldBytes> fields = FieldsOf(message);
    if (fields.empty()) return found;
    const FieldBytes& field = fields[Choose(fields, message.size(), random)];
    found = std::string(field.whole);
    if (!GoesFurther(field, depth, random)) return found;
    message = field.payload;
  }
}

std::string BytesField(uint32_t number, absl::string_view payload) {
  std::string field;
  AppendBytesField(number, payload, &field);
  return field;
}

std::string NumberField(uint32_t number, uint64_t value) {
  std::string field;
  AppendVarintField(number, value, &field);
  return field;
}

std::string WithOtherValue(const FieldBytes& field, Random* random) {
  if (field.type != WireType::kBytes) {
    return NumberField(field.number, random->OneOf(kOddNumbers));
  }
  return BytesField(field.number, random->Changed(std::string(field.payload)));
}

std::string WithOtherType(const FieldBytes& field, Random* random) {
  if (field.type != WireType::kBytes) return BytesField(field.number, field.payload);
  return NumberField(field.number, random->OneOf(kOddNumbers));
}

// The payload of `donor`, which is one field, under the number of `field`.
std::string WithPayloadOf(const FieldBytes& field, absl::string_view donor) {
  const std::vector<FieldBytes> given = FieldsOf(donor);
  return BytesField(field.number, given.empty() ? "" : given[0].payload);
}

std::string Mutated(absl::string_view message, absl::string_view donor, int depth, Random* random) {
  const std::vector<FieldBytes> fields = FieldsOf(message);
  if (fields.empty()) return random->Changed(std::string(message));
  std::vector<std::string> pieces;
  for (const FieldBytes& field : fields) pieces.emplace_back(field.whole);
  const size_t at = Choose(fields, message.size(), random);
  const FieldBytes& field = fields[at];
  std::string& piece = pieces[at];
  if (GoesFurther(field, depth, random)) {
    piece = BytesField(field.number, Mutated(field.payload, donor, depth + 1, random));
    return absl::StrJoin(pieces, "");
  }
  switch (random->Below(9)) {
    case 0:
      piece.clear();
      break;
    case 1:
      piece.append(field.whole.data(), field.whole.size());
      break;
    case 2:
      std::swap(piece, pieces[random->Below(pieces.size())]);
      break;
    case 3:
      piece = pieces[random->Below(pieces.size())];
      break;
    case 4:
      piece += AnyField(donor, random);
      break;
    case 5:
      piece = WithPayloadOf(field, AnyField(donor, random));
      break;
    case 6:
      piece = BytesField(1 + random->Below(kNumbers), field.payload);
      break;
    case 7:
      piece = WithOtherType(field, random);
      break;
    default:
      piece = WithOtherValue(field, random);
  }
  return absl::StrJoin(pieces, "");
}

}  // namespace

std::string MutateMessage(absl::string_view message, absl::string_view donor, Random* random) {
  return Mutated(message, donor, 0, random);
}

}  // namespace modelexport::fuzz
