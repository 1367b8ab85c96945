#include "modelexport/graph/value_infos.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"

namespace modelexport {
namespace {

std::string Content(absl::string_view name, absl::string_view type) {
  std::string content;
  AppendBytesField(value_info_proto::kName, name, &content);
  if (!type.empty()) AppendBytesField(value_info_proto::kType, type, &content);
  return content;
}

}  // namespace

bool ValueInfo::is_complete() const {
  if (type.kind == ValueType::Kind::kUnknown) return false;
  return type.kind != ValueType::Kind::kTensor || (type.data_type != 0 && type.shape.has_value());
}

absl::StatusOr<std::vector<ValueInfo>> DeclaredInfos(const GraphView& graph,
                                                     const ValueTypes& types,
                                                     absl::Span<const ValueId> values) {
  std::vector<ValueInfo> infos;
  for (ValueId value : values) {
    ValueInfo info{value, types.type(value), ""};
    const Range declared = types.declaration(value);
    if (declared.size() > 0) {
      MX_ASSIGN_OR_RETURN(info.content, graph.index().source().ReadString(declared));
    } else {
      info.content = Content(graph.name(value), SerializedType(info.type));
    }
    infos.push_back(std::move(info));
  }
  return infos;
}

absl::Status TakeInferred(const GraphView& graph, const std::vector<InferredType>& inferred,
                          std::vector<ValueInfo>* infos) {
  absl::flat_hash_map<absl::string_view, const InferredType*> by_name;
  for (const InferredType& each : inferred) by_name.emplace(each.value, &each);
  for (ValueInfo& info : *infos) {
    if (info.is_complete()) continue;
    const auto found = by_name.find(graph.name(info.value));
    if (found == by_name.end()) continue;
    const std::string& type = found->second->type;
    const auto source = BytesInMemory(type, "an inferred type");
    MX_ASSIGN_OR_RETURN(info.type, ReadValueType(*source, Range{0, type.size()}));
    info.content = Content(graph.name(info.value), type);
  }
  return absl::OkStatus();
}

}  // namespace modelexport
