#include "modelexport/validation/message_schema.h"

namespace modelexport {
namespace {

constexpr int kNumMessages = static_cast<int>(MessageKind::kOpaque);

constexpr absl::string_view kNames[kNumMessages] = {
    "ModelProto",     "GraphProto",  "FunctionProto",     "NodeProto",
    "AttributeProto", "TensorProto", "SparseTensorProto",
};

struct Table {
  MessageKind holds[kNumMessages][kMaxMessageField];
};

constexpr Table MakeTable() {
  Table table = {};
  for (auto& row : table.holds) {
    for (MessageKind& kind : row) kind = MessageKind::kOpaque;
  }
  for (const MessageField& field : kMessageFields) {
    table.holds[static_cast<int>(field.in)][field.number] = field.holds;
  }
  return table;
}

constexpr Table kTable = MakeTable();

}  // namespace

MessageKind KindOfField(MessageKind in, uint32_t number) {
  return number < kMaxMessageField ? kTable.holds[static_cast<int>(in)][number]
                                   : MessageKind::kOpaque;
}

absl::string_view NameOf(MessageKind message) { return kNames[static_cast<int>(message)]; }

}  // namespace modelexport
