// The attributes of a node as people read them.
#ifndef MODELEXPORT_VIEW_ATTRIBUTE_TEXT_H_
#define MODELEXPORT_VIEW_ATTRIBUTE_TEXT_H_

#include <cstddef>
#include <string>

#include "modelexport/onnx/attributes.h"

namespace modelexport {

// More characters than this of a value are cut, and "..." says so.
inline constexpr size_t kMaxAttributeView = 200;

// The value: "1", "[1, 2]", "0.5", the text of a string; for what is no number or text the word for
// its type: "graph", "tensors". A reference to an attribute of the function around the node is "@"
// and its name. "(large)" if there are more values than Attributes reads, "?" if the type is not
// known.
std::string AttributeText(const AttributeRecord& attribute);

}  // namespace modelexport

#endif  // MODELEXPORT_VIEW_ATTRIBUTE_TEXT_H_
