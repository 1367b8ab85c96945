#include "modelexport/validation/shapes/onnx_inference.h"

#include <exception>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "modelexport/validation/shapes/onnx_evaluator.h"
#include "modelexport/validation/shapes/onnx_runtime_shapes.h"
#include "onnx/defs/schema.h"
#include "onnx/onnx_pb.h"
#include "onnx/shape_inference/implementation.h"

namespace modelexport {
namespace {

using onnx::shape_inference::InferenceContextImpl;

// The operators as onnx knows them, with inference functions that see more.
class SeeingSchemas final : public onnx::ISchemaRegistry {
 public:
  explicit SeeingSchemas(const onnx::GraphProto& main) {
    for (const onnx::NodeProto& node : main.node()) main_nodes_.insert(&node);
  }

  // The default is that of the function that it overrides.
  const onnx::OpSchema* GetSchema(const std::string& op_type, int version,  // NOLINT
                                  const std::string& domain = onnx::ONNX_DOMAIN) const override {
    const auto added = schemas_.emplace(std::make_tuple(op_type, version, domain), nullptr);
    if (added.second) added.first->second = Make(op_type, version, domain);
    return added.first->second.get();
  }

 private:
  std::unique_ptr<onnx::OpSchema> Make(const std::string& op_type, int version,
                                       const std::string& domain) const {
    const onnx::OpSchema* known =
        onnx::OpSchemaRegistry::Instance()->GetSchema(op_type, version, domain);
    auto schema =
        known != nullptr ? std::make_unique<onnx::OpSchema>(*known) : ForRuntime(op_type, domain);
    // Without a function of its own an operator is inferred by its body.
    if (schema == nullptr || !schema->has_type_and_shape_inference_function()) return schema;
    const onnx::InferenceFunction infer = schema->GetTypeAndShapeInferenceFunction();
    const bool is_onnx = domain == onnx::ONNX_DOMAIN || domain == onnx::AI_ONNX_DOMAIN;
    schema->TypeAndShapeInferenceFunction([this, infer, is_onnx](onnx::InferenceContext& context) {
      Infer(infer, is_onnx, context);
    });
    return schema;
  }

  static std::unique_ptr<onnx::OpSchema> ForRuntime(const std::string& op_type,
                                                    const std::string& domain) {
    const RuntimeShapes shapes = FindRuntimeShapes(domain, op_type);
    if (!shapes) return nullptr;
    auto schema = std::make_unique<onnx::OpSchema>();
    schema->SetName(op_type).SetDomain(domain).TypeAndShapeInferenceFunction(shapes);
    return schema;
  }

  // onnx processes the nodes of functions as copies, and those of bodies by names that other bodies
  // may use too: only what the main graph has can be told apart.
  void Infer(const onnx::InferenceFunction& infer, bool is_onnx,
             onnx::InferenceContext& context) const {
    auto* node = dynamic_cast<InferenceContextImpl*>(&context);
    if (node == nullptr || main_nodes_.count(node->node_) == 0) {
      infer(context);
      return;
    }
    GiveConstants(node);
    infer(context);
    if (is_onnx) Evaluate(*node);
  }

  void GiveConstants(InferenceContextImpl* node) const {
    for (int i = 0; i < node->node_->input_size(); ++i) {
      const onnx::TensorProto*& data = node->allInputData_[i];
      const auto found =
          data == nullptr ? constants_.find(node->node_->input(i)) : constants_.end();
      if (found != constants_.end()) data = &found->second;
    }
  }

  // What cannot be evaluated is not known.
  void Evaluate(const InferenceContextImpl& node) const {
    if (node.node_->output_size() != 1) return;
    try {
      onnx::TensorProto result;
      if (!EvaluateNode(*node.node_, node.allInputData_, node.allInputTypes_, &result)) return;
      constants_.emplace(node.node_->output(0), std::move(result));
    } catch (const std::exception&) {
      return;
    }
  }

  std::unordered_set<const onnx::NodeProto*> main_nodes_;
  // By operator, version and domain; null for those that nothing is known of.
  mutable std::map<std::tuple<std::string, int, std::string>, std::unique_ptr<onnx::OpSchema>>
      schemas_;
  mutable std::unordered_map<std::string, onnx::TensorProto> constants_;  // By value.
};

}  // namespace

void InferModelShapes(onnx::ModelProto* model) {
  const SeeingSchemas schemas(model->graph());
  const onnx::ShapeInferenceOptions options(/*check_type_val=*/false, /*strict_mode_val=*/0,
                                            /*data_prop_val=*/true);
  onnx::shape_inference::InferShapes(*model, &schemas, options);
}

}  // namespace modelexport
