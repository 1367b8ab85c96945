#include "modelexport/validation/misplaced_keys.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/message_view.h"
#include "modelexport/tags/keys.h"

namespace modelexport {
namespace {

constexpr uint64_t kMaxValueInfo = 64 << 10;
constexpr uint64_t kMaxEntry = 4 << 10;

// Messages in messages; protobuf's own parsers stop there.
constexpr int kMaxDepth = 100;

absl::string_view FirstBytes(const Field& field, uint64_t most, Cursor* cursor) {
  return cursor->Bytes(Range{field.begin, std::min(field.end, field.begin + most)});
}

MetadataHolder InGraph(uint32_t number) {
  switch (number) {
    case graph_proto::kNode:
      return MetadataHolder::kNode;
    case graph_proto::kInitializer:
      return MetadataHolder::kTensor;
    case graph_proto::kSparseInitializer:
      return MetadataHolder::kSparseTensor;
    case graph_proto::kInput:
    case graph_proto::kOutput:
    case graph_proto::kValueInfo:
      return MetadataHolder::kValueInfo;
    case graph_proto::kMetadata:
      return MetadataHolder::kEntry;
  }
  return MetadataHolder::kNone;
}

MetadataHolder InFunction(uint32_t number) {
  switch (number) {
    case function_proto::kNode:
      return MetadataHolder::kNode;
    case function_proto::kDefaultAttribute:
      return MetadataHolder::kAttribute;
    case function_proto::kValueInfo:
      return MetadataHolder::kValueInfo;
    case function_proto::kMetadata:
      return MetadataHolder::kEntry;
  }
  return MetadataHolder::kNone;
}

MetadataHolder InAttribute(uint32_t number) {
  switch (number) {
    case attribute_proto::kTensor:
    case attribute_proto::kTensors:
      return MetadataHolder::kTensor;
    case attribute_proto::kSparseTensor:
    case attribute_proto::kSparseTensors:
      return MetadataHolder::kSparseTensor;
    case attribute_proto::kGraph:
    case attribute_proto::kGraphs:
      return MetadataHolder::kGraph;
  }
  return MetadataHolder::kNone;
}

MetadataHolder If(bool is_there, MetadataHolder holder) {
  return is_there ? holder : MetadataHolder::kNone;
}

}  // namespace

MetadataHolder HolderInField(MetadataHolder holder, uint32_t number) {
  switch (holder) {
    case MetadataHolder::kTrainingInfo:
      return If(number == training_info_proto::kInitialization ||
                    number == training_info_proto::kAlgorithm,
                MetadataHolder::kGraph);
    case MetadataHolder::kGraph:
      return InGraph(number);
    case MetadataHolder::kFunction:
      return InFunction(number);
    case MetadataHolder::kNode:
      if (number == node_proto::kAttribute) return MetadataHolder::kAttribute;
      return If(number == node_proto::kMetadata, MetadataHolder::kEntry);
    case MetadataHolder::kAttribute:
      return InAttribute(number);
    case MetadataHolder::kTensor:
      return If(number == tensor_proto::kMetadata, MetadataHolder::kEntry);
    case MetadataHolder::kSparseTensor:
      return If(number == sparse_tensor_proto::kValues || number == sparse_tensor_proto::kIndices,
                MetadataHolder::kTensor);
    case MetadataHolder::kValueInfo:
      return If(number == value_info_proto::kMetadata, MetadataHolder::kEntry);
    case MetadataHolder::kEntry:
    case MetadataHolder::kNone:
      break;
  }
  return MetadataHolder::kNone;
}

void MisplacedKeys::FindIn(MetadataHolder holder, const Field& at, int depth, Cursor* cursor) {
  if (at.type != WireType::kBytes || depth > kMaxDepth) return;
  if (holder == MetadataHolder::kEntry) return TakeEntry(FirstBytes(at, kMaxEntry, cursor));
  if (holder == MetadataHolder::kValueInfo) {
    return FindInValueInfo(FirstBytes(at, kMaxValueInfo, cursor));
  }
  const Cursor::Message message(*cursor, at);
  Field field;
  while (cursor->Next(&field)) {
    const MetadataHolder inner = HolderInField(holder, field.number);
    if (inner != MetadataHolder::kNone) FindIn(inner, field, depth + 1, cursor);
  }
}

// There is one for each value of some models: no cursor, which would take twice as long.
void MisplacedKeys::FindInValueInfo(absl::string_view value_info) {
  FieldView field;
  while (!value_info.empty() && TakeField(&value_info, &field)) {
    if (field.number != value_info_proto::kMetadata || field.type != WireType::kBytes) continue;
    TakeEntry(field.payload.substr(0, kMaxEntry));
  }
}

// An entry whose value is cut off still has its key, which is the first field.
void MisplacedKeys::TakeEntry(absl::string_view entry) {
  absl::string_view key;
  FieldView field;
  while (!entry.empty() && TakeField(&entry, &field)) {
    if (field.number == string_entry_proto::kKey && field.type == WireType::kBytes) {
      key = field.payload;
    }
  }
  if (!IsOwnKey(key)) return;
  if (++count_ == 1) first_ = std::string(key);
}

std::string MisplacedKeys::ToText() const {
  return absl::StrCat("key \"", absl::CHexEscape(first_), "\"",
                      count_ > 1 ? absl::StrCat(", and ", count_ - 1, " more") : "");
}

}  // namespace modelexport
