// JSON of the plainest kind, read several times as fast as any JSON is.
#ifndef MODELEXPORT_JSON_PLAIN_JSON_H_
#define MODELEXPORT_JSON_PLAIN_JSON_H_

#include "absl/strings/string_view.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {

// Reads `json` as the first ReadJson() does, if that would succeed and these hold, as they mostly
// do of what programs write for programs: all characters are printable ASCII, or space between
// values; strings have no escapes; numbers that the schema asks for are whole, not negative, and
// have at most 18 digits; there is no `others` in the schema. Otherwise returns false, and the sink
// may have got a part.
bool ReadPlainJson(absl::string_view json, const JsonSchema& schema, JsonSink* sink);

}  // namespace modelexport

#endif  // MODELEXPORT_JSON_PLAIN_JSON_H_
