#include "modelexport/evidence/trace/inlined_functions.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "modelexport/graph/inlined_names.h"

namespace modelexport {
namespace {

// Bounds the work on calls within calls within calls.
constexpr size_t kCallsAround = 8;

// "MatMul_0__3" as "MatMul_0" and 3.
struct NumberedName {
  absl::string_view name;
  uint64_t number = 0;  // 0: `name` is the whole, and another's. Calls count from 1.
};

NumberedName SplitNumber(absl::string_view name) {
  size_t digits = name.size();
  while (digits > 0 && absl::ascii_isdigit(name[digits - 1])) --digits;
  uint64_t number = 0;
  if (digits < 3 || name.substr(digits - 2, 2) != "__" ||
      !absl::SimpleAtoi(name.substr(digits), &number)) {
    return {name, 0};
  }
  return {name.substr(0, digits - 2), number};
}

// Finds the calls among numbered neighbours. A call is open from its first node to its last; open
// calls are around each other, the innermost last.
class NumberedCalls {
 public:
  explicit NumberedCalls(const GraphView& graph) : graph_(graph) {}

  std::vector<InlinedFunction> Find() {
    std::vector<NumberedName> names(graph_.num_nodes());
    for (size_t n = 0; n < names.size(); ++n) names[n] = SplitNumber(graph_.name(NodeId(n)));
    for (size_t begin = 0, end; begin < names.size(); begin = end + 1) {
      for (end = begin; end < names.size() && names[end].number > 0; ++end) {
        last_[names[end].number] = end;
      }
      for (size_t n = begin; n < end; ++n) Add(n, names[n]);
      while (!open_.empty()) CloseInnermost();
      last_.clear();
    }
    std::vector<InlinedFunction> found;
    found.reserve(functions_.size());
    for (auto& [names_of_nodes, function] : functions_) found.push_back(std::move(function));
    return found;
  }

 private:
  struct OpenCall {
    uint64_t number;
    InlinedCall nodes;
  };

  void Add(size_t n, const NumberedName& name) {
    while (!open_.empty() && last_[open_.back().number] < n) CloseInnermost();
    if (open_.empty() || open_.back().number < name.number) open_.push_back({name.number, {}});
    const size_t outermost = open_.size() - std::min(open_.size(), kCallsAround);
    for (size_t i = outermost; i < open_.size(); ++i) {
      if (open_[i].number > name.number) break;  // Calls that cross: not of one run of the inliner.
      open_[i].nodes.emplace(NameInFunction(name.number - open_[i].number, name.name), NodeId(n));
    }
  }

  void CloseInnermost() {
    InlinedCall call = std::move(open_.back().nodes);
    open_.pop_back();
    if (call.size() < 2) return;
    std::string names;
    for (const auto& [name, node] : call) {
      absl::StrAppend(&names, name.first, " ", name.second, "\n");
    }
    functions_[names].push_back(std::move(call));
  }

  const GraphView& graph_;
  absl::flat_hash_map<uint64_t, size_t> last_;  // The last node with each number.
  std::vector<OpenCall> open_;
  std::map<std::string, InlinedFunction> functions_;  // By the names of their nodes.
};

// The calls by what names begin with. Those of the first call are known by the function's name.
void AddFunctionsOfTokens(const GraphView& graph, std::vector<InlinedFunction>* found) {
  std::map<absl::string_view, std::map<absl::string_view, InlinedCall>> functions;
  std::vector<NodeId> without_token;
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    const absl::string_view name = graph.name(NodeId(n));
    if (!absl::StartsWith(name, kInlinedPrefix)) continue;
    const size_t token = name.find(kInlinedToken);
    const size_t number = token == absl::string_view::npos ? token : token + kInlinedToken.size();
    const size_t end = number == absl::string_view::npos ? number : name.find('_', number);
    if (end == absl::string_view::npos) {
      without_token.push_back(NodeId(n));
    } else {
      InlinedCall& call = functions[name.substr(0, token)][name.substr(0, end)];
      call.emplace(NameInFunction(0, name.substr(end + 1)), NodeId(n));
    }
  }
  for (NodeId node : without_token) {
    const absl::string_view name = graph.name(node);
    for (size_t end = name.rfind('_'); end > kInlinedPrefix.size();
         end = name.rfind('_', end - 1)) {
      const auto function = functions.find(name.substr(0, end));
      if (function == functions.end()) continue;
      InlinedCall& call = function->second[function->first];
      call.emplace(NameInFunction(0, name.substr(end + 1)), node);
      break;
    }
  }
  for (auto& [name, calls] : functions) {
    InlinedFunction& function = found->emplace_back();
    for (auto& [call_name, call] : calls) function.push_back(std::move(call));
  }
}

}  // namespace

std::vector<InlinedFunction> FindInlinedFunctions(const GraphView& graph) {
  std::vector<InlinedFunction> found = NumberedCalls(graph).Find();
  AddFunctionsOfTokens(graph, &found);
  return found;
}

}  // namespace modelexport
