#include "modelexport/validation/onnx_checker.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <new>
#include <unordered_map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/repeated_field.h"
#include "modelexport/base/one_line.h"
#include "modelexport/base/status_macros.h"
#include "onnx/checker.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

using Nodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;

// protobuf counts bytes in an int.
constexpr uint64_t kMostBytes = INT32_MAX;

// The first IR version whose models say which operator sets they use.
constexpr int64_t kFirstIrVersionWithOpsets = 3;
// The first IR version whose models may have functions.
constexpr int64_t kFirstIrVersionWithFunctions = 8;

ModelVerdict Invalid(std::string reason) {
  return {ModelVerdict::Kind::kInvalid, std::move(reason)};
}

ModelVerdict NotChecked(std::string reason) {
  return {ModelVerdict::Kind::kNotChecked, std::move(reason)};
}

// The bytes of a source as protobuf wants them.
class SourceStream final : public google::protobuf::io::CopyingInputStream {
 public:
  explicit SourceStream(const ByteSource& source) : source_(source) {}

  int Read(void* buffer, int size) override {
    const uint64_t end = std::min(source_.size(), position_ + size);
    status_ = source_.Read({position_, end}, static_cast<char*>(buffer));
    if (!status_.ok()) return -1;
    const int read = static_cast<int>(end - position_);
    position_ = end;
    return read;
  }

  const absl::Status& status() const { return status_; }

 private:
  const ByteSource& source_;
  uint64_t position_ = 0;
  absl::Status status_;
};

// Returns whether the bytes are a model; an error if they cannot be read.
absl::StatusOr<bool> Parse(const ByteSource& source, onnx::ModelProto* model) {
  constexpr int kBlock = 256 << 10;
  SourceStream bytes(source);
  google::protobuf::io::CopyingInputStreamAdaptor stream(&bytes, kBlock);
  const bool parsed = model->ParseFromZeroCopyStream(&stream);
  MX_RETURN_IF_ERROR(bytes.status());
  return parsed;
}

bool HasExperimental(const Nodes& nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [](const onnx::NodeProto& node) {
    if (onnx::checker::check_is_experimental_op(node)) return true;
    return std::any_of(node.attribute().begin(), node.attribute().end(), [](const auto& attribute) {
      return HasExperimental(attribute.g().node()) ||
             std::any_of(attribute.graphs().begin(), attribute.graphs().end(),
                         [](const auto& graph) { return HasExperimental(graph.node()); });
    });
  });
}

bool HasExperimental(const onnx::ModelProto& model) {
  const auto& functions = model.functions();
  return HasExperimental(model.graph().node()) ||
         std::any_of(functions.begin(), functions.end(),
                     [](const auto& function) { return HasExperimental(function.node()); });
}

std::unordered_map<std::string, int> Opsets(const onnx::ModelProto& model) {
  if (model.ir_version() < kFirstIrVersionWithOpsets) return {{"", 1}};
  std::unordered_map<std::string, int> opsets;
  for (const onnx::OperatorSetIdProto& opset : model.opset_import()) {
    opsets[opset.domain()] = static_cast<int>(opset.version());
  }
  return opsets;
}

// check_model() takes either a path, whose folder must then be that of the data files, or a model
// without any folder. So it gets the model without its graph and functions, and these are checked
// by what it would itself call. Throws what is wrong.
void Check(onnx::ModelProto* model, const std::string& folder) {
  onnx::GraphProto graph;
  graph.Swap(model->mutable_graph());
  model->mutable_graph()->set_name("none");
  google::protobuf::RepeatedPtrField<onnx::FunctionProto> functions;
  functions.Swap(model->mutable_functions());
  onnx::checker::check_model(*model);

  onnx::checker::CheckerContext context;
  context.set_model_dir(folder);
  context.set_ir_version(static_cast<int>(model->ir_version()));
  context.set_opset_imports(Opsets(*model));
  const onnx::checker::LexicalScopeContext scope;
  onnx::checker::check_graph(graph, context, scope);
  functions.Swap(model->mutable_functions());
  if (model->ir_version() < kFirstIrVersionWithFunctions) return;
  onnx::checker::check_model_local_functions(*model, context, scope);
}

absl::StatusOr<ModelVerdict> ParseAndCheck(const ByteSource& source, const std::string& folder) {
  onnx::ModelProto model;
  MX_ASSIGN_OR_RETURN(const bool parsed, Parse(source, &model));
  if (!parsed) return Invalid("protobuf cannot parse the file");
  if (HasExperimental(model)) return NotChecked("the model has experimental operators");
  Check(&model, folder);
  return ModelVerdict();
}

}  // namespace

absl::StatusOr<ModelVerdict> CheckWithOnnx(const ByteSource& model, const std::string& folder) {
  if (model.size() > kMostBytes) {
    return NotChecked(
        absl::StrCat("the file has ", model.size(), " bytes, protobuf reads less than 2 GiB"));
  }
  try {
    return ParseAndCheck(model, folder);
  } catch (const std::bad_alloc&) {
    return NotChecked("the memory does not suffice");
  } catch (const std::exception& error) {
    return Invalid(OneLine(error.what()));
  }
}

}  // namespace modelexport
