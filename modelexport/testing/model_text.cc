#include "modelexport/testing/model_text.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/testing/message_bytes.h"
#include "modelexport/testing/tensor_text.h"
#include "modelexport/testing/text_reader.h"

namespace modelexport::testing {
namespace {

namespace attribute = attribute_proto;
namespace function = function_proto;
namespace graph = graph_proto;
namespace model = model_proto;
namespace node = node_proto;

// The kinds of values that an attribute may hold: the name in text, AttributeProto.type and field
// of one, and of a list of them.
struct AttributeKind {
  absl::string_view name;
  int32_t type;
  uint32_t field;
  absl::string_view list_name;
  int32_t list_type;
  uint32_t list_field;
};

constexpr AttributeKind kFloat = {"float", 1, 2, "floats", 6, 7};
constexpr AttributeKind kInt = {"int", 2, 3, "ints", 7, 8};
constexpr AttributeKind kString = {"string", 3, 4, "strings", 8, 9};
constexpr AttributeKind kTensor = {"tensor",  4, attribute::kTensor,
                                   "tensors", 9, attribute::kTensors};
constexpr AttributeKind kGraph = {"graph", 5, attribute::kGraph, "graphs", 10, attribute::kGraphs};
constexpr AttributeKind kSparse = {"sparse_tensor",  11, attribute::kSparseTensor,
                                   "sparse_tensors", 12, attribute::kSparseTensors};
constexpr const AttributeKind* kKinds[] = {&kFloat, &kInt, &kString, &kTensor, &kGraph, &kSparse};

constexpr uint32_t kType = 20;
constexpr uint32_t kReference = 21;

// Each function reads one construct and returns it serialized.
class Parser {
 public:
  explicit Parser(absl::string_view text) : reader_(text) {}

  absl::StatusOr<std::string> Run() {
    std::string bytes = ReadModel();
    if (!reader_.ok()) return reader_.status();
    return bytes;
  }

 private:
  std::string ReadModel() {
    MessageBytes bytes;
    if (reader_.Sees("<")) {
      reader_.ReadList("<", ">", [&] { ReadModelField(&bytes); });
    } else {
      bytes.Varint(model::kIrVersion, 10);
      bytes.Bytes(8, Opset("", 20));
    }
    bytes.Bytes(model::kGraph, ReadGraph());
    while (!reader_.AtEnd() && reader_.ok()) bytes.Bytes(model::kFunctions, ReadFunction());
    return bytes.Serialized();
  }

  std::string ReadKey() {
    std::string key = reader_.ReadName();
    reader_.Read(":");
    return key;
  }

  void ReadModelField(MessageBytes* bytes) {
    const std::string key = ReadKey();
    if (key == "ir_version") {
      bytes->Varint(model::kIrVersion, reader_.ReadInteger());
    } else if (key == "producer_name") {
      bytes->Bytes(2, reader_.ReadString());
    } else if (key == "producer_version") {
      bytes->Bytes(3, reader_.ReadString());
    } else if (key == "domain") {
      bytes->Bytes(4, reader_.ReadString());
    } else if (key == "model_version") {
      bytes->Varint(5, reader_.ReadInteger());
    } else if (key == "doc_string") {
      bytes->Bytes(6, reader_.ReadString());
    } else if (key == "opset_import") {
      ReadOpsets(8, bytes);
    } else if (key == "metadata_props") {
      ReadMetadata("[", "]", model::kMetadata, bytes);
    } else {
      reader_.Fail(absl::StrCat("a model has no `", key, "`"));
    }
  }

  void ReadFunctionField(MessageBytes* bytes) {
    const std::string key = ReadKey();
    if (key == "domain") {
      bytes->Bytes(function::kDomain, reader_.ReadString());
    } else if (key == "overload") {
      bytes->Bytes(function::kOverload, reader_.ReadString());
    } else if (key == "opset_import") {
      ReadOpsets(9, bytes);
    } else if (key == "doc_string") {
      bytes->Bytes(8, reader_.ReadString());
    } else {
      reader_.Fail(absl::StrCat("a function has no `", key, "`"));
    }
  }

  static std::string Opset(absl::string_view domain, int64_t version) {
    MessageBytes bytes;
    bytes.Bytes(1, domain);
    bytes.Varint(2, version);
    return bytes.Serialized();
  }

  void ReadOpsets(uint32_t number, MessageBytes* bytes) {
    reader_.ReadList("[", "]", [&] {
      const std::string domain = reader_.ReadString();
      reader_.Read(":");
      bytes->Bytes(number, Opset(domain, reader_.ReadInteger()));
    });
  }

  void ReadMetadata(absl::string_view open, absl::string_view close, uint32_t number,
                    MessageBytes* bytes) {
    reader_.ReadList(open, close, [&] {
      const std::string key = reader_.ReadNameOrString();
      reader_.Read(":");
      bytes->Entry(number, key, reader_.ReadString());
    });
  }

  void ReadNames(uint32_t number, MessageBytes* bytes) {
    reader_.ReadList("(", ")", [&] { bytes->Bytes(number, reader_.ReadNameOrString()); });
  }

  std::string ReadGraph() {
    MessageBytes bytes;
    bytes.BytesUnlessEmpty(graph::kName, reader_.ReadNameOrString());
    reader_.ReadList("(", ")", [&] { ReadValue(graph::kInput, &bytes); });
    reader_.Read("=>");
    reader_.ReadList("(", ")", [&] { ReadValue(graph::kOutput, &bytes); });
    if (reader_.Sees("<")) reader_.ReadList("<", ">", [&] { ReadValue(13, &bytes); });
    ReadNodes(graph::kNode, &bytes);
    return bytes.Serialized();
  }

  // A value in the list of field `number` of a graph, an initializer, or both: an input with a
  // default. The type of an initializer in the third list is no value_info as well.
  void ReadValue(uint32_t number, MessageBytes* bytes) {
    if (reader_.TryRead("sparse ")) {
      const TensorType type = ReadType(reader_);
      const std::string name = reader_.ReadNameOrString();
      reader_.Read("=");
      bytes->Bytes(graph::kSparseInitializer, ReadSparseTensor(reader_, type, name));
      return;
    }
    const TensorType type = SeesType(reader_) ? ReadType(reader_) : TensorType();
    const std::string name = reader_.ReadNameOrString();
    const bool has_values = reader_.TryRead("=");
    if (has_values) bytes->Bytes(graph::kInitializer, ReadTensor(reader_, type, name));
    if (has_values && number == 13) return;
    MessageBytes value;
    value.Bytes(value_info_proto::kName, name);
    if (type.valid()) value.Bytes(2, TypeBytes(type));
    bytes->Bytes(number, value.Serialized());
  }

  std::string ReadFunction() {
    MessageBytes bytes;
    if (reader_.Sees("<")) reader_.ReadList("<", ">", [&] { ReadFunctionField(&bytes); });
    bytes.Bytes(function::kName, reader_.ReadNameOrString());
    if (reader_.Sees("<")) reader_.ReadList("<", ">", [&] { ReadParameter(&bytes); });
    ReadNames(function::kInput, &bytes);
    reader_.Read("=>");
    ReadNames(function::kOutput, &bytes);
    ReadNodes(function::kNode, &bytes);
    return bytes.Serialized();
  }

  // An attribute of a function: its name alone, or with a default.
  void ReadParameter(MessageBytes* bytes) {
    TextReader ahead = reader_;
    const std::string name = ahead.ReadName();
    if (ahead.Sees("=") || ahead.Sees(":")) {
      bytes->Bytes(11, ReadAttribute());
    } else {
      reader_ = ahead;
      bytes->Bytes(6, name);
    }
  }

  void ReadNodes(uint32_t number, MessageBytes* bytes) {
    reader_.Read("{");
    while (reader_.ok() && !reader_.TryRead("}")) bytes->Bytes(number, ReadNode());
  }

  std::string ReadNode() {
    MessageBytes bytes;
    if (reader_.TryRead("[")) {
      bytes.Bytes(node::kName, reader_.ReadNameOrString());
      reader_.Read("]");
    }
    while (reader_.ok() && !reader_.TryRead("=")) {
      bytes.Bytes(node::kOutput, reader_.ReadNameOrString());
      if (!reader_.Sees("=")) reader_.Read(",");
    }
    ReadOperator(&bytes);
    ReadAttributes(&bytes);
    ReadNames(node::kInput, &bytes);
    ReadAttributes(&bytes);
    if (reader_.Sees("{")) ReadMetadata("{", "}", node::kMetadata, &bytes);
    return bytes.Serialized();
  }

  void ReadOperator(MessageBytes* bytes) {
    const std::string name = reader_.ReadNameOrString();
    const size_t dot = name.rfind('.');
    bytes->Bytes(node::kOpType, dot == name.npos ? name : name.substr(dot + 1));
    if (dot != name.npos) bytes->Bytes(node::kDomain, name.substr(0, dot));
    if (reader_.TryRead(":")) bytes->Bytes(node::kOverload, reader_.ReadNameOrString());
  }

  void ReadAttributes(MessageBytes* bytes) {
    if (!reader_.Sees("<")) return;
    reader_.ReadList("<", ">", [&] { bytes->Bytes(node::kAttribute, ReadAttribute()); });
  }

  std::string ReadAttribute() {
    MessageBytes bytes;
    bytes.Bytes(attribute::kName, reader_.ReadName());
    const std::string type = reader_.TryRead(":") ? reader_.ReadName() : "";
    reader_.Read("=");
    if (reader_.TryRead("@")) {
      ReadReference(type, &bytes);
    } else if (reader_.Sees("[")) {
      ReadListOfValues(type, &bytes);
    } else {
      const AttributeKind& kind = NextKind(type);
      bytes.Varint(kType, kind.type);
      ReadAttributeValue(kind, kind.field, &bytes);
    }
    return bytes.Serialized();
  }

  void ReadReference(absl::string_view type, MessageBytes* bytes) {
    bytes->Bytes(kReference, reader_.ReadName());
    for (const AttributeKind* kind : kKinds) {
      if (type == kind->name) bytes->Varint(kType, kind->type);
      if (type == kind->list_name) bytes->Varint(kType, kind->list_type);
    }
    if (type.empty()) reader_.Fail("a reference to an attribute needs a type");
  }

  // All values of a list are of the kind of the first.
  void ReadListOfValues(absl::string_view type, MessageBytes* bytes) {
    TextReader ahead = reader_;
    ahead.Read("[");
    std::swap(ahead, reader_);
    const AttributeKind& kind = NextKind(type);
    if (type.empty() && reader_.Sees("]")) reader_.Fail("an empty list needs a type");
    if (reader_.ok()) reader_ = ahead;
    bytes->Varint(kType, kind.list_type);
    reader_.ReadList("[", "]", [&] { ReadAttributeValue(kind, kind.list_field, bytes); });
  }

  // What the type given before says, or else the value that comes next.
  const AttributeKind& NextKind(absl::string_view type) {
    for (const AttributeKind* kind : kKinds) {
      if (type == kind->name || type == kind->list_name) return *kind;
    }
    if (!type.empty()) reader_.Fail(absl::StrCat("no attribute has the type `", type, "`"));
    if (reader_.SeesNumber()) {
      TextReader ahead = reader_;
      return ahead.ReadNumber().is_integer ? kInt : kFloat;
    }
    if (reader_.SeesString()) return kString;
    if (reader_.Sees("sparse ")) return kSparse;
    return SeesType(reader_) ? kTensor : kGraph;
  }

  void ReadAttributeValue(const AttributeKind& kind, uint32_t field, MessageBytes* bytes) {
    if (&kind == &kFloat) {
      bytes->Float(field, static_cast<float>(reader_.ReadNumber().real));
    } else if (&kind == &kInt) {
      bytes->Varint(field, reader_.ReadInteger());
    } else if (&kind == &kString) {
      bytes->Bytes(field, reader_.ReadString());
    } else if (&kind == &kTensor) {
      const TensorType type = ReadType(reader_);
      bytes->Bytes(field, ReadTensor(reader_, type, ""));
    } else if (&kind == &kSparse) {
      reader_.Read("sparse ");
      const TensorType type = ReadType(reader_);
      bytes->Bytes(field, ReadSparseTensor(reader_, type, ""));
    } else {
      bytes->Bytes(field, ReadGraph());
    }
  }

  TextReader reader_;
};

}  // namespace

absl::StatusOr<std::string> ParseModelText(absl::string_view text) { return Parser(text).Run(); }

std::string Model(absl::string_view text) {
  absl::StatusOr<std::string> bytes = ParseModelText(text);
  if (bytes.ok()) return *std::move(bytes);
  ADD_FAILURE() << bytes.status().message();
  return "";
}

}  // namespace modelexport::testing
