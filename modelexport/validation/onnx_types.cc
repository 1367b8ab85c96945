#include "modelexport/validation/onnx_types.h"

#include <cstdint>
#include <exception>
#include <map>
#include <new>
#include <string>

#include "absl/status/status.h"
#include "modelexport/base/one_line.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/validation/shapes/onnx_inference.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

// By name; empty where several graphs say different things of a name.
using Types = std::map<std::string, std::string>;

template <typename Values>
void TakeTypes(const Values& values, Types* types) {
  for (const onnx::ValueInfoProto& value : values) {
    if (!value.has_type()) continue;
    std::string type = value.type().SerializeAsString();
    const auto added = types->emplace(value.name(), type);
    if (!added.second && added.first->second != type) added.first->second.clear();
  }
}

// protobuf has refused graphs that are nested too deeply.
void TakeAll(const onnx::GraphProto& graph, Types* types) {
  TakeTypes(graph.input(), types);
  TakeTypes(graph.output(), types);
  TakeTypes(graph.value_info(), types);
  for (const onnx::NodeProto& node : graph.node()) {
    for (const onnx::AttributeProto& attribute : node.attribute()) {
      if (attribute.has_g()) TakeAll(attribute.g(), types);
      for (const onnx::GraphProto& body : attribute.graphs()) TakeAll(body, types);
    }
  }
}

absl::StatusOr<std::vector<InferredType>> Infer(const std::string& bytes) {
  onnx::ModelProto model;
  if (!model.ParseFromString(bytes)) {
    return absl::FailedPreconditionError("protobuf cannot parse the model");
  }
  InferModelShapes(&model);
  Types types;
  TakeAll(model.graph(), &types);
  std::vector<InferredType> inferred;
  for (const auto& type : types) {
    if (!type.second.empty()) inferred.push_back({type.first, type.second});
  }
  return inferred;
}

}  // namespace

absl::StatusOr<std::vector<InferredType>> OnnxTypes(const ByteSource& model) {
  if (model.size() > INT32_MAX) {
    return absl::FailedPreconditionError("protobuf reads models of less than 2 GiB");
  }
  MX_ASSIGN_OR_RETURN(const std::string bytes, model.ReadString({0, model.size()}));
  try {
    return Infer(bytes);
  } catch (const std::bad_alloc&) {
    return absl::FailedPreconditionError("the memory does not suffice");
  } catch (const std::exception& error) {
    return absl::FailedPreconditionError(OneLine(error.what()));
  }
}

}  // namespace modelexport
