#include "modelexport/validation/place.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {
namespace {

// A longer name is no name to print.
constexpr uint64_t kMaxName = 4096;

// The last field `number` of the message in `range`, as protobuf reads it.
std::string TextField(const ByteSource& source, Range range, uint32_t number) {
  std::string text;
  Cursor cursor(source, range);
  Field field;
  while (cursor.Next(&field)) {
    if (field.number != number || field.type != WireType::kBytes) continue;
    if (field.payload().size() <= kMaxName) text = std::string(cursor.Bytes(field));
  }
  return text;
}

std::string NamedPlace(const ByteSource& source, const GraphPlace& graph, absl::string_view what,
                       absl::string_view name) {
  const std::string place = PlaceOf(source, graph);
  return absl::StrCat(place, place.empty() ? "" : " ", what, " \"", absl::CHexEscape(name), "\"");
}

}  // namespace

std::string PlaceOf(const ByteSource& source, const GraphPlace& graph) {
  switch (graph.kind) {
    case GraphPlace::Kind::kMain:
      return "";
    case GraphPlace::Kind::kFunction:
      return absl::StrCat("function:", TextField(source, graph.range, function_proto::kDomain), ":",
                          TextField(source, graph.range, function_proto::kName), ":",
                          TextField(source, graph.range, function_proto::kOverload));
    case GraphPlace::Kind::kBody:
      break;
  }
  return absl::StrCat(PlaceOf(source, *graph.parent), "/", graph.node, ":",
                      TextField(source, graph.range, attribute_proto::kName),
                      graph.position < 0 ? "" : absl::StrCat(":", graph.position));
}

std::string PlaceOf(const ByteSource& source, const GraphPlace& graph, uint64_t node) {
  return absl::StrCat(PlaceOf(source, graph), "#", node);
}

std::string InitializerPlace(const ByteSource& source, const GraphPlace& graph, Range tensor) {
  return NamedPlace(source, graph, "initializer", TextField(source, tensor, tensor_proto::kName));
}

std::string ValuePlace(const ByteSource& source, const GraphPlace& graph, Range value_info) {
  return NamedPlace(source, graph, "value", TextField(source, value_info, value_info_proto::kName));
}

}  // namespace modelexport
