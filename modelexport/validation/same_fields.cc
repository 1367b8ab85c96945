#include "modelexport/validation/same_fields.h"

#include "absl/strings/match.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/message_view.h"

namespace modelexport {
namespace {

// Key first, value second, nothing else: what every program writes.
bool ReadKey(absl::string_view entry, absl::string_view* key) {
  using namespace string_entry_proto;
  FieldView field;
  if (!TakeField(&entry, &field) || field.number != kKey || field.type != WireType::kBytes) {
    return false;
  }
  *key = field.payload;
  if (entry.empty()) return true;
  return TakeField(&entry, &field) && field.number == kValue && field.type == WireType::kBytes &&
         entry.empty();
}

// False also for malformed fields.
bool HasNoMetadata(absl::string_view node) {
  FieldView field;
  while (!node.empty()) {
    if (!TakeField(&node, &field) || field.number == node_proto::kMetadata) return false;
  }
  return true;
}

enum class Taken { kField, kEnd, kUnusual };

// Takes the next field that is no entry that may differ, with its key and length.
Taken TakeCommon(absl::string_view* bytes, MayDiffer may_differ, absl::string_view* field,
                 bool* has_entries) {
  while (!bytes->empty()) {
    const absl::string_view rest = *bytes;
    FieldView part;
    if (!TakeField(bytes, &part)) return Taken::kUnusual;
    *field = rest.substr(0, rest.size() - bytes->size());
    if (part.number != node_proto::kMetadata || part.type != WireType::kBytes) {
      return Taken::kField;
    }
    absl::string_view key;
    if (!ReadKey(part.payload, &key)) return Taken::kUnusual;
    if (!may_differ(key)) return Taken::kField;
    *has_entries = true;
  }
  return Taken::kEnd;
}

}  // namespace

bool SameFields(absl::string_view a, absl::string_view b, MayDiffer in_a, MayDiffer in_b,
                bool* has_entries) {
  *has_entries = false;
  // What tagging makes of most nodes: entries behind the same bytes.
  if (absl::StartsWith(b, a) && HasNoMetadata(a)) {
    b.remove_prefix(a.size());
    a = "";
  }
  absl::string_view field_a, field_b;
  while (true) {
    const Taken taken = TakeCommon(&a, in_a, &field_a, has_entries);
    if (taken == Taken::kUnusual) return false;
    if (TakeCommon(&b, in_b, &field_b, has_entries) != taken) return false;
    if (taken == Taken::kEnd) return true;
    if (field_a != field_b) return false;
  }
}

}  // namespace modelexport
