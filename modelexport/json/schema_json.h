// Reads JSON by a schema: the caller gets typed values and never sees an ill-typed one.
//
//   const JsonMember kMembers[] = {{"name", {/*id=*/1, kJsonString}, /*required=*/true}};
//   const JsonSchema kPerson = {/*id=*/0, kJsonObject, kMembers};
//   MX_RETURN_IF_ERROR(ReadJson(text, kPerson, &sink));  // sink.OnString(1, "Ada"), sink.OnEnd(0)
//
// The text is read by events, without a document tree, in memory that does not depend on its size.
// This package alone uses it: readers of one form each, which turn the values into entries.
#ifndef MODELEXPORT_JSON_SCHEMA_JSON_H_
#define MODELEXPORT_JSON_SCHEMA_JSON_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace modelexport {

// Kinds of values, as bits: a schema may accept several.
enum JsonKind : unsigned {
  kJsonNull = 1 << 0,
  kJsonInteger = 1 << 1,  // From 0 to 2^63-1, written without point and exponent.
  kJsonNumber = 1 << 2,   // Any finite number.
  kJsonString = 1 << 3,
  kJsonObject = 1 << 4,
  kJsonList = 1 << 5,
};

struct JsonMember;

// What one value may be.
struct JsonSchema {
  int id;          // Tells the sink which value it gets. Need not be unique.
  unsigned kinds;  // Of JsonKind.
  absl::Span<const JsonMember> members = {};  // Of an object: at most 32.
  const JsonSchema* element = nullptr;        // Of a list; not null if kinds has kJsonList.
  const JsonSchema* others = nullptr;         // Of an object: other members. Null: ignored.
};

struct JsonMember {
  absl::string_view name;
  JsonSchema schema;
  bool required = false;
};

// Receives the values in the order of the text. Those of an object or a list come before its end.
class JsonSink {
 public:
  virtual ~JsonSink() = default;

  virtual void OnNull(int id);
  virtual void OnInteger(int id, int64_t value);
  virtual void OnNumber(int id, double value);
  virtual void OnString(int id, absl::string_view value);  // Valid during the call.

  // A value of `others` with this id and name comes next. It may be a name for the second time.
  virtual void OnName(int id, absl::string_view name);

  // An object or a list is complete: its required members were given. An error ends the reading.
  virtual absl::Status OnEnd(int id);
};

// Errors, all kInvalidArgument: a syntax error, a text that is not UTF-8, as "byte 123: ..."; with
// a JSON path, as "$.modules[17].path: ...", a value of another kind than the schema accepts, a
// required member that is missing, a member of the schema given twice in one object, a number that
// is not finite as float64 wherever it stands; and any error of the sink, as it is. kCancelled soon
// after `*cancelled` becomes true; null: never.
//
// A byte order mark is skipped. Values may nest to any depth where the schema ignores them, and
// kMaxJsonDepth deep where it does not.
absl::Status ReadJson(absl::string_view json, const JsonSchema& schema, JsonSink* sink,
                      const std::atomic<bool>* cancelled = nullptr);

inline constexpr size_t kMaxJsonDepth = 256;

// A step of a JSON path to a member of any name: `["layer.0"]`.
std::string JsonStep(absl::string_view name);

// Appends `text`, which must be UTF-8, as a JSON string: quoted, with the fewest escapes.
void AppendJsonString(absl::string_view text, std::string* json);

}  // namespace modelexport

#endif  // MODELEXPORT_JSON_SCHEMA_JSON_H_
