#include "modelexport/modules/small_constants.h"

#include <utility>

#include "modelexport/base/status_macros.h"
#include "modelexport/modules/plain_attribute.h"
#include "modelexport/onnx/element_type.h"
#include "modelexport/onnx/operator_domain.h"

namespace modelexport {
namespace {

bool IsWhole(int32_t type) {
  const ElementType* const known = ElementTypeOf(type);
  return known != nullptr && !known->is_float;
}

}  // namespace

class SmallConstants::Reader {
 public:
  explicit Reader(const OwnedGraph& owned) : owned_(owned), index_(owned.graph.index()) {}

  absl::StatusOr<SmallConstants> Run() {
    FindOutside();
    for (size_t v = 0; v < owned_.graph.values().size(); ++v) {
      const Value& value = owned_.graph.values()[v];
      if (value.graph == kMainGraph) MX_RETURN_IF_ERROR(Read(ValueId(v), value));
    }
    return std::move(constants_);
  }

 private:
  void FindOutside() {
    outside_.resize(owned_.graph.num_nodes());
    for (const TensorRecord& tensor : index_.tensors()) {
      if (tensor.node.valid() && tensor.external_location.valid()) {
        outside_[tensor.node.index()] = true;
      }
    }
  }

  absl::Status Read(ValueId id, const Value& value) {
    if (value.producer.valid()) {
      return IsConstant(value.producer) ? ReadNode(id, value.producer) : absl::OkStatus();
    }
    if (value.tensor == Value::kNoTensor || value.is_graph_input) return absl::OkStatus();
    const TensorRecord& tensor = index_.tensors()[value.tensor];
    return IsNoWeight(tensor) ? ReadInitializer(id, tensor) : absl::OkStatus();
  }

  bool IsConstant(NodeId node) const {
    const NodeRecord& record = index_.node(node);
    return owned_.graph.op_type(node) == "Constant" && record.num_inputs == 0 &&
           record.num_outputs == 1 && NormalizedDomain(index_.text(record.domain)).empty() &&
           record.range.content().size() <= kMaxSmallConstant && !outside_[node.index()];
  }

  absl::Status ReadNode(ValueId id, NodeId node) {
    MX_ASSIGN_OR_RETURN(std::string attributes, PlainAttributes(index_, node, kMaxSmallConstant));
    Add(id, std::move(attributes));
    return absl::OkStatus();
  }

  bool IsNoWeight(const TensorRecord& tensor) const {
    return tensor.role == TensorRecord::Role::kInitializer && !tensor.external_location.valid() &&
           tensor.range.size() <= kMaxSmallConstant &&
           (IsWhole(tensor.data_type) || tensor.num_dims == 0) &&
           !owned_.hierarchy.FindTensor(index_.text(tensor.name)).valid();
  }

  absl::Status ReadInitializer(ValueId id, const TensorRecord& tensor) {
    MX_ASSIGN_OR_RETURN(const std::string bytes, index_.source().ReadString(tensor.range));
    Add(id, TensorAttribute(bytes));
    return absl::OkStatus();
  }

  void Add(ValueId id, const std::string& attributes) {
    const auto added = numbers_.try_emplace(attributes, constants_.attributes_.size());
    if (added.second) constants_.attributes_.push_back(added.first->first);
    constants_.of_[id] = added.first->second;
  }

  const OwnedGraph& owned_;
  const ModelIndex& index_;
  std::vector<bool> outside_;  // By node: whether it has a tensor that is stored outside.
  absl::flat_hash_map<std::string, uint32_t> numbers_;
  SmallConstants constants_;
};

absl::StatusOr<SmallConstants> SmallConstants::Read(const OwnedGraph& owned) {
  return Reader(owned).Run();
}

}  // namespace modelexport
