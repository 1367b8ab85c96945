#include "modelexport/onnx/tensor_elements.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/files/external_data.h"
#include "modelexport/onnx/element_type.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/onnx/string_entry.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {
namespace {

constexpr uint64_t kMaxElements = uint64_t{1} << 48;
constexpr size_t kBlockElements = 4096;
constexpr uint64_t kBlockBytes = 64 << 10;

// Hands on elements in blocks, and no more of them than there should be.
class Blocks {
 public:
  Blocks(uint64_t expected, absl::FunctionRef<void(absl::Span<const double>)> visit)
      : left_(expected),
        visit_(visit),
        block_(static_cast<size_t>(std::min<uint64_t>(expected, kBlockElements))) {}

  // Where to put the next elements: at most `wanted` of them, which must be expected.
  absl::Span<double> Room(size_t wanted) { return absl::MakeSpan(block_).subspan(filled_, wanted); }

  // That so many of them are there.
  void Filled(size_t count) {
    filled_ += count;
    left_ -= count;
    if (filled_ == block_.size()) Flush();
  }

  void Add(double element) {
    block_[filled_] = element;
    Filled(1);
  }

  void Flush() {
    if (filled_ > 0) visit_(absl::MakeSpan(block_).subspan(0, filled_));
    filled_ = 0;
  }

  uint64_t left() const { return left_; }

 private:
  uint64_t left_;
  absl::FunctionRef<void(absl::Span<const double>)> visit_;
  std::vector<double> block_;
  size_t filled_ = 0;
};

// Where a tensor's elements are.
struct Storage {
  absl::optional<Range> raw;
  std::vector<Field> typed;
  bool is_external = false;
  std::string location;
  std::string offset;
  std::string length;
};

absl::Status Malformed(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("a tensor whose ", what));
}

class ElementReader {
 public:
  ElementReader(const ModelIndex& index, const TensorRecord& tensor, const ElementType& type,
                uint64_t count, absl::FunctionRef<void(absl::Span<const double>)> visit,
                const std::atomic<bool>* cancelled)
      : source_(index.source()),
        tensor_(tensor),
        type_(type),
        count_(count),
        blocks_(count, visit),
        cancelled_(cancelled) {}

  absl::Status Run(const DataFolder& folder) {
    MX_RETURN_IF_ERROR(FindStorage());
    if (storage_.is_external) {
      MX_RETURN_IF_ERROR(ReadExternal(folder));
    } else if (storage_.raw.has_value()) {
      MX_RETURN_IF_ERROR(ReadRaw(source_, *storage_.raw));
    } else {
      MX_RETURN_IF_ERROR(ReadTyped());
    }
    if (blocks_.left() > 0) return Malformed("data is shorter than its dims");
    blocks_.Flush();
    return absl::OkStatus();
  }

 private:
  absl::Status FindStorage() {
    using namespace tensor_proto;
    Cursor cursor(source_, tensor_.range);
    Field field;
    while (cursor.Next(&field)) {
      if (field.number == kDataLocation && field.type == WireType::kVarint) {
        storage_.is_external = field.value == kLocationExternal;
      } else if (field.number == kRawData && field.type == WireType::kBytes) {
        storage_.raw = field.payload();
      } else if (field.number == kExternalData && field.type == WireType::kBytes) {
        ReadExternalEntry(cursor, field);
      } else if (field.number == type_.typed_field) {
        storage_.typed.push_back(field);
      }
    }
    return cursor.status();
  }

  void ReadExternalEntry(Cursor& cursor, const Field& at) {
    const StringEntry entry = ReadStringEntry(cursor, at);
    if (entry.key == "location") storage_.location = entry.value;
    if (entry.key == "offset") storage_.offset = entry.value;
    if (entry.key == "length") storage_.length = entry.value;
  }

  uint64_t ByteSize() const { return (count_ * type_.bits + 7) / 8; }

  absl::Status ReadExternal(const DataFolder& folder) {
    if (!folder.has_value()) {
      return absl::NotFoundError("external data of a model that is no file");
    }
    MX_ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> file,
                        OpenExternalData(*folder, storage_.location));
    uint64_t offset = 0;
    uint64_t length = ByteSize();
    if (!storage_.offset.empty() && !absl::SimpleAtoi(storage_.offset, &offset)) {
      return Malformed("external offset is no number");
    }
    if (!storage_.length.empty() && !absl::SimpleAtoi(storage_.length, &length)) {
      return Malformed("external length is no number");
    }
    if (offset > file->size() || length > file->size() - offset) {
      return Malformed("external data goes past the end of its file");
    }
    return ReadRaw(*file, {offset, offset + length});
  }

  absl::Status ReadRaw(const ByteSource& source, Range range) {
    if (range.size() != ByteSize()) return Malformed("data is not as long as its dims");
    std::string block(std::min(kBlockBytes, range.size()), '\0');
    for (uint64_t at = range.begin; at < range.end; at += block.size()) {
      MX_RETURN_IF_ERROR(CheckCancelled(cancelled_));
      block.resize(std::min(kBlockBytes, range.end - at));
      MX_RETURN_IF_ERROR(source.Read({at, at + block.size()}, block.data()));
      if (type_.bits == 4) {
        for (const char byte : block) AddPair(static_cast<uint8_t>(byte));
      } else {
        AddBytes(block);
      }
    }
    return absl::OkStatus();
  }

  void AddBytes(absl::string_view bytes) {
    const size_t size = type_.bits / 8;
    while (!bytes.empty()) {
      const absl::Span<double> room = blocks_.Room(bytes.size() / size);
      type_.decode_raw(bytes.data(), room.size(), room.data());
      blocks_.Filled(room.size());
      bytes.remove_prefix(room.size() * size);
    }
  }

  // The last byte may hold one element alone.
  void AddPair(uint64_t bits) {
    blocks_.Add(type_.decode(bits));
    if (blocks_.left() > 0) blocks_.Add(type_.decode(bits >> 4));
  }

  absl::Status ReadTyped() {
    Cursor cursor(source_, tensor_.range);
    for (const Field& field : storage_.typed) {
      const bool fits =
          field.type == WireType::kBytes ? ReadPacked(cursor, field) : Add(field.value);
      MX_RETURN_IF_ERROR(cursor.status());
      if (!fits) return Malformed("data is longer than its dims");
    }
    return absl::OkStatus();
  }

  bool ReadPacked(Cursor& cursor, const Field& field) {
    using namespace tensor_proto;
    if (type_.typed_field == kFloatData) return ReadPackedFixed(cursor, field, sizeof(float));
    if (type_.typed_field == kDoubleData) return ReadPackedFixed(cursor, field, sizeof(double));
    const Cursor::Message message(cursor, field);
    uint64_t value;
    while (cursor.NextPacked(&value)) {
      if (!Add(value)) return false;
    }
    return true;
  }

  bool ReadPackedFixed(Cursor& cursor, const Field& field, int size) {
    if (field.payload().size() % size != 0) return false;
    const Cursor::Message message(cursor, field);
    uint64_t bits;
    while (cursor.NextPackedFixed(size, &bits)) {
      if (!Add(bits)) return false;
    }
    return true;
  }

  bool Add(uint64_t bits) {
    if (blocks_.left() == 0) return false;
    if (type_.bits == 4) {
      AddPair(bits);
    } else {
      blocks_.Add(type_.decode(bits));
    }
    return true;
  }

  const ByteSource& source_;
  const TensorRecord& tensor_;
  const ElementType& type_;
  const uint64_t count_;
  Blocks blocks_;
  const std::atomic<bool>* const cancelled_;
  Storage storage_;
};

}  // namespace

absl::optional<uint64_t> CountElements(absl::Span<const int64_t> dims) {
  uint64_t count = 1;
  bool too_many = false;
  for (const int64_t dim : dims) {
    if (dim < 0) return absl::nullopt;
    if (dim == 0) return 0;
    too_many = too_many || static_cast<uint64_t>(dim) > kMaxElements / count;
    if (!too_many) count *= static_cast<uint64_t>(dim);
  }
  if (too_many) return absl::nullopt;
  return count;
}

absl::optional<uint64_t> NumElements(const ModelIndex& index, const TensorRecord& tensor) {
  return CountElements(index.dims(tensor));
}

absl::Status ReadElements(const ModelIndex& index, const TensorRecord& tensor,
                          const DataFolder& folder,
                          absl::FunctionRef<void(absl::Span<const double>)> visit,
                          const std::atomic<bool>* cancelled) {
  const ElementType* const type = ElementTypeOf(tensor.data_type);
  if (type == nullptr) {
    return absl::UnimplementedError(
        absl::StrCat("elements of type ", tensor.data_type, " are no numbers"));
  }
  const absl::optional<uint64_t> count = CountElements(index.dims(tensor));
  if (!count.has_value()) return Malformed("dims are negative or too large");
  return ElementReader(index, tensor, *type, *count, visit, cancelled).Run(folder);
}

}  // namespace modelexport
