#include "modelexport/onnx/attributes.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/framed_field.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {
namespace {

float AsFloat(uint64_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));  // The low bytes: all supported machines are so.
  return value;
}

// The fields of one AttributeProto that hold numbers and strings, whatever its type.
struct AttributeFields {
  absl::optional<int64_t> i;
  absl::optional<float> f;
  absl::optional<std::string> s;
  std::vector<int64_t> ints;
  std::vector<float> floats;
  std::vector<std::string> strings;
};

class AttributeReader {
 public:
  explicit AttributeReader(Cursor* cursor) : cursor_(*cursor) {}

  AttributeRecord Read(const Field& at) {
    record_.range = FramedOf(at);
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) ReadField(field);
    if (record_.type == AttributeType::kUndefined) record_.type = TypeOfFields();
    TakeValues();
    return std::move(record_);
  }

 private:
  void ReadField(const Field& field) {
    using namespace attribute_proto;
    switch (field.number) {
      case kName:
        ReadText(field, "AttributeProto.name", &record_.name);
        break;
      case kRefAttrName:
        ReadText(field, "AttributeProto.ref_attr_name", &record_.reference);
        break;
      case kType:
        if (!cursor_.Expect(field, WireType::kVarint, "AttributeProto.type")) break;
        record_.type = static_cast<AttributeType>(static_cast<int32_t>(field.value));
        break;
      case kInt:
        if (cursor_.Expect(field, WireType::kVarint, "AttributeProto.i")) {
          fields_.i = static_cast<int64_t>(field.value);
        }
        break;
      case kFloat:
        if (cursor_.Expect(field, WireType::kFixed32, "AttributeProto.f")) {
          fields_.f = AsFloat(field.value);
        }
        break;
      case kString:
        fields_.s.emplace();
        ReadText(field, "AttributeProto.s", &*fields_.s);
        break;
      case kInts:
        ReadInts(field);
        break;
      case kFloats:
        ReadFloats(field);
        break;
      case kStrings:
        if (record_.too_large) break;
        fields_.strings.emplace_back();
        ReadText(field, "AttributeProto.strings", &fields_.strings.back());
        break;
    }
  }

  // Texts over the limit are not read.
  void ReadText(const Field& field, absl::string_view what, std::string* text) {
    if (!cursor_.Expect(field, WireType::kBytes, what)) return;
    // A string takes memory even if it is empty.
    text_size_ += field.payload().size() + sizeof(std::string);
    if (text_size_ > kMaxAttributeText) {
      record_.too_large = true;
    } else {
      *text = std::string(cursor_.Bytes(field));
    }
  }

  // Repeated numbers may be packed.
  void ReadInts(const Field& field) {
    if (field.type == WireType::kVarint) {
      AddNumber(static_cast<int64_t>(field.value), &fields_.ints);
      return;
    }
    if (!cursor_.Expect(field, WireType::kBytes, "AttributeProto.ints")) return;
    const Cursor::Message message(cursor_, field);
    uint64_t value;
    while (!record_.too_large && cursor_.NextPacked(&value)) {
      AddNumber(static_cast<int64_t>(value), &fields_.ints);
    }
  }

  void ReadFloats(const Field& field) {
    if (field.type == WireType::kFixed32) {
      AddNumber(AsFloat(field.value), &fields_.floats);
      return;
    }
    if (!cursor_.Expect(field, WireType::kBytes, "AttributeProto.floats")) return;
    const Cursor::Message message(cursor_, field);
    uint64_t bits;
    while (!record_.too_large && cursor_.NextPackedFixed(sizeof(float), &bits)) {
      AddNumber(AsFloat(bits), &fields_.floats);
    }
  }

  template <typename T>
  void AddNumber(T number, std::vector<T>* numbers) {
    record_.too_large = record_.too_large || numbers->size() >= kMaxAttributeNumbers;
    if (!record_.too_large) numbers->push_back(number);
  }

  AttributeType TypeOfFields() const {
    if (!fields_.ints.empty()) return AttributeType::kInts;
    if (!fields_.floats.empty()) return AttributeType::kFloats;
    if (!fields_.strings.empty()) return AttributeType::kStrings;
    if (fields_.i.has_value()) return AttributeType::kInt;
    if (fields_.f.has_value()) return AttributeType::kFloat;
    return fields_.s.has_value() ? AttributeType::kString : AttributeType::kUndefined;
  }

  void TakeValues() {
    if (record_.too_large || !record_.reference.empty()) return;
    switch (record_.type) {
      case AttributeType::kInt:
        record_.ints = {fields_.i.value_or(0)};
        break;
      case AttributeType::kInts:
        record_.ints = std::move(fields_.ints);
        break;
      case AttributeType::kFloat:
        record_.floats = {fields_.f.value_or(0)};
        break;
      case AttributeType::kFloats:
        record_.floats = std::move(fields_.floats);
        break;
      case AttributeType::kString:
        record_.strings = {std::move(fields_.s).value_or("")};
        break;
      case AttributeType::kStrings:
        record_.strings = std::move(fields_.strings);
        break;
      default:
        break;
    }
  }

  Cursor& cursor_;
  AttributeRecord record_;
  AttributeFields fields_;
  size_t text_size_ = 0;
};

}  // namespace

absl::StatusOr<Attributes> Attributes::Read(const ModelIndex& index, NodeId node) {
  Attributes attributes;
  Cursor cursor(index.source(), index.node(node).range.content());
  Field field;
  while (cursor.Next(&field)) {
    if (field.number != node_proto::kAttribute) continue;
    if (!cursor.Expect(field, WireType::kBytes, "NodeProto.attribute")) break;
    if (attributes.all_.size() == kMaxAttributes) {
      cursor.Fail(field.key, absl::StrCat("a node of over ", kMaxAttributes, " attributes"));
      break;
    }
    attributes.all_.push_back(AttributeReader(&cursor).Read(field));
  }
  MX_RETURN_IF_ERROR(cursor.status());
  return attributes;
}

const AttributeRecord* Attributes::Find(absl::string_view name) const {
  for (const AttributeRecord& attribute : all_) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

const AttributeRecord* Attributes::FindValue(absl::string_view name, AttributeType type) const {
  const AttributeRecord* const found = Find(name);
  const bool has_value =
      found != nullptr && found->type == type && !found->too_large && found->reference.empty();
  return has_value ? found : nullptr;
}

int64_t Attributes::Int(absl::string_view name, int64_t otherwise) const {
  const AttributeRecord* const found = FindValue(name, AttributeType::kInt);
  return found == nullptr ? otherwise : found->ints[0];
}

float Attributes::Float(absl::string_view name, float otherwise) const {
  const AttributeRecord* const found = FindValue(name, AttributeType::kFloat);
  return found == nullptr ? otherwise : found->floats[0];
}

std::string Attributes::String(absl::string_view name, absl::string_view otherwise) const {
  const AttributeRecord* const found = FindValue(name, AttributeType::kString);
  return found == nullptr ? std::string(otherwise) : found->strings[0];
}

absl::optional<std::vector<int64_t>> Attributes::Ints(absl::string_view name) const {
  const AttributeRecord* const found = FindValue(name, AttributeType::kInts);
  if (found == nullptr) return absl::nullopt;
  return found->ints;
}

std::vector<double> AttributeNumbers(const ModelIndex& index, NodeId node, absl::string_view name) {
  const absl::StatusOr<Attributes> attributes = Attributes::Read(index, node);
  const AttributeRecord* const found = attributes.ok() ? attributes->Find(name) : nullptr;
  if (found == nullptr) return {};
  std::vector<double> numbers(found->ints.begin(), found->ints.end());
  numbers.insert(numbers.end(), found->floats.begin(), found->floats.end());
  return numbers;
}

}  // namespace modelexport
