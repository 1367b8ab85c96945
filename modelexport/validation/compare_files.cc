#include "modelexport/validation/compare_files.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/proto/encode.h"
#include "modelexport/tags/keys.h"
#include "modelexport/validation/message_schema.h"
#include "modelexport/validation/place.h"
#include "modelexport/validation/same_fields.h"
#include "modelexport/validation/watched_source.h"

namespace modelexport {
namespace {

constexpr uint64_t kBlock = 64 << 10;
constexpr uint64_t kRaisedIrVersion = 10;

Range Whole(const Field& field) { return {field.key, field.end}; }

bool IsMessage(MessageKind kind) { return kind < MessageKind::kOpaque; }

// Which entries may differ in a part of the files.
struct Freedom {
  PresetSet written, removed, replaced;
  bool notes_written = false, notes_removed = false;
};

// The same for one message and one side.
struct OurKeys {
  PresetSet presets;
  bool notes = false;
  bool on_node = true;

  bool Has(absl::string_view key) const {
    if (key == kPresetsKey || key == kHierarchyKey || key == kForeignKey) return notes;
    return (on_node || IsOwnKey(key)) && presets.OwnsKey(key);
  }
};

// Where the walk is: a message, and what is needed to name it.
struct Scope {
  MessageKind kind = MessageKind::kModel;
  const GraphPlace* graph = nullptr;
  absl::optional<uint64_t> node;  // In `graph`, if the message lies in a node.
  Range range;                    // In the original.
  uint64_t num_nodes = 0;         // Met so far in it, for a graph.
  int64_t num_bodies = 0;         // Met so far in its `graphs`, for an attribute.
  uint64_t num_functions = 0;     // Met so far, for the model.
  Freedom freedom;
  OurKeys in, out;  // Of the original and the tagged file.
};

class Comparison {
 public:
  Comparison(const ByteSource& original, const ByteSource& tagged,
             const CompareFilesOptions& options, Findings* findings)
      : options_(options), source_(original), in_(original), out_(tagged), findings_(findings) {}

  void Run() {
    Scope model;
    model.in = model.out = {PresetSet(), false, false};
    if (options_.exact) return void(CompareMessage(&model));
    model.freedom = {options_.written, options_.removed, options_.replaced, options_.notes, true};
    model.in = {options_.removed, true, false};
    model.out = {options_.written, options_.notes, false};
    CompareMessage(&model);
  }

  const absl::Status& original_status() const { return in_.status(); }
  const absl::Status& tagged_status() const { return out_.status(); }

 private:
  bool ok() const { return in_.status().ok() && out_.status().ok(); }

  // Compares the current messages of both. Returns whether either has entries that may differ.
  bool CompareMessage(Scope* scope) {
    bool edited = false;
    Field in, out;
    while (true) {
      const bool has_in = NextCommon(*scope, scope->in, &in_, &in, &edited);
      const bool has_out = NextCommon(*scope, scope->out, &out_, &out, &edited);
      if (!ok() || (!has_in && !has_out)) return edited;
      if (!has_in) {
        ReportExtra(*scope, out);
      } else if (!has_out) {
        Report("diff.missing", *scope, in, absl::StrCat("at byte ", in.key, " of the original"));
      } else if (in.number != out.number || in.type != out.type) {
        Report("diff.field", *scope, in,
               absl::StrCat("at byte ", in.key, " of the original; field ", out.number, " at byte ",
                            out.key, " is there instead"));
        return edited;
      } else {
        edited |= CompareField(scope, in, out);
      }
    }
  }

  // The next field that must be there on both sides.
  bool NextCommon(const Scope& scope, const OurKeys& ours, Cursor* cursor, Field* field,
                  bool* edited) {
    while (cursor->Next(field)) {
      if (KindOfField(scope.kind, field->number) != MessageKind::kMetadata) return true;
      if (field->type != WireType::kBytes) return true;
      if (!ours.Has(cursor->Bytes(ReadEntry(cursor, *field).key))) return true;
      *edited = true;
    }
    return false;
  }

  struct Entry {
    Range key, value;
  };

  // The last of each field counts.
  static Entry ReadEntry(Cursor* cursor, const Field& at) {
    using namespace string_entry_proto;
    Entry entry{{at.end, at.end}, {at.end, at.end}};
    const Cursor::Message message(*cursor, at);
    Field field;
    while (cursor->Next(&field)) {
      if (field.type != WireType::kBytes) continue;
      if (field.number == kKey) entry.key = field.payload();
      if (field.number == kValue) entry.value = field.payload();
    }
    return entry;
  }

  // The presets whose keys on a node are another program's, as its first note says.
  static PresetSet NotedOn(Cursor* cursor, const Field& node) {
    const Cursor::Message message(*cursor, node);
    Field field;
    while (cursor->Next(&field)) {
      if (field.number != node_proto::kMetadata || field.type != WireType::kBytes) continue;
      const Entry entry = ReadEntry(cursor, field);
      if (cursor->Bytes(entry.key) != kForeignKey) continue;
      return PresetSet::Parse(cursor->Bytes(entry.value)).borrowed();
    }
    return PresetSet();
  }

  void FreeEntriesOfNode(const Field& in, const Field& out, Scope* node) {
    const Freedom& freedom = node->freedom;
    PresetSet noted_in, noted_out;
    if ((freedom.written | freedom.removed | freedom.replaced).borrows()) {
      noted_in = NotedOn(&in_, in);
      noted_out = NotedOn(&out_, out);
    }
    node->in = {(freedom.removed - noted_in) | (freedom.replaced - noted_out),
                freedom.notes_removed};
    node->out = {freedom.written - noted_out, freedom.notes_written};
  }

  bool CompareField(Scope* scope, const Field& in, const Field& out) {
    const MessageKind kind = KindInScope(*scope, in);
    if (IsMessage(kind)) return CompareChild(kind, scope, in, out);
    if (kind == MessageKind::kPayload) {
      ComparePayload(*scope, in, out);
    } else if (!IsRaisedIrVersion(*scope, in.value, out)) {
      CompareBytes("diff.bytes", *scope, in, Whole(in), Whole(out));
    }
    return false;
  }

  MessageKind KindInScope(const Scope& scope, const Field& field) {
    const MessageKind kind = KindOfField(scope.kind, field.number);
    if (field.type != WireType::kBytes) return MessageKind::kOpaque;
    const bool too_deep = kind == MessageKind::kGraph && scope.kind == MessageKind::kAttribute &&
                          scope.graph->depth == kMaxGraphDepth;
    return too_deep ? MessageKind::kOpaque : kind;
  }

  bool IsRaisedIrVersion(const Scope& scope, uint64_t before, const Field& out) {
    return options_.ir_version_raised && scope.kind == MessageKind::kModel &&
           out.number == model_proto::kIrVersion && out.type == WireType::kVarint &&
           out.value == kRaisedIrVersion && before < kRaisedIrVersion;
  }

  bool CompareChild(MessageKind kind, Scope* scope, const Field& in, const Field& out) {
    CompareKeys(*scope, in, out);
    bool edited = false;
    GraphPlace place;
    Scope child = ChildScope(kind, scope, in, &place);
    if (kind == MessageKind::kNode) FreeEntriesOfNode(in, out, &child);
    if (!IsSameNode(child, in, out, &edited)) {
      const Cursor::Message in_message(in_, in);
      const Cursor::Message out_message(out_, out);
      edited = CompareMessage(&child);
    }
    const bool resized = edited || in.payload().size() != out.payload().size();
    if (resized && IsMinimal(out)) return edited;
    if (FirstDifference({in.length, in.begin}, {out.length, out.begin}).has_value() && ok()) {
      Report("diff.length", *scope, in,
             absl::StrCat("length at byte ", in.length, " of the original, ", out.length, " here"));
    }
    return edited;
  }

  // Equal numbers and types in one byte have no other encoding.
  void CompareKeys(const Scope& scope, const Field& in, const Field& out) {
    if (in.length - in.key == 1 && out.length - out.key == 1) return;
    CompareBytes("diff.bytes", scope, in, {in.key, in.length}, {out.key, out.length});
  }

  bool IsSameNode(const Scope& child, const Field& in, const Field& out, bool* edited) {
    if (child.kind != MessageKind::kNode) return false;
    if (in.payload().size() > kBlock || out.payload().size() > kBlock) return false;
    const auto in_a = [&](absl::string_view key) { return child.in.Has(key); };
    const auto in_b = [&](absl::string_view key) { return child.out.Has(key); };
    return SameFields(in_.Bytes(in), out_.Bytes(out), in_a, in_b, edited);
  }

  static bool IsMinimal(const Field& field) {
    return field.begin - field.length == static_cast<uint64_t>(VarintSize(field.payload().size()));
  }

  // `place` is where the scope of a graph keeps its place.
  Scope ChildScope(MessageKind kind, Scope* scope, const Field& in, GraphPlace* place) {
    Scope child;
    child.kind = kind;
    child.range = in.payload();
    child.graph = scope->graph;
    child.node = scope->node;
    child.freedom = scope->freedom;
    if (kind == MessageKind::kNode) child.node = scope->num_nodes++;
    if (kind != MessageKind::kGraph && kind != MessageKind::kFunction) return child;
    if (kind == MessageKind::kFunction) {
      place->kind = GraphPlace::Kind::kFunction;
      place->range = in.payload();
      const auto& uncalled = options_.uncalled_functions;
      if (std::binary_search(uncalled.begin(), uncalled.end(), scope->num_functions++)) {
        child.freedom = FreedomOfUncalled();
      }
    } else if (scope->kind == MessageKind::kAttribute) {
      const bool listed = in.number == attribute_proto::kGraphs;
      *place = {GraphPlace::Kind::kBody,
                scope->graph->in_function,
                scope->graph->depth + 1,
                scope->range,
                scope->graph,
                *scope->node,
                listed ? scope->num_bodies++ : -1};
    }
    child.graph = place;
    child.node.reset();
    return child;
  }

  Freedom FreedomOfUncalled() const {
    const PresetSet removed = options_.removed_from_uncalled;
    const bool notes = !removed.empty();
    return {{}, removed, removed, notes && options_.notes, notes};
  }

  void ComparePayload(const Scope& scope, const Field& in, const Field& out) {
    if (in.payload().size() != out.payload().size()) {
      Report("diff.payload_size", scope, in,
             absl::StrCat(in.payload().size(), " bytes at byte ", in.begin, " of the original, ",
                          out.payload().size(), " at byte ", out.begin, " here"));
      return;
    }
    CompareBytes("diff.bytes", scope, in, {in.key, in.begin}, {out.key, out.begin});
    if (options_.payloads) CompareBytes("diff.payload", scope, in, in.payload(), out.payload());
  }

  void CompareBytes(absl::string_view code, const Scope& scope, const Field& in, Range a, Range b) {
    const absl::optional<uint64_t> difference = FirstDifference(a, b);
    if (!difference.has_value() || !ok()) return;
    Report(code, scope, in,
           absl::StrCat("from byte ", a.begin + *difference, " of the original, ",
                        b.begin + *difference, " here"));
  }

  // The position of the first byte that differs or is there on one side alone.
  absl::optional<uint64_t> FirstDifference(Range a, Range b) {
    const uint64_t common = std::min(a.size(), b.size());
    for (uint64_t done = 0; done < common; done += kBlock) {
      const uint64_t end = std::min(common, done + kBlock);
      const absl::string_view in = in_.Bytes(Range{a.begin + done, a.begin + end});
      const absl::string_view out = out_.Bytes(Range{b.begin + done, b.begin + end});
      if (in == out && ok()) continue;
      return done +
             (std::mismatch(in.begin(), in.end(), out.begin(), out.end()).first - in.begin());
    }
    if (a.size() == b.size()) return absl::nullopt;
    return common;
  }

  void ReportExtra(const Scope& scope, const Field& out) {
    if (IsRaisedIrVersion(scope, 0, out)) return;
    Report("diff.extra", scope, out, absl::StrCat("at byte ", out.key));
  }

  void Report(absl::string_view code, const Scope& scope, const Field& field,
              absl::string_view text) {
    if (!findings_->Count(code)) return;
    findings_->Keep(code, PlaceOfScope(scope),
                    absl::StrCat(NameOf(scope.kind), " field ", field.number, ": ", text));
  }

  std::string PlaceOfScope(const Scope& scope) {
    if (scope.graph == nullptr) return "model";
    if (scope.node.has_value()) return PlaceOf(source_, *scope.graph, *scope.node);
    if (scope.kind == MessageKind::kTensor) {
      return InitializerPlace(source_, *scope.graph, scope.range);
    }
    const std::string place = PlaceOf(source_, *scope.graph);
    return place.empty() ? "graph" : place;
  }

  const CompareFilesOptions& options_;
  const ByteSource& source_;
  Cursor in_, out_;
  Findings* const findings_;
};

}  // namespace

absl::Status CompareFiles(const ByteSource& original, const ByteSource& tagged,
                          const CompareFilesOptions& options, Findings* findings) {
  const WatchedSource in(original, options.cancelled);
  const WatchedSource out(tagged, options.cancelled);
  Comparison comparison(in, out, options, findings);
  comparison.Run();
  MX_RETURN_IF_ERROR(comparison.original_status());
  return out.Conclude(comparison.tagged_status(), findings);
}

}  // namespace modelexport
