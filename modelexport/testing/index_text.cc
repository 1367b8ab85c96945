#include "modelexport/testing/index_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"

namespace modelexport::testing {
namespace {

class Writer {
 public:
  explicit Writer(const ModelIndex& index) : index_(index) {}

  std::string Write() {
    std::string out = Model();
    for (const GraphRecord& graph : index_.graphs()) out += Graph(graph);
    for (size_t n = 0; n < index_.nodes().size(); ++n) out += Node(NodeId(n));
    for (size_t t = 0; t < index_.tensors().size(); ++t) out += Tensor(t);
    return out;
  }

 private:
  std::string Model() const {
    std::string out = "model";
    if (index_.ir_version()) absl::StrAppend(&out, " ir_version ", index_.ir_version()->value);
    if (!index_.model_metadata().empty()) {
      absl::StrAppend(&out, ", metadata", Metadata(index_.model_metadata()));
    }
    if (index_.num_training_info() > 0) {
      absl::StrAppend(&out, ", training_info ", index_.num_training_info());
    }
    return out + "\n";
  }

  std::string Graph(const GraphRecord& graph) const {
    return absl::StrCat("graph ", index_.id_of(graph).index(), " ", Kind(graph), Quoted(graph.name),
                        " ", graph.overload == StringId(0) ? "" : Quoted(graph.overload) + " ",
                        List(graph.inputs), " => ", List(graph.outputs),
                        Span("nodes", ": ", graph.first_node, graph.num_nodes),
                        Span("tensors", ", ", graph.first_tensor, graph.num_tensors), "\n");
  }

  std::string Kind(const GraphRecord& graph) const {
    switch (graph.kind) {
      case GraphRecord::Kind::kMain:
        return "main ";
      case GraphRecord::Kind::kFunction:
        return absl::StrCat("function ", Quoted(graph.domain), " ");
      case GraphRecord::Kind::kBody:
        break;
    }
    return absl::StrCat("body ", Quoted(graph.attribute_name),
                        graph.position < 0 ? "" : absl::StrCat(":", graph.position), " of node ",
                        graph.parent.index(), ", depth ", graph.depth, " ");
  }

  std::string Node(NodeId id) const {
    const NodeRecord& node = index_.node(id);
    return absl::StrCat(
        "node ", id.index(), " ", node.name == StringId(0) ? "" : Quoted(node.name) + " ",
        node.domain == StringId(0) ? "" : absl::StrCat(Text(node.domain), "."), Text(node.op_type),
        node.overload == StringId(0) ? "" : absl::StrCat(":", Text(node.overload)), " ",
        List(index_.inputs(id)), " => ", List(index_.outputs(id)), Metadata(index_.metadata(id)),
        "\n");
  }

  std::string Tensor(size_t t) const {
    const TensorRecord& tensor = index_.tensors()[t];
    std::string out = absl::StrCat(
        "tensor ", t, " ", Role(tensor.role), " ", Quoted(tensor.name), " ", tensor.data_type, "[",
        absl::StrJoin(index_.dims(tensor), ", "), "] in graph ", tensor.graph.index());
    if (tensor.node.valid()) absl::StrAppend(&out, ", node ", tensor.node.index());
    if (tensor.external_location.valid()) {
      absl::StrAppend(&out, ", external ", Quoted(tensor.external_location));
    }
    return out + "\n";
  }

  static absl::string_view Role(TensorRecord::Role role) {
    switch (role) {
      case TensorRecord::Role::kInitializer:
        return "initializer";
      case TensorRecord::Role::kSparseInitializer:
        return "sparse";
      case TensorRecord::Role::kAttribute:
        break;
    }
    return "attribute";
  }

  std::string Metadata(absl::Span<const MetadataEntry> entries) const {
    std::string out;
    for (const MetadataEntry& entry : entries) {
      absl::StrAppend(&out, " ", Quoted(entry.key));
      if (entry.loaded.valid()) absl::StrAppend(&out, "=", Quoted(entry.loaded));
    }
    return out;
  }

  static std::string Span(absl::string_view what, absl::string_view before, uint32_t first,
                          uint32_t count) {
    return count == 0 ? "" : absl::StrCat(before, what, " ", first, "-", first + count);
  }

  absl::string_view Text(StringId id) const { return index_.text(id); }
  std::string Quoted(StringId id) const {
    return absl::StrCat("\"", absl::CEscape(Text(id)), "\"");
  }

  std::string List(absl::Span<const StringId> names) const {
    return absl::StrCat("(",
                        absl::StrJoin(names, ", ",
                                      [this](std::string* out, StringId name) {
                                        absl::StrAppend(out, Text(name));
                                      }),
                        ")");
  }

  const ModelIndex& index_;
};

}  // namespace

std::string ToText(const ModelIndex& index) { return Writer(index).Write(); }

}  // namespace modelexport::testing
