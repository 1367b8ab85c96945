#include "modelexport/evidence/names/dotted_names.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "modelexport/base/number_text.h"
#include "modelexport/evidence/names/scope_name.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {
namespace {

// The length of the UTF-8 sequence that `text` begins with; 0 if it begins with none. The table of
// well-formed sequences: Unicode 15, table 3-7.
size_t SequenceSize(absl::string_view text) {
  const auto byte = [text](size_t i) {
    return static_cast<uint8_t>(i < text.size() ? text[i] : 0);
  };
  const auto follows = [&](size_t i) { return byte(i) >= 0x80 && byte(i) <= 0xBF; };
  const uint8_t first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (!follows(1) || !follows(2)) return 0;
  if (first == 0xE0) return second >= 0xA0 ? 3 : 0;
  if (first == 0xED) return second <= 0x9F ? 3 : 0;
  if (first >= 0xE1 && first <= 0xEF) return 3;
  if (!follows(3)) return 0;
  if (first == 0xF0) return second >= 0x90 ? 4 : 0;
  if (first == 0xF4) return second <= 0x8F ? 4 : 0;
  return first >= 0xF1 && first <= 0xF3 ? 4 : 0;
}

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const size_t size = SequenceSize(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

absl::string_view LastAtom(absl::string_view path) { return path.substr(path.rfind('.') + 1); }

// "" at the top.
absl::string_view Above(absl::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == absl::string_view::npos ? "" : path.substr(0, dot);
}

// Values and what is made of them have "/" or "::" in their names.
bool IsOfModules(absl::string_view name) {
  return absl::StrContains(name, '.') && !absl::StrContains(name, '/') &&
         !absl::StrContains(name, "::") && !absl::StrContains(name, "..") && name.front() != '.' &&
         name.back() != '.' && IsUsableName(name, '.');
}

// "layer.0" of "layer.0.weight", and of "layer.0.gains.1": a list of parameters is read by the
// module that has it.
absl::string_view ModuleOfTensor(absl::string_view name) {
  absl::string_view module = Above(name);
  if (!absl::ascii_isdigit(LastAtom(name)[0])) return module;
  while (IsNumber(LastAtom(module))) module = Above(module);
  return Above(module);
}

}  // namespace

bool IsUsableName(absl::string_view name, char separator) {
  return name.size() <= Hierarchy::kMaxNameSize &&
         static_cast<size_t>(std::count(name.begin(), name.end(), separator)) <
             Hierarchy::kMaxSegments &&
         IsUtf8(name);
}

DottedNames::DottedNames(const ModelIndex& index) {
  for (const TensorRecord& tensor : index.tensors()) {
    if (tensor.role != TensorRecord::Role::kAttribute)
      Add(index.text(tensor.name), index.dims(tensor));
  }
  for (size_t n = 0; n < index.nodes().size(); ++n) {
    if (index.text(index.node(NodeId(n)).op_type) != "Identity") continue;
    for (const StringId output : index.outputs(NodeId(n))) Add(index.text(output), {});
  }
}

void DottedNames::Add(absl::string_view name, absl::Span<const int64_t> dims) {
  if (!IsOfModules(name)) return;
  const absl::string_view module = ModuleOfTensor(name);
  if (module.empty() || !module_of_.try_emplace(name, module).second) return;
  tensors_.push_back({name, module, dims});
  AddPaths(module);
}

void DottedNames::AddPaths(absl::string_view path) {
  // What is known already, so is all that is around it.
  const size_t first = in_order_.size();
  for (; !path.empty() && paths_.insert(path).second; path = Above(path)) {
    in_order_.push_back(path);
  }
  std::reverse(in_order_.begin() + first, in_order_.end());
}

absl::string_view DottedNames::ModuleOf(absl::string_view name) const {
  // Names of values, which are most, need not be hashed.
  if (module_of_.empty() || absl::StrContains(name, '/')) return "";
  const auto found = module_of_.find(name);
  return found == module_of_.end() ? "" : found->second;
}

std::vector<absl::string_view> DottedNames::CallableModules() const {
  absl::flat_hash_set<absl::string_view> with_names;
  for (const absl::string_view path : in_order_) {
    if (!IsNumber(LastAtom(path))) with_names.insert(Above(path));
  }
  std::vector<absl::string_view> callable;
  for (const absl::string_view path : in_order_) {
    if (with_names.contains(path)) callable.push_back(path);
  }
  return callable;
}

}  // namespace modelexport
