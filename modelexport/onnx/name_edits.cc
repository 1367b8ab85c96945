#include "modelexport/onnx/name_edits.h"

#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/message_ref.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/proto/message_view.h"

namespace modelexport {

std::vector<GraphId> RootsOfGraphs(const ModelIndex& index) {
  std::vector<GraphId> roots;
  roots.reserve(index.graphs().size());
  for (size_t i = 0; i < index.graphs().size(); ++i) {
    const GraphRecord& graph = index.graphs()[i];
    const bool is_body = graph.kind == GraphRecord::Kind::kBody;
    // A body comes after the graph that holds it.
    roots.push_back(is_body ? roots[index.graph_of(graph.parent).index()] : GraphId(i));
  }
  return roots;
}

absl::StatusOr<bool> HasNameField(const ModelIndex& index, NodeId node) {
  Cursor cursor(index.source(), ContentOf(index, MessageRef::Of(node)));
  Field field;
  bool found = false;
  while (cursor.Next(&field)) found |= field.number == node_proto::kName;
  MX_RETURN_IF_ERROR(cursor.status());
  return found;
}

void NameEdits::NameNode(NodeId node, absl::optional<absl::string_view> name) {
  if (name.has_value()) name = Keep(*name);
  nodes_[node.index()] = name;
}

bool NameEdits::NameValue(GraphId root, absl::string_view from, absl::string_view to) {
  const auto key = std::make_pair(root.index(), from);
  const auto found = values_.find(key);
  if (found != values_.end()) return found->second == to;
  values_[{root.index(), Keep(from)}] = Keep(to);
  return true;
}

absl::optional<absl::string_view> NameEdits::NewName(GraphId root, absl::string_view value) const {
  const auto found = values_.find(std::make_pair(root.index(), value));
  if (found == values_.end()) return absl::nullopt;
  return found->second;
}

absl::Status NameEdits::Make(const std::atomic<bool>* cancelled, std::vector<Edit>* edits) {
  Cursor cursor(index_.source());
  size_t step = 0;
  for (size_t g = 0; g < index_.graphs().size(); ++g) {
    const GraphRecord& graph = index_.graphs()[g];
    for (uint32_t n = 0; n < graph.num_nodes; ++n) {
      if (EndsEarly(cancelled, step++)) return CheckCancelled(cancelled);
      const NodeId node(graph.first_node + n);
      if (values_.empty() && !nodes_.contains(node.index())) continue;
      EditNode(node, roots_[g], &cursor, edits);
    }
    if (!values_.empty()) EditGraph(GraphId(g), &cursor, edits);
  }
  return cursor.status();
}

void NameEdits::EditNode(NodeId node, GraphId root, Cursor* cursor, std::vector<Edit>* edits) {
  const MessageRef message = MessageRef::Of(node);
  const Range content = ContentOf(index_, message);
  cursor->Restart(content);
  Field field;
  absl::optional<Field> name;
  while (cursor->Next(&field)) {
    if (field.type != WireType::kBytes) continue;
    if (field.number == node_proto::kName) name = field;
    if (field.number == node_proto::kInput || field.number == node_proto::kOutput) {
      EditPart(message, Part::kName, root, field, cursor, edits);
    } else if (field.number == node_proto::kDeviceConfigurations) {
      EditPart(message, Part::kDevices, root, field, cursor, edits);
    }
  }
  const auto renamed = nodes_.find(node.index());
  if (renamed == nodes_.end()) return;
  if (name.has_value() && renamed->second.has_value()) {
    Replace(message, *name, *renamed->second, edits);
  } else if (name.has_value()) {
    edits->push_back({message, {{name->key, name->end}, ""}});
  } else if (renamed->second.has_value()) {
    std::string bytes;
    AppendBytesField(node_proto::kName, *renamed->second, &bytes);
    edits->push_back({message, {{content.end, content.end}, Keep(bytes)}});
  }
}

NameEdits::Part NameEdits::PartOfGraph(GraphId graph, const Field& field) const {
  if (field.type != WireType::kBytes) return Part::kOther;
  if (index_.graph(graph).kind == GraphRecord::Kind::kFunction) {
    return field.number == function_proto::kValueInfo ? Part::kValueInfo : Part::kOther;
  }
  if (field.number == graph_proto::kValueInfo) return Part::kValueInfo;
  return field.number == graph_proto::kQuantizationAnnotation ? Part::kAnnotation : Part::kOther;
}

void NameEdits::EditGraph(GraphId graph, Cursor* cursor, std::vector<Edit>* edits) {
  const MessageRef message = MessageRef::Of(graph);
  cursor->Restart(ContentOf(index_, message));
  Field field;
  while (cursor->Next(&field)) {
    const Part part = PartOfGraph(graph, field);
    if (part == Part::kOther) continue;
    EditPart(message, part, roots_[graph.index()], field, cursor, edits);
  }
}

absl::Status NameEdits::VisitDeclaredNames(absl::FunctionRef<void(absl::string_view)> visit) const {
  Cursor cursor(index_.source());
  for (size_t g = 0; g < index_.graphs().size(); ++g) {
    cursor.Restart(ContentOf(index_, MessageRef::Of(GraphId(g))));
    Field field;
    while (cursor.Next(&field)) {
      const Part part = PartOfGraph(GraphId(g), field);
      if (part != Part::kOther) VisitNames(part, cursor.Bytes(field), visit);
    }
  }
  return cursor.status();
}

void NameEdits::VisitNames(Part message, absl::string_view bytes,
                           absl::FunctionRef<void(absl::string_view)> visit) {
  FieldView field;
  while (!bytes.empty() && TakeField(&bytes, &field)) {
    const Part part = field.type == WireType::kBytes ? PartOf(message, field.number) : Part::kOther;
    if (part == Part::kName) visit(field.payload);
    if (part == Part::kEntry) VisitNames(part, field.payload, visit);
  }
}

void NameEdits::EditPart(MessageRef message, Part part, GraphId root, const Field& field,
                         Cursor* cursor, std::vector<Edit>* edits) {
  const absl::string_view bytes = cursor->Bytes(field);
  if (part == Part::kName) {
    const absl::optional<absl::string_view> to = NewName(root, bytes);
    if (to.has_value()) Replace(message, field, *to, edits);
    return;
  }
  std::string rewritten;
  if (Rewrite(part, root, bytes, &rewritten)) Replace(message, field, rewritten, edits);
}

NameEdits::Part NameEdits::PartOf(Part message, uint32_t field) {
  switch (message) {
    case Part::kValueInfo:  // ValueInfoProto.name
    case Part::kSharding:   // ShardingSpecProto.tensor_name
      return field == 1 ? Part::kName : Part::kOther;
    case Part::kAnnotation:  // TensorAnnotation.tensor_name, .quant_parameter_tensor_names
      return field == 1 ? Part::kName : field == 2 ? Part::kEntry : Part::kOther;
    case Part::kEntry:
      return field == string_entry_proto::kValue ? Part::kName : Part::kOther;
    case Part::kDevices:  // NodeDeviceConfigurationProto.sharding_spec
      return field == 2 ? Part::kSharding : Part::kOther;
    default:
      return Part::kOther;
  }
}

// Copies a message with its names replaced. What cannot be read as fields is copied as it is.
// Returns whether there was a name to replace. As deep as parts nest: three levels.
bool NameEdits::Rewrite(Part message, GraphId root, absl::string_view bytes, std::string* out) {
  bool changed = false;
  while (!bytes.empty()) {
    const absl::string_view rest = bytes;
    FieldView field;
    if (!TakeField(&bytes, &field)) {
      out->append(rest.data(), rest.size());
      break;
    }
    const Part part = field.type == WireType::kBytes ? PartOf(message, field.number) : Part::kOther;
    const absl::string_view whole = rest.substr(0, rest.size() - bytes.size());
    const size_t before = out->size();
    if (part == Part::kName) {
      const absl::optional<absl::string_view> to = NewName(root, field.payload);
      if (to.has_value()) AppendBytesField(field.number, *to, out);
    } else if (part != Part::kOther) {
      std::string inner;
      if (Rewrite(part, root, field.payload, &inner)) AppendBytesField(field.number, inner, out);
    }
    const bool copied = out->size() == before;
    if (copied) out->append(whole.data(), whole.size());
    changed |= !copied;
  }
  return changed;
}

void NameEdits::Replace(MessageRef message, const Field& field, absl::string_view payload,
                        std::vector<Edit>* edits) {
  const int header = VarintSize(field.number << 3) + VarintSize(field.payload().size());
  headers_were_minimal_ &= field.begin - field.key == static_cast<uint64_t>(header);
  std::string bytes;
  AppendBytesField(field.number, payload, &bytes);
  edits->push_back({message, {{field.key, field.end}, Keep(bytes)}});
}

}  // namespace modelexport
