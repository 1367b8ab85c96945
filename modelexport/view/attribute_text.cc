#include "modelexport/view/attribute_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace modelexport {
namespace {

// A character that is cut in two is mended where the text becomes JSON.
std::string Cut(std::string text) {
  if (text.size() <= kMaxAttributeView) return text;
  text.resize(kMaxAttributeView);
  return text + "...";
}

// No more elements than the cut would leave, as each has a character at least.
template <typename T>
std::string List(const std::vector<T>& values) {
  const auto end =
      values.size() > kMaxAttributeView ? values.begin() + kMaxAttributeView + 1 : values.end();
  return Cut(absl::StrCat("[", absl::StrJoin(values.begin(), end, ", "), "]"));
}

template <typename T>
std::string Single(const std::vector<T>& values) {
  return values.empty() ? "" : Cut(absl::StrCat(values[0]));
}

}  // namespace

std::string AttributeText(const AttributeRecord& attribute) {
  if (!attribute.reference.empty()) return Cut(absl::StrCat("@", attribute.reference));
  if (attribute.too_large) return "(large)";
  switch (attribute.type) {
    case AttributeType::kFloat:
      return Single(attribute.floats);
    case AttributeType::kInt:
      return Single(attribute.ints);
    case AttributeType::kString:
      return Single(attribute.strings);
    case AttributeType::kFloats:
      return List(attribute.floats);
    case AttributeType::kInts:
      return List(attribute.ints);
    case AttributeType::kStrings:
      return List(attribute.strings);
    case AttributeType::kTensor:
      return "tensor";
    case AttributeType::kTensors:
      return "tensors";
    case AttributeType::kSparseTensor:
      return "sparse tensor";
    case AttributeType::kSparseTensors:
      return "sparse tensors";
    case AttributeType::kGraph:
      return "graph";
    case AttributeType::kGraphs:
      return "graphs";
    case AttributeType::kType:
      return "type";
    case AttributeType::kTypes:
      return "types";
    case AttributeType::kUndefined:
      break;
  }
  return "?";
}

}  // namespace modelexport
