#include "modelexport/edits/renamed_node.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/proto/message_view.h"

namespace modelexport {
namespace {

constexpr uint32_t kNodeDoc = 6, kGraphDoc = 10, kGraphMetadata = 16;

// Calls `visit` with each field of a message that the index has read, and all bytes of the field.
template <typename Visit>
void ForEachField(absl::string_view message, Visit visit) {
  FieldView field;
  while (!message.empty()) {
    const absl::string_view rest = message;
    if (!TakeField(&message, &field)) return;
    visit(field, rest.substr(0, rest.size() - message.size()));
  }
}

class Renamer {
 public:
  Renamer(const GraphView& graph, const BodyForms& bodies, const NewNames& names)
      : graph_(graph), bodies_(bodies), names_(names) {}

  std::string Node(NodeId id, absl::string_view old) const {
    using namespace node_proto;
    std::string node;
    const absl::Span<const ValueId> inputs = graph_.inputs(id);
    for (uint32_t i = 0; i < inputs.size(); ++i) {
      AppendBytesField(kInput, inputs[i].valid() ? names_.input(id, i) : "", &node);
    }
    for (ValueId output : graph_.outputs(id)) {
      AppendBytesField(kOutput, output.valid() ? names_.value(output) : "", &node);
    }
    AppendBytesField(kName, names_.node(id), &node);
    size_t body = 0;
    ForEachField(old, [&](const FieldView& field, absl::string_view bytes) {
      switch (field.number) {
        case kInput:
        case kOutput:
        case kName:
        case kNodeDoc:
        case kMetadata:
          return;
        case kAttribute:
          return AppendBytesField(kAttribute, Attribute(id, field.payload, &body), &node);
        default:
          node.append(bytes.data(), bytes.size());
      }
    });
    return absl::StrCat(node, names_.metadata(id));
  }

 private:
  // `body` counts the bodies of the node.
  std::string Attribute(NodeId node, absl::string_view old, size_t* body) const {
    using namespace attribute_proto;
    std::string attribute;
    ForEachField(old, [&](const FieldView& field, absl::string_view bytes) {
      if (field.number != kGraph && field.number != kGraphs) {
        attribute.append(bytes.data(), bytes.size());
        return;
      }
      const GraphId id = graph_.index().id_of(graph_.index().bodies(node)[(*body)++]);
      AppendBytesField(field.number, Body(id, field.payload), &attribute);
    });
    return attribute;
  }

  std::string Body(GraphId id, absl::string_view old) const {
    using namespace graph_proto;
    absl::flat_hash_map<absl::string_view, ValueId> values;
    for (ValueId value : bodies_.values(id)) values.try_emplace(graph_.name(value), value);
    std::string body;
    NodeId next(graph_.index().graph(id).first_node);
    ForEachField(old, [&](const FieldView& field, absl::string_view bytes) {
      switch (field.number) {
        case kNode:
          AppendBytesField(kNode, Node(next, field.payload), &body);
          next = NodeId(next.index() + 1);
          return;
        case kInitializer:
          return AppendNamed(field, tensor_proto::kName, values, &body);
        case kInput:
        case kOutput:
        case kValueInfo:
          return AppendNamed(field, value_info_proto::kName, values, &body);
        case kQuantizationAnnotation:
        case kGraphDoc:
        case kGraphMetadata:
          return;
        default:
          body.append(bytes.data(), bytes.size());
      }
    });
    return body;
  }

  // A message whose field `name` is the name of a value. What is no value of the body is left out.
  void AppendNamed(const FieldView& old, uint32_t name,
                   const absl::flat_hash_map<absl::string_view, ValueId>& values,
                   std::string* body) const {
    std::string message;
    ValueId value;
    ForEachField(old.payload, [&](const FieldView& field, absl::string_view bytes) {
      if (field.number != name) {
        message.append(bytes.data(), bytes.size());
        return;
      }
      const auto found = values.find(field.payload);
      value = found == values.end() ? ValueId() : found->second;
    });
    if (!value.valid()) return;
    AppendBytesField(name, names_.value(value), &message);
    AppendBytesField(old.number, message, body);
  }

  const GraphView& graph_;
  const BodyForms& bodies_;
  const NewNames& names_;
};

}  // namespace

absl::StatusOr<std::string> RenamedNode(const GraphView& graph, const BodyForms& bodies,
                                        NodeId node, const NewNames& names) {
  MX_ASSIGN_OR_RETURN(const std::string old,
                      graph.index().source().ReadString(graph.index().node(node).range.content()));
  return Renamer(graph, bodies, names).Node(node, old);
}

}  // namespace modelexport
