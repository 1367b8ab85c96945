// Edits that give nodes and values of a model other names.
#ifndef MODELEXPORT_ONNX_NAME_EDITS_H_
#define MODELEXPORT_ONNX_NAME_EDITS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/proto/string_table.h"

namespace modelexport {

// The main graph or the function that each graph of `index` is in, or is. All graphs with one root
// share one space of names: a body may read what the graphs around it make.
std::vector<GraphId> RootsOfGraphs(const ModelIndex& index);

// Whether a node has a field for its name, be it empty.
absl::StatusOr<bool> HasNameField(const ModelIndex& index, NodeId node);

// Moved, not copied. The edits point into it.
class NameEdits {
 public:
  // `index` must outlive the object.
  explicit NameEdits(const ModelIndex& index) : index_(index), roots_(RootsOfGraphs(index)) {}

  // Absent: without the field. If the field is repeated, the last one, which counts, is replaced.
  void NameNode(NodeId node, absl::optional<absl::string_view> name);

  // The value `from` of all graphs with this root, of which it must be neither an input nor an
  // output nor an initializer, is called `to`. False if it is to have another name already.
  bool NameValue(GraphId root, absl::string_view from, absl::string_view to);

  // What the value is to be called; absent if it keeps its name.
  absl::optional<absl::string_view> NewName(GraphId root, absl::string_view value) const;

  // Calls `visit` with each name that value_info and quantization annotations have, also of values
  // that there are not: a value must not get such a name. Errors are those of reading.
  absl::Status VisitDeclaredNames(absl::FunctionRef<void(absl::string_view)> visit) const;

  const std::vector<GraphId>& roots() const { return roots_; }

  // Appends the edits. A value's name changes wherever it is written: in inputs and outputs of
  // nodes, value_info, quantization annotations and sharding specifications. Errors are those of
  // reading the source, and kCancelled once `*cancelled` is true; null: never.
  absl::Status Make(const std::atomic<bool>* cancelled, std::vector<Edit>* edits);

  // Whether each field that the edits replace had a header of the shortest form. Only then do edits
  // to the former names restore the source.
  bool headers_were_minimal() const { return headers_were_minimal_; }

 private:
  enum class Part : uint8_t { kName, kValueInfo, kAnnotation, kEntry, kDevices, kSharding, kOther };

  static Part PartOf(Part message, uint32_t field);
  static void VisitNames(Part message, absl::string_view bytes,
                         absl::FunctionRef<void(absl::string_view)> visit);
  Part PartOfGraph(GraphId graph, const Field& field) const;
  void EditNode(NodeId node, GraphId root, Cursor* cursor, std::vector<Edit>* edits);
  void EditGraph(GraphId graph, Cursor* cursor, std::vector<Edit>* edits);
  void EditPart(MessageRef message, Part part, GraphId root, const Field& field, Cursor* cursor,
                std::vector<Edit>* edits);
  bool Rewrite(Part message, GraphId root, absl::string_view bytes, std::string* out);
  void Replace(MessageRef message, const Field& field, absl::string_view payload,
               std::vector<Edit>* edits);
  absl::string_view Keep(absl::string_view bytes) { return bytes_[bytes_.Add(bytes)]; }

  const ModelIndex& index_;
  std::vector<GraphId> roots_;
  absl::flat_hash_map<size_t, absl::optional<absl::string_view>> nodes_;
  absl::flat_hash_map<std::pair<size_t, absl::string_view>, absl::string_view> values_;
  StringTable bytes_;
  bool headers_were_minimal_ = true;
};

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_NAME_EDITS_H_
