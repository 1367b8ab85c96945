// The names of places in a model for findings. They are those of GraphView, but are made from byte
// ranges, and only if there is a finding.
#ifndef MODELEXPORT_VALIDATION_PLACE_H_
#define MODELEXPORT_VALIDATION_PLACE_H_

#include <cstdint>
#include <string>

#include "modelexport/files/byte_source.h"

namespace modelexport {

// The main graph, a function or a body, linked to the graphs around it.
struct GraphPlace {
  enum class Kind : uint8_t { kMain, kFunction, kBody };

  Kind kind = Kind::kMain;
  bool in_function = false;            // Whether it or a graph around it is a function.
  uint32_t depth = 0;                  // The number of graphs around it.
  Range range;                         // A function's FunctionProto, a body's AttributeProto.
  const GraphPlace* parent = nullptr;  // Of a body: the graph around it, which outlives it.
  uint64_t node = 0;                   // Of a body: the position of its node in `parent`.
  int64_t position = -1;               // Of a body: its position in `graphs`, -1 for `g`.
};

// "" for the main graph, "function:domain:name:overload", "/7:then_branch", "/7:branches:2". Names
// that cannot be read are left out.
std::string PlaceOf(const ByteSource& source, const GraphPlace& graph);

// The same, followed by "#<node>".
std::string PlaceOf(const ByteSource& source, const GraphPlace& graph, uint64_t node);

// `initializer "w"`; outside the main graph, the place of the graph and a space come before it.
std::string InitializerPlace(const ByteSource& source, const GraphPlace& graph, Range tensor);

// Likewise `value "x"`, of a ValueInfoProto.
std::string ValuePlace(const ByteSource& source, const GraphPlace& graph, Range value_info);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_PLACE_H_
