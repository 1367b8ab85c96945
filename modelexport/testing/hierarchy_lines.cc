#include "modelexport/testing/hierarchy_lines.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/hierarchy_builder.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"

namespace modelexport::testing {
namespace {

using Words = absl::Span<const absl::string_view>;

class LineReader {
 public:
  absl::Status Add(absl::string_view line) {
    const size_t indent = line.find_first_not_of(' ');
    const std::vector<absl::string_view> words =
        absl::StrSplit(line.substr(0, line.find('#')), ' ', absl::SkipEmpty());
    if (words.empty()) return absl::OkStatus();
    if (words[0] == "call") return AddCall(indent, words);
    if (words[0] == "op") return AddOp(indent, words);
    if (words[0] == "ops_source") return SetOpsSource(words);
    return words[0] == "tensor" || words[0] == "buffer" ? AddTensor(words) : AddModule(words);
  }

  absl::StatusOr<Hierarchy> Build() && { return std::move(builder_).Build(); }

 private:
  static absl::string_view Unquoted(absl::string_view word) { return word == "\"\"" ? "" : word; }

  absl::Status AddModule(Words words) {
    ModuleEntry entry;
    entry.path = Unquoted(words[0]);
    if (words.size() < 2) return absl::InvalidArgumentError("expected a path and a class");
    if (words[1] != "-") entry.class_name = words[1];
    words.remove_prefix(2);
    int64_t calls;
    if (!words.empty() && absl::SimpleAtoi(words[0], &calls)) {
      entry.calls = calls;
      words.remove_prefix(1);
    }
    entry.aliases = words;
    return builder_.AddModule(entry);
  }

  absl::Status AddTensor(Words words) {
    if (words.size() < 3) return absl::InvalidArgumentError("expected a name and a type");
    TensorEntry entry;
    entry.kind = words[0] == "tensor" ? "parameter" : words[0];
    entry.name = words[1];
    const absl::string_view type = words[2];
    const size_t bracket = type.find('[');
    if (bracket == type.npos || type.back() != ']') {
      return absl::InvalidArgumentError(
          absl::StrCat("expected a type as float32[4,8], not ", type));
    }
    entry.dtype = type.substr(0, bracket);
    std::vector<int64_t> shape;
    for (absl::string_view dim : absl::StrSplit(type.substr(bracket + 1, type.size() - bracket - 2),
                                                ',', absl::SkipEmpty())) {
      if (!absl::SimpleAtoi(dim, &shape.emplace_back())) {
        return absl::InvalidArgumentError(absl::StrCat("expected a dimension, not ", dim));
      }
    }
    entry.shape = shape;
    const size_t elements = std::find(words.begin(), words.end(), "=") - words.begin();
    entry.aliases = words.subspan(3, elements - 3);
    if (elements < words.size()) {
      MX_ASSIGN_OR_RETURN(entry.stats, StatsOf(words.subspan(elements + 1)));
    }
    return builder_.AddTensor(entry);
  }

  static absl::StatusOr<TensorStats> StatsOf(Words words) {
    TensorStats stats{HUGE_VAL, -HUGE_VAL, 0, 0};
    for (absl::string_view word : words) {
      double element;
      if (!absl::SimpleAtod(word, &element)) {
        return absl::InvalidArgumentError(absl::StrCat("expected an element, not ", word));
      }
      stats.min = std::min(stats.min, element);
      stats.max = std::max(stats.max, element);
      stats.mean += element / static_cast<double>(words.size());
      stats.l2 += element * element;
    }
    stats.l2 = std::sqrt(stats.l2);
    return stats;
  }

  // Calls are made by the nearest one above that stands further to the left.
  absl::Status AddCall(size_t indent, Words words) {
    if (words.size() != 2) return absl::InvalidArgumentError("expected a call of one module");
    const absl::optional<int64_t> parent = CallAround(indent);
    open_calls_.emplace_back(indent, num_calls_++);
    return builder_.AddCall(Unquoted(words[1]), parent);
  }

  absl::optional<int64_t> CallAround(size_t indent) {
    while (!open_calls_.empty() && open_calls_.back().first >= indent) open_calls_.pop_back();
    if (open_calls_.empty()) return absl::nullopt;
    return open_calls_.back().second;
  }

  // Operators run in such a call too.
  absl::Status AddOp(size_t indent, Words words) {
    const absl::optional<int64_t> call = CallAround(indent);
    if (!call.has_value()) return absl::InvalidArgumentError("expected a call above");
    if (words.size() < 2) return absl::InvalidArgumentError("expected a result and an operator");
    const bool has_result = words.size() > 2 && words[2] == "=";
    OpEntry entry;
    entry.call = *call;
    entry.name = has_result ? (words.size() > 3 ? words[3] : "") : words[1];
    if (entry.name.empty()) return absl::InvalidArgumentError("expected an operator");
    if (has_result) entry.node_name = words[1];
    std::vector<ReadEntry> reads;
    for (absl::string_view word : words.subspan(has_result ? 4 : 2)) {
      if (absl::ConsumePrefix(&word, "=")) entry.returns = reads.size();
      const auto result = results_.find(word);
      ReadEntry& read = reads.emplace_back();
      if (result != results_.end()) {
        read.op = result->second;
      } else if (word != "-") {
        read.tensor = word;
      }
    }
    entry.reads = reads;
    if (has_result) results_.emplace(words[1], num_ops_);
    ++num_ops_;
    return builder_.AddOp(entry);
  }

  absl::Status SetOpsSource(Words words) {
    constexpr std::pair<absl::string_view, OpsSource> kSources[] = {
        {"exported_program", OpsSource::kExportedProgram},
        {"torch_export", OpsSource::kTorchExport},
        {"dispatch", OpsSource::kDispatch}};
    for (const auto& source : kSources) {
      if (words.size() != 2 || words[1] != source.first) continue;
      builder_.SetOpsSource(source.second);
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError("expected a source of ops");
  }

  HierarchyBuilder builder_;
  std::vector<std::pair<size_t, int64_t>> open_calls_;  // Indent and index.
  int64_t num_calls_ = 0;
  std::map<std::string, int64_t, std::less<>> results_;  // Of operators.
  int64_t num_ops_ = 0;
};

}  // namespace

absl::StatusOr<Hierarchy> ParseHierarchyLines(absl::string_view text) {
  LineReader reader;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    MX_RETURN_IF_ERROR(Annotate(reader.Add(line), absl::StrCat("line ", number)));
  }
  return std::move(reader).Build();
}

Hierarchy HierarchyOf(absl::string_view text) {
  absl::StatusOr<Hierarchy> hierarchy = ParseHierarchyLines(text);
  if (hierarchy.ok()) return *std::move(hierarchy);
  ADD_FAILURE() << hierarchy.status().message();
  return *ParseHierarchyLines("\"\" -");
}

Hierarchy HierarchyOfSidecar(absl::string_view json) {
  absl::StatusOr<Hierarchy> hierarchy = ParseSidecar(json);
  if (hierarchy.ok()) return *std::move(hierarchy);
  ADD_FAILURE() << hierarchy.status();
  return *ParseHierarchyLines("\"\" -");
}

}  // namespace modelexport::testing
