#include "modelexport/modules/body_form.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/modules/node_set.h"
#include "modelexport/modules/plain_attribute.h"

namespace modelexport {

std::vector<GraphId> AllBodies(const GraphView& graph, NodeId node) {
  std::vector<GraphId> bodies;
  for (NodeId holder : WithBodies(graph, node)) {
    for (const GraphRecord& body : graph.index().bodies(holder)) {
      bodies.push_back(graph.index().id_of(body));
    }
  }
  return bodies;
}

BodyForms::BodyForms(const GraphView& graph)
    : graph_(graph), values_(graph.index().graphs().size()) {
  for (size_t v = 0; v < graph.values().size(); ++v) {
    const GraphId owner = graph.values()[v].graph;
    if (graph.index().graph(owner).kind == GraphRecord::Kind::kBody) {
      values_[owner.index()].emplace_back(v);
    }
  }
}

absl::StatusOr<std::string> BodyForms::Of(
    NodeId node, absl::FunctionRef<absl::StatusOr<std::string>(NodeId)> describe) const {
  const ModelIndex& index = graph_.index();
  absl::flat_hash_map<ValueId, size_t> numbers;
  absl::flat_hash_map<NodeId, size_t> holders = {{node, 0}};
  std::string form;
  for (GraphId id : AllBodies(graph_, node)) {
    const GraphRecord& body = index.graph(id);
    absl::StrAppend(&form, "body of ", holders.at(body.parent), " ",
                    index.text(body.attribute_name), " ", body.position, " ", body.inputs.size(),
                    "\n");
    absl::flat_hash_map<StringId, size_t> by_name;
    for (ValueId value : values(id)) {
      const size_t number = numbers.try_emplace(value, numbers.size()).first->second;
      by_name.try_emplace(graph_.value(value).name, number);
      const uint32_t tensor = graph_.value(value).tensor;
      if (tensor == Value::kNoTensor) continue;
      MX_ASSIGN_OR_RETURN(const std::string bytes,
                          index.source().ReadString(index.tensors()[tensor].range));
      absl::StrAppend(&form, number, " is ", PlainTensor(bytes), "\n");
    }
    for (size_t n = body.first_node; n < body.first_node + body.num_nodes; ++n) {
      holders.emplace(NodeId(n), holders.size());
      MX_ASSIGN_OR_RETURN(const std::string described, describe(NodeId(n)));
      absl::StrAppend(&form, described, " (");
      for (ValueId input : graph_.inputs(NodeId(n))) {
        const auto number = numbers.find(input);
        absl::StrAppend(&form,
                        !input.valid()            ? "-"
                        : number == numbers.end() ? "^"
                                                  : absl::StrCat(number->second),
                        " ");
      }
      absl::StrAppend(&form, "=>");
      for (ValueId output : graph_.outputs(NodeId(n))) {
        absl::StrAppend(&form, output.valid() ? absl::StrCat(numbers.at(output)) : "-", " ");
      }
    }
    for (StringId output : body.outputs) {
      const auto number = by_name.find(output);
      absl::StrAppend(&form, " out ", number == by_name.end() ? "?" : absl::StrCat(number->second));
    }
  }
  return form;
}

std::string BodyForms::WhyNot(NodeId node) const {
  const ModelIndex& index = graph_.index();
  for (GraphId id : AllBodies(graph_, node)) {
    absl::flat_hash_set<StringId> made;
    for (ValueId value : values(id)) {
      const uint32_t tensor = graph_.value(value).tensor;
      if (tensor != Value::kNoTensor &&
          index.tensors()[tensor].role != TensorRecord::Role::kInitializer) {
        return absl::StrCat("the body ", graph_.Place(id), " has a sparse initializer");
      }
      made.insert(graph_.value(value).name);
    }
    for (StringId output : index.graph(id).outputs) {
      if (made.contains(output)) continue;
      return absl::StrCat("the body ", graph_.Place(id), " gives out what it does not make");
    }
  }
  return "";
}

}  // namespace modelexport
