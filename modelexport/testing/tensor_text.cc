#include "modelexport/testing/tensor_text.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/testing/message_bytes.h"

namespace modelexport::testing {
namespace {

using namespace tensor_proto;  // NOLINT(google-build-using-namespace): field numbers.

using Number = TextReader::Number;

// Appends a value as raw_data has it, and as the element of a packed field.
using Append = void (*)(const Number&, std::string*);

template <typename T>
void AppendFixed(const Number& number, std::string* out) {
  const T value = number.is_integer ? static_cast<T>(number.integer) : static_cast<T>(number.real);
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out->append(bytes, sizeof(T));
}

void AppendAsVarint(const Number& number, std::string* out) {
  AppendVarint(static_cast<uint64_t>(number.integer), out);
}

// float16 and its kin are given as the integers that hold their bits, as in ONNX text.
struct ElementType {
  absl::string_view name;
  int32_t number;
  Append raw;
  Append packed;
  uint32_t field;
};

constexpr int32_t kString = 8;

constexpr ElementType kElementTypes[] = {
    {"float", 1, AppendFixed<float>, AppendFixed<float>, kFloatData},
    {"uint8", 2, AppendFixed<uint8_t>, AppendAsVarint, kInt32Data},
    {"int8", 3, AppendFixed<int8_t>, AppendAsVarint, kInt32Data},
    {"uint16", 4, AppendFixed<uint16_t>, AppendAsVarint, kInt32Data},
    {"int16", 5, AppendFixed<int16_t>, AppendAsVarint, kInt32Data},
    {"int32", 6, AppendFixed<int32_t>, AppendAsVarint, kInt32Data},
    {"int64", 7, AppendFixed<int64_t>, AppendAsVarint, kInt64Data},
    {"string", kString, nullptr, nullptr, kStringData},
    {"bool", 9, AppendFixed<uint8_t>, AppendAsVarint, kInt32Data},
    {"float16", 10, AppendFixed<uint16_t>, AppendAsVarint, kInt32Data},
    {"double", 11, AppendFixed<double>, AppendFixed<double>, kDoubleData},
    {"uint32", 12, AppendFixed<uint32_t>, AppendAsVarint, kUint64Data},
    {"uint64", 13, AppendFixed<uint64_t>, AppendAsVarint, kUint64Data},
    {"bfloat16", 16, AppendFixed<uint16_t>, AppendAsVarint, kInt32Data},
};

const ElementType* FindByName(absl::string_view name) {
  for (const ElementType& type : kElementTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

const ElementType& ByNumber(int32_t number) {
  const ElementType* found = kElementTypes;
  while (found->number != number) ++found;
  return *found;
}

TensorType::Dim ReadDim(TextReader& reader) {
  TensorType::Dim dim;
  if (reader.TryRead("?")) {
    dim.symbol = "?";
  } else if (reader.SeesNumber()) {
    dim.value = reader.ReadInteger();
  } else {
    dim.symbol = reader.ReadNameOrString();
  }
  return dim;
}

// The number of elements; 0 with an error if a dimension has no number.
uint64_t SizeOf(TextReader& reader, const TensorType& type) {
  uint64_t size = 1;
  for (const TensorType::Dim& dim : type.dims) {
    if (!dim.symbol.empty()) reader.Fail("expected a tensor whose dimensions are numbers");
    size *= dim.value;
  }
  return reader.ok() ? size : 0;
}

// `{1, 2}`, or `{1, 2, ...}`, which repeats the last value up to `size` values.
std::string ReadNumbers(TextReader& reader, uint64_t size, Append append) {
  std::string bytes;
  uint64_t count = 0;
  Number number;
  reader.ReadList("{", "}", [&] {
    if (reader.TryRead("...")) {
      for (; count < size; ++count) append(number, &bytes);
    } else {
      number = reader.ReadNumber();
      append(number, &bytes);
      ++count;
    }
  });
  if (count != size) reader.Fail(absl::StrCat("expected ", size, " values, not ", count));
  return bytes;
}

void ReadStrings(TextReader& reader, MessageBytes* tensor) {
  reader.ReadList("{", "}", [&] { tensor->Bytes(kStringData, reader.ReadString()); });
}

void ReadExternalData(TextReader& reader, MessageBytes* tensor) {
  tensor->Varint(kDataLocation, tensor_proto::kLocationExternal);
  reader.ReadList("[", "]", [&] {
    const std::string key = reader.ReadNameOrString();
    reader.Read(":");
    tensor->Entry(kExternalData, key, reader.ReadString());
  });
}

void ReadValues(TextReader& reader, const TensorType& type, MessageBytes* tensor) {
  const ElementType& element = ByNumber(type.element);
  if (reader.Sees("[")) {
    ReadExternalData(reader, tensor);
  } else if (type.element == kString) {
    ReadStrings(reader, tensor);
  } else if (reader.TryRead("data")) {
    tensor->Bytes(element.field, ReadNumbers(reader, SizeOf(reader, type), element.packed));
  } else {
    tensor->Bytes(kRawData, ReadNumbers(reader, SizeOf(reader, type), element.raw));
  }
}

// A list of integers in braces, of any length, as a serialized TensorProto; counts them.
std::string ReadIndices(TextReader& reader, int64_t* count) {
  std::string raw;
  *count = 0;
  reader.ReadList("{", "}", [&] {
    AppendFixed<int64_t>(reader.ReadNumber(), &raw);
    ++*count;
  });
  MessageBytes tensor;
  tensor.Varint(kDims, *count);
  tensor.Varint(kDataType, FindByName("int64")->number);
  tensor.Bytes(kRawData, raw);
  return tensor.Serialized();
}

}  // namespace

bool SeesType(TextReader& reader) { return FindByName(reader.PeekName()) != nullptr; }

TensorType ReadType(TextReader& reader) {
  TensorType type;
  if (!SeesType(reader)) {
    reader.Fail("expected a type");
    return type;
  }
  type.element = FindByName(reader.ReadName())->number;
  if (reader.Sees("[")) {
    reader.ReadList("[", "]", [&] { type.dims.push_back(ReadDim(reader)); });
    type.has_rank = !type.dims.empty();
  }
  return type;
}

std::string TypeBytes(const TensorType& type) {
  MessageBytes shape;
  for (const TensorType::Dim& dim : type.dims) {
    MessageBytes bytes;
    if (dim.symbol.empty()) bytes.Varint(1, dim.value);
    if (!dim.symbol.empty() && dim.symbol != "?") bytes.Bytes(2, dim.symbol);
    shape.Bytes(1, bytes.Serialized());
  }
  MessageBytes tensor_type;
  tensor_type.Varint(1, type.element);
  if (type.has_rank) tensor_type.Bytes(2, shape.Serialized());
  MessageBytes type_proto;
  type_proto.Bytes(1, tensor_type.Serialized());
  return type_proto.Serialized();
}

std::string ReadTensor(TextReader& reader, const TensorType& type, absl::string_view name) {
  if (!type.valid()) reader.Fail("expected a type before a tensor with values");
  if (!reader.ok()) return "";
  MessageBytes tensor;
  for (const TensorType::Dim& dim : type.dims) tensor.Varint(kDims, dim.value);
  tensor.Varint(kDataType, type.element);
  tensor.BytesUnlessEmpty(kName, name);
  ReadValues(reader, type, &tensor);
  return tensor.Serialized();
}

std::string ReadSparseTensor(TextReader& reader, const TensorType& type, absl::string_view name) {
  // How many values there are is only known behind them: they are read twice.
  TextReader ahead = reader;
  int64_t count = 0;
  ahead.TryRead("data");
  ReadIndices(ahead, &count);
  TensorType values = type;
  values.dims = {TensorType::Dim{count, ""}};
  MessageBytes sparse;
  sparse.Bytes(sparse_tensor_proto::kValues, ReadTensor(reader, values, name));
  reader.Read("at");
  sparse.Bytes(sparse_tensor_proto::kIndices, ReadIndices(reader, &count));
  for (const TensorType::Dim& dim : type.dims) sparse.Varint(3, dim.value);
  return sparse.Serialized();
}

}  // namespace modelexport::testing
