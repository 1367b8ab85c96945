#include "modelexport/validation/place.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "modelexport/wire/cursor.h"
#include "modelexport/wire/onnx_fields.h"

namespace modelexport {
namespace {

using wire::ByteSource;
using wire::Range;

// A longer name is no name to print.
constexpr uint64_t kMaxName = 4096;

// The last field `number` of the message in `range`, as protobuf reads it.
std::string TextField(const ByteSource& source, Range range, uint32_t number) {
  std::string text;
  wire::Cursor cursor(source, range);
  wire::Field field;
  while (cursor.Next(&field)) {
    if (field.number != number || field.type != wire::WireType::kBytes) continue;
    if (field.payload().size() <= kMaxName) text = std::string(cursor.Bytes(field));
  }
  return text;
}

}  // namespace

std::string PlaceOf(const ByteSource& source, const GraphPlace& graph) {
  switch (graph.kind) {
    case GraphPlace::Kind::kMain:
      return "";
    case GraphPlace::Kind::kFunction:
      return absl::StrCat(
          "function:", TextField(source, graph.range, wire::function_proto::kDomain), ":",
          TextField(source, graph.range, wire::function_proto::kName), ":",
          TextField(source, graph.range, wire::function_proto::kOverload));
    case GraphPlace::Kind::kBody:
      break;
  }
  return absl::StrCat(PlaceOf(source, *graph.parent), "/", graph.node, ":",
                      TextField(source, graph.range, wire::attribute_proto::kName),
                      graph.position < 0 ? "" : absl::StrCat(":", graph.position));
}

std::string PlaceOf(const ByteSource& source, const GraphPlace& graph, uint64_t node) {
  return absl::StrCat(PlaceOf(source, graph), "#", node);
}

std::string InitializerPlace(const ByteSource& source, const GraphPlace& graph, Range tensor) {
  const std::string place = PlaceOf(source, graph);
  return absl::StrCat(place, place.empty() ? "" : " ", "initializer \"",
                      absl::CHexEscape(TextField(source, tensor, wire::tensor_proto::kName)), "\"");
}

}  // namespace modelexport
