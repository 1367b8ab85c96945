#include "modelexport/edits/function_bytes.h"

#include <map>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/edits/renamed_node.h"
#include "modelexport/modules/body_form.h"
#include "modelexport/modules/node_reads.h"
#include "modelexport/modules/node_set.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"

namespace modelexport {
namespace {

std::string EncodeOpset(const ImportedOpset& opset) {
  std::string bytes;
  AppendBytesField(operator_set_id_proto::kDomain, opset.first, &bytes);
  AppendVarintField(operator_set_id_proto::kVersion, opset.second, &bytes);
  return bytes;
}

}  // namespace

std::string EncodeNode(const NewNode& node) {
  std::string bytes;
  for (const std::string& input : node.inputs) AppendBytesField(node_proto::kInput, input, &bytes);
  for (const std::string& output : node.outputs) {
    AppendBytesField(node_proto::kOutput, output, &bytes);
  }
  if (!node.name.empty()) AppendBytesField(node_proto::kName, node.name, &bytes);
  AppendBytesField(node_proto::kOpType, node.op_type, &bytes);
  if (!node.domain.empty()) AppendBytesField(node_proto::kDomain, node.domain, &bytes);
  return absl::StrCat(bytes, node.metadata);
}

// The body of one function.
class FunctionEncoder::Body {
 public:
  Body(const FunctionEncoder& encoder, const BodyForms& bodies, const OutlineFunction& function)
      : graph_(encoder.owned_.graph),
        bodies_(bodies),
        plan_(encoder.plan_),
        tags_(encoder.tags_),
        function_(function),
        block_(encoder.plan_.block(function)) {
    for (const OutlineParameter& parameter : function.parameters) {
      taken_values_.insert(parameter.name);
    }
    NameValues();
  }

  absl::StatusOr<std::string> Run(const std::vector<ImportedOpset>& imports) {
    using namespace function_proto;
    AppendBytesField(kName, function_.name, &bytes_);
    for (const OutlineParameter& parameter : function_.parameters) {
      AppendBytesField(kInput, parameter.name, &bytes_);
    }
    for (const BlockOperand& output : block_.outputs) {
      AppendBytesField(kOutput, names_.at(block_.output(graph_, output)), &bytes_);
    }
    AddConstants();
    for (const GraphItem& item : function_.items) {
      if (item.set == GraphItem::kNone) {
        MX_RETURN_IF_ERROR(AddNode(item.node));
      } else {
        AddCall(plan_.calls[item.set]);
      }
    }
    for (const ImportedOpset& opset : imports) {
      AppendBytesField(kOpsetImport, EncodeOpset(opset), &bytes_);
    }
    AppendBytesField(kDomain, kOutlineDomain, &bytes_);
    return std::move(bytes_);
  }

 private:
  void NameValues() {
    for (uint32_t n = 0; n < block_.nodes.size(); ++n) {
      position_[block_.nodes[n]] = n;
      const absl::Span<const ValueId> outputs = graph_.outputs(block_.nodes[n]);
      for (size_t i = 0; i < outputs.size(); ++i) {
        if (!outputs[i].valid()) continue;
        names_[outputs[i]] =
            Free(absl::StrCat("v", n, outputs.size() == 1 ? "" : absl::StrCat("_", i)));
      }
    }
    for (size_t c = 0; c < function_.constants.size(); ++c) {
      constants_.push_back(Free(absl::StrCat("c", c)));
    }
  }

  // A parameter may have been called so.
  std::string Free(std::string name) {
    while (!taken_values_.insert(name).second) name += "_";
    return name;
  }

  void AddConstants() {
    for (size_t c = 0; c < function_.constants.size(); ++c) {
      NewNode node;
      node.name = absl::StrCat("Constant_c", c);
      node.op_type = "Constant";
      node.outputs = {constants_[c]};
      node.metadata = absl::StrCat(plan_.candidates.constants.attributes(function_.constants[c]),
                                   tags_.OfConstant(function_));
      AppendBytesField(function_proto::kNode, EncodeNode(node), &bytes_);
    }
  }

  // What the node at `position` reads as the `i`-th of NodeReads.
  const std::string& NameOf(uint32_t position, uint32_t i) const {
    const auto source = function_.sources.find(BlockOperand{position, i});
    if (source == function_.sources.end()) {
      return names_.at(plan_.candidates.reads->of(block_.nodes[position])[i]);
    }
    const uint32_t number = source->second.position;
    return source->second.is_constant ? constants_[number] : function_.parameters[number].name;
  }

  absl::Status AddNode(NodeId id) {
    const uint32_t position = position_.at(id);
    const InnerNames inner = NameInner(id, position);
    NewNames names;
    names.input = [&](NodeId node, uint32_t i) {
      if (node == id) return NameOf(position, i);
      const auto captured = inner.captured.find(NodeInput(node, i));
      if (captured != inner.captured.end()) return NameOf(position, captured->second);
      return inner.values.at(graph_.inputs(node)[i]);
    };
    names.value = [&](ValueId value) {
      const auto found = inner.values.find(value);
      return found == inner.values.end() ? names_.at(value) : found->second;
    };
    names.node = [&](NodeId node) {
      const size_t number = inner.numbers.at(node);
      return absl::StrCat(graph_.op_type(node), "_", position,
                          number == 0 ? "" : absl::StrCat("_", number));
    };
    names.metadata = [&](NodeId node) {
      std::vector<NodeId> in_runs;
      for (const NodeSet& run : inner.runs) in_runs.push_back(run.nodes()[inner.numbers.at(node)]);
      return tags_.OfNode(function_, in_runs);
    };
    MX_ASSIGN_OR_RETURN(const std::string node, RenamedNode(graph_, bodies_, id, names));
    AppendBytesField(function_proto::kNode, node, &bytes_);
    return absl::OkStatus();
  }

  // What has no name yet, of a node and of the nodes in its bodies.
  struct InnerNames {
    absl::flat_hash_map<NodeInput, uint32_t> captured;  // Positions in NodeReads.
    absl::flat_hash_map<ValueId, std::string> values;   // Of bodies.
    absl::flat_hash_map<NodeId, size_t> numbers;        // 0 for the node itself.
    std::vector<NodeSet> runs;  // In each run of the function; in order of numbers.
  };

  InnerNames NameInner(NodeId id, uint32_t position) {
    InnerNames inner;
    auto next = static_cast<uint32_t>(graph_.inputs(id).size());
    for (const NodeInput& read : CapturedInputs(graph_, id)) inner.captured[read] = next++;
    for (GraphId body : AllBodies(graph_, id)) {
      for (ValueId value : bodies_.values(body)) {
        inner.values[value] = Free(absl::StrCat("v", position, "_b", inner.values.size()));
      }
    }
    for (NodeId node : WithBodies(graph_, id)) {
      inner.numbers.emplace(node, inner.numbers.size());
    }
    for (const OutlineRun& run : function_.runs) {
      inner.runs.emplace_back(graph_, absl::Span<const NodeId>{run.nodes[position]});
    }
    return inner;
  }

  void AddCall(const OutlineCall& call) {
    const OutlineFunction& callee = plan_.functions[call.function];
    const Block& block = plan_.block(call);
    NewNode node;
    node.name = absl::StrCat(callee.name, "_", position_.at(block.nodes[0]));
    node.op_type = callee.name;
    node.domain = std::string(kOutlineDomain);
    for (const OutlineParameter& parameter : callee.parameters) {
      const uint32_t position = position_.at(block.nodes[parameter.read.node]);
      node.inputs.push_back(NameOf(position, parameter.read.position));
    }
    for (const BlockOperand& output : block.outputs) {
      node.outputs.push_back(names_.at(block.output(graph_, output)));
    }
    node.metadata = tags_.OfInnerCall(function_, call);
    AppendBytesField(function_proto::kNode, EncodeNode(node), &bytes_);
  }

  const GraphView& graph_;
  const BodyForms& bodies_;
  const OutlinePlan& plan_;
  const OutlineTags& tags_;
  const OutlineFunction& function_;
  const Block& block_;
  absl::flat_hash_map<NodeId, uint32_t> position_;
  absl::flat_hash_map<ValueId, std::string> names_;  // Of what is made in the body.
  std::vector<std::string> constants_;
  absl::flat_hash_set<std::string> taken_values_;
  std::string bytes_;
};

// Checkers and ONNX Runtime want those of the functions that are called, too.
std::vector<std::vector<ImportedOpset>> FunctionEncoder::FindImports() const {
  const ModelIndex& index = owned_.graph.index();
  std::vector<std::map<std::string, int64_t>> imports(plan_.functions.size());
  const auto import = [&](size_t f, absl::string_view domain) {
    imports[f].emplace(std::string(domain),
                       declared_.opset_version(kMainGraph, domain).value_or(1));
  };
  for (size_t f = plan_.functions.size(); f-- > 0;) {
    const OutlineFunction& function = plan_.functions[f];
    if (!function.constants.empty()) import(f, "");
    for (const GraphItem& item : function.items) {
      if (item.set != GraphItem::kNone) {
        const auto& inner = imports[plan_.calls[item.set].function];
        imports[f].insert(inner.begin(), inner.end());
        imports[f].emplace(std::string(kOutlineDomain), 1);
        continue;
      }
      for (NodeId node : WithBodies(owned_.graph, item.node)) {
        import(f, index.text(index.node(node).domain));
        const GraphId callee = owned_.graph.callee(node);
        if (!callee.valid()) continue;
        for (const OpsetImport& opset : declared_.opset_imports(callee)) {
          imports[f].emplace(opset.domain, opset.version);
        }
      }
    }
  }
  std::vector<std::vector<ImportedOpset>> all;
  for (const auto& each : imports) all.emplace_back(each.begin(), each.end());
  return all;
}

absl::StatusOr<std::vector<std::string>> FunctionEncoder::Run() const {
  const std::vector<std::vector<ImportedOpset>> imports = FindImports();
  const BodyForms bodies(owned_.graph);
  std::vector<std::string> all;
  for (size_t f = 0; f < plan_.functions.size(); ++f) {
    MX_ASSIGN_OR_RETURN(std::string bytes, Body(*this, bodies, plan_.functions[f]).Run(imports[f]));
    all.push_back(std::move(bytes));
  }
  return all;
}

}  // namespace modelexport
