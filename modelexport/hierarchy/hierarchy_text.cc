#include "modelexport/hierarchy/hierarchy_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace modelexport {
namespace {

void AppendAliases(absl::Span<const absl::string_view> aliases, std::vector<std::string>* facts) {
  if (aliases.empty()) return;
  facts->push_back(absl::StrCat("aliases \"", absl::StrJoin(aliases, "\" \""), "\""));
}

std::string Line(absl::string_view subject, const std::vector<std::string>& facts) {
  return absl::StrCat(subject, facts.empty() ? "" : ": ", absl::StrJoin(facts, ", "), "\n");
}

std::string ModuleLine(size_t index, const Module& module) {
  std::vector<std::string> facts;
  if (module.implied) facts.push_back("implied");
  if (!module.class_name.empty()) facts.emplace_back(module.class_name);
  if (module.calls.has_value()) facts.push_back(absl::StrCat("calls ", *module.calls));
  AppendAliases(module.aliases, &facts);
  if (!module.traced_tag.empty()) facts.push_back(absl::StrCat("tag ", module.traced_tag));
  if (module.parent.valid()) facts.push_back(absl::StrCat("parent ", module.parent.index()));
  return Line(absl::StrCat("module ", index, " \"", module.path, "\""), facts);
}

std::string TensorLine(size_t index, const Tensor& tensor) {
  std::vector<std::string> facts = {
      absl::StrCat(tensor.kind, " ", tensor.dtype, " [", absl::StrJoin(tensor.shape, ", "), "]")};
  AppendAliases(tensor.aliases, &facts);
  if (tensor.stats.has_value()) {
    facts.push_back(absl::StrCat("min ", tensor.stats->min, ", max ", tensor.stats->max, ", mean ",
                                 tensor.stats->mean, ", l2 ", tensor.stats->l2));
  }
  facts.push_back(absl::StrCat("owner ", tensor.owner.index()));
  return Line(absl::StrCat("tensor ", index, " \"", tensor.name, "\""), facts);
}

std::string CallLine(size_t index, const Call& call) {
  std::vector<std::string> facts = {
      absl::StrCat("module ", call.module.index(), " #", call.ordinal)};
  if (call.parent.valid()) facts.push_back(absl::StrCat("parent ", call.parent.index()));
  return Line(absl::StrCat("call ", index), facts);
}

std::string OpLine(size_t index, const Op& op) {
  std::vector<std::string> facts;
  if (!op.node_name.empty()) facts.push_back(absl::StrCat("name \"", op.node_name, "\""));
  facts.push_back(absl::StrCat("call ", op.call.index()));
  std::string reads;
  for (const OpRead& read : op.reads) {
    if (read.op.valid()) absl::StrAppend(&reads, " op ", read.op.index());
    if (read.tensor.valid()) absl::StrAppend(&reads, " tensor ", read.tensor.index());
    if (!read.op.valid() && !read.tensor.valid()) reads += " -";
  }
  if (!reads.empty()) facts.push_back(absl::StrCat("reads", reads));
  if (op.returns_read) facts.push_back("returns what it reads");
  return Line(absl::StrCat("op ", index, " ", op.name), facts);
}

std::string NodeLine(size_t index, const SourceNode& node) {
  std::vector<std::string> facts;
  if (!node.name.empty()) facts.push_back(absl::StrCat("name \"", node.name, "\""));
  facts.push_back(absl::StrCat("makes \"", absl::StrJoin(node.results, "\" \""), "\""));
  facts.push_back(absl::StrCat("module ", node.module.index()));
  if (node.call.valid()) facts.push_back(absl::StrCat("call ", node.call.index()));
  if (node.op.valid()) facts.push_back(absl::StrCat("op ", node.op.index()));
  for (const ModuleId module : node.also) {
    facts.push_back(absl::StrCat("also module ", module.index()));
  }
  return Line(absl::StrCat("node ", index, " ", node.op_type), facts);
}

absl::string_view SourceLine(OpsSource source) {
  switch (source) {
    case OpsSource::kNone:
      return "";
    case OpsSource::kExportedProgram:
      return "ops from exported_program\n";
    case OpsSource::kTorchExport:
      return "ops from torch_export\n";
    case OpsSource::kDispatch:
      return "ops from dispatch\n";
    case OpsSource::kOnnx:
      return "ops from onnx\n";
  }
  return "ops from nowhere known\n";
}

template <typename T>
void AppendLines(const std::vector<T>& items, std::string (*line)(size_t, const T&),
                 std::string* text) {
  for (size_t i = 0; i < items.size(); ++i) text->append(line(i, items[i]));
}

}  // namespace

std::string ToText(const Hierarchy& hierarchy) {
  std::string text;
  AppendLines(hierarchy.modules(), ModuleLine, &text);
  AppendLines(hierarchy.tensors(), TensorLine, &text);
  AppendLines(hierarchy.calls(), CallLine, &text);
  AppendLines(hierarchy.ops(), OpLine, &text);
  AppendLines(hierarchy.nodes(), NodeLine, &text);
  absl::StrAppend(&text, SourceLine(hierarchy.ops_source()));
  if (hierarchy.calls_are_assumed()) text += "calls are assumed\n";
  for (const std::string& warning : hierarchy.warnings()) {
    absl::StrAppend(&text, "warning: ", warning, "\n");
  }
  return text;
}

}  // namespace modelexport
