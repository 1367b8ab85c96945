// Reads JSON by a schema: the caller gets typed values and never sees an ill-typed one.
//
//   const JsonMember kMembers[] = {{"name", {/*id=*/1, kJsonString}, /*required=*/true}};
//   const JsonSchema kPerson = {/*id=*/0, kJsonObject, kMembers};
//   MX_RETURN_IF_ERROR(ReadJson(text, kPerson, &sink));  // sink.OnString(1, "Ada"), sink.OnEnd(0)
//
// The text is read by events, without a document tree, in memory that does not depend on its size.
// Each form of sidecar has a schema and a sink (hierarchy/readers).
#ifndef MODELEXPORT_JSON_SCHEMA_JSON_H_
#define MODELEXPORT_JSON_SCHEMA_JSON_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {

// Kinds of values, as bits: a schema may accept several.
enum JsonKind : unsigned {
  kJsonNull = 1 << 0,
  kJsonInteger = 1 << 1,  // From 0 to 2^63-1, written without a point or exponent.
  kJsonNumber = 1 << 2,   // Any finite number.
  kJsonString = 1 << 3,
  kJsonObject = 1 << 4,
  kJsonList = 1 << 5,
};

struct JsonMember;

// Which values are accepted in one place of the text.
struct JsonSchema {
  int id;          // Tells the sink which value it receives. Need not be unique.
  unsigned kinds;  // Bits of JsonKind.
  absl::Span<const JsonMember> members = {};  // Of an object: at most 32.
  const JsonSchema* element = nullptr;        // Of a list; not null if kinds has kJsonList.
  const JsonSchema* others = nullptr;         // Of an object: its other members; ignored if null.
};

struct JsonMember {
  absl::string_view name;
  JsonSchema schema;
  bool required = false;
};

// Receives the values in the order of the text. The values in an object or a list come before its
// end.
class JsonSink {
 public:
  virtual ~JsonSink() = default;

  virtual void OnNull(int id);
  virtual void OnInteger(int id, int64_t value);
  virtual void OnNumber(int id, double value);
  virtual void OnString(int id, absl::string_view value);  // Valid during the call.

  // The next value is accepted by `others`, with this id and name. A name may come more than once.
  virtual void OnName(int id, absl::string_view name);

  // An object or a list ended, and its required members were given. An error ends the reading.
  virtual absl::Status OnEnd(int id);
};

// Errors are kInvalidArgument. Those that name a byte, as "byte 123: ...", are a syntax error and a
// text that is not UTF-8. Those that name a JSON path, as "$.modules[17].path: ...", are a value of
// a kind that the schema does not accept, a missing required member, a member of the schema given
// twice in one object, and, anywhere in the text, a number that is not finite as float64. Errors of
// the sink are returned as they are. Soon after `*cancelled` becomes true the error is kCancelled;
// null: never.
//
// A byte order mark is skipped. Values that the schema ignores may nest to any depth, others at
// most kMaxJsonDepth deep.
absl::Status ReadJson(absl::string_view json, const JsonSchema& schema, JsonSink* sink,
                      const std::atomic<bool>* cancelled = nullptr);

// The same of a source, which is read in blocks: memory does not depend on its size. There is one
// more error: kDataLoss, with the byte, if the source ends before the JSON does. The sink then has
// got all that is before that; of other errors of syntax too. A number at the very end may be cut.
absl::Status ReadJson(const ByteSource& source, const JsonSchema& schema, JsonSink* sink,
                      const std::atomic<bool>* cancelled = nullptr);

inline constexpr size_t kMaxJsonDepth = 256;

// The step of a JSON path to a member with any name: `["layer.0"]`.
std::string JsonStep(absl::string_view name);

// Appends `text`, which must be UTF-8, as a JSON string: quoted, with the fewest escapes.
void AppendJsonString(absl::string_view text, std::string* json);

}  // namespace modelexport

#endif  // MODELEXPORT_JSON_SCHEMA_JSON_H_
