// JSON arrays with one object a line, as ONNX Runtime writes profiles.
#ifndef MODELEXPORT_PROFILES_EVENT_LINES_H_
#define MODELEXPORT_PROFILES_EVENT_LINES_H_

#include <atomic>

#include "modelexport/files/byte_source.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {

// Gives `sink` each element of the array, by the schema of an element, and returns true, if all of
// `source` is one array of lines that are plain (json/plain_json.h): "[", a line for each element,
// "]". Otherwise, also where reading fails or is cancelled, returns false, and the sink may have
// got a part. Memory is that of the longest line, which may have 1 MB.
bool ReadEventLines(const ByteSource& source, const JsonSchema& element, JsonSink* sink,
                    const std::atomic<bool>* cancelled);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_EVENT_LINES_H_
