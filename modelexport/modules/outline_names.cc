#include "modelexport/modules/outline_names.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "modelexport/base/number_text.h"
#include "modelexport/modules/structure.h"

namespace modelexport {
namespace {

absl::string_view LastWord(absl::string_view path) {
  absl::string_view last;
  for (absl::string_view part : absl::StrSplit(path, '.')) {
    if (!part.empty() && !IsNumber(part)) last = part;
  }
  return last;
}

std::string Identifier(absl::string_view name) {
  constexpr size_t kMost = 100;
  std::string identifier;
  for (char c : name.substr(0, kMost)) {
    if (absl::ascii_isalnum(c) || c == '_') identifier += c;
  }
  if (identifier.empty()) return "Module";
  return absl::ascii_isdigit(identifier[0]) ? absl::StrCat("_", identifier) : identifier;
}

absl::flat_hash_set<std::string> TakenNames(const ModelIndex& index) {
  absl::flat_hash_set<std::string> taken;
  for (const GraphRecord& graph : index.graphs()) {
    if (index.text(graph.domain) == kOutlineDomain) taken.emplace(index.text(graph.name));
  }
  for (const NodeRecord& node : index.nodes()) {
    if (index.text(node.domain) == kOutlineDomain) taken.emplace(index.text(node.op_type));
  }
  return taken;
}

// The name of an initializer below `path`, from there; "" if it is none.
absl::string_view NameBelow(absl::string_view name, absl::string_view path) {
  if (path.empty()) return name;
  return absl::ConsumePrefix(&name, path) && absl::ConsumePrefix(&name, ".") ? name : "";
}

}  // namespace

void NameFunctions(const OwnedGraph& owned, OutlinePlan* plan) {
  absl::flat_hash_set<std::string> taken = TakenNames(owned.graph.index());
  absl::flat_hash_map<std::string, int> numbers;
  for (OutlineFunction& function : plan->functions) {
    const Module& module =
        owned.hierarchy.module(plan->candidates.instances[function.instance].module);
    const std::string name = Identifier(module.class_name.empty() ? LastWord(module.path)
                                                                  : LastSegment(module.class_name));
    function.name = name;
    int& number = numbers.try_emplace(name, 1).first->second;
    while (!taken.insert(function.name).second) function.name = absl::StrCat(name, "_", ++number);
  }
}

void NameParameters(const OwnedGraph& owned, const OutlinePlan& plan, OutlineFunction* function) {
  const Block& block = plan.block(*function);
  const absl::string_view path =
      owned.hierarchy.module(plan.candidates.instances[function->instance].module).path;
  absl::flat_hash_set<std::string> taken;
  for (size_t p = 0; p < function->parameters.size(); ++p) {
    OutlineParameter& parameter = function->parameters[p];
    const ValueId value = block.input(*plan.candidates.reads, parameter.read);
    const bool is_tensor = owned.graph.value(value).tensor != Value::kNoTensor;
    if (is_tensor) parameter.name = std::string(NameBelow(owned.graph.name(value), path));
    if (!parameter.name.empty() && taken.insert(parameter.name).second) continue;
    parameter.name = absl::StrCat("input_", p);
    while (!taken.insert(parameter.name).second) parameter.name += "_";
  }
}

}  // namespace modelexport
