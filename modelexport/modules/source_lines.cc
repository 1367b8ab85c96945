#include "modelexport/modules/source_lines.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/metadata_value.h"

namespace modelexport {
namespace {

// `File "x.py", line 93, in forward`; the name of the function may be missing.
absl::optional<SourceLine> ParseCall(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "File \"")) return absl::nullopt;
  constexpr absl::string_view kLine = "\", line ";
  const size_t end = text.rfind(kLine);
  if (end == absl::string_view::npos) return absl::nullopt;
  SourceLine line;
  line.file = std::string(text.substr(0, end));
  text.remove_prefix(end + kLine.size());
  const auto is_digit = [](char c) { return absl::ascii_isdigit(c); };
  const size_t digits = std::find_if_not(text.begin(), text.end(), is_digit) - text.begin();
  line.number = std::string(text.substr(0, digits));
  text.remove_prefix(digits);
  if (line.number.empty()) return absl::nullopt;
  if (absl::ConsumePrefix(&text, ", in ")) line.function = std::string(text);
  return line;
}

bool IsTorchsOwn(absl::string_view file) {
  return absl::StartsWith(file, "torch/nn/") || absl::StrContains(file, "/torch/nn/");
}

bool IsSame(const SourceLine& a, const SourceLine& b) {
  return a.number == b.number && a.file == b.file && a.function == b.function;
}

// What the traces that were added have in common.
class CommonTrace {
 public:
  void Add(const std::vector<SourceLine>& trace) {
    if (trace.empty()) return;
    if (!lines_.has_value()) {
      lines_ = trace;
      return;
    }
    size_t same = 0;
    const size_t most = std::min(lines_->size(), trace.size());
    while (same < most && IsSame((*lines_)[same], trace[same])) ++same;
    lines_->resize(same);
  }

  // Takes over what is not known yet, so that each line is copied once.
  void Merge(CommonTrace&& other) {
    if (!other.lines_.has_value()) return;
    if (!lines_.has_value()) {
      *this = std::move(other);
    } else if (other.lines_->empty()) {
      lines_->clear();
    } else {
      Add(*other.lines_);
    }
  }

  std::string Place() const {
    const SourceLine* line = lines_.has_value() ? InnermostLine(*lines_) : nullptr;
    return line == nullptr ? "" : line->Place();
  }

 private:
  absl::optional<std::vector<SourceLine>> lines_;  // Absent: no trace was added.
};

}  // namespace

std::string SourceLine::Place() const { return absl::StrCat(file, ":", number); }

std::vector<SourceLine> ParseStackTrace(absl::string_view trace) {
  std::vector<SourceLine> calls;
  bool code_follows = false;
  for (absl::string_view text : absl::StrSplit(trace, '\n')) {
    text = absl::StripAsciiWhitespace(text);
    absl::optional<SourceLine> call = ParseCall(text);
    const bool is_call = call.has_value();
    if (is_call) {
      calls.push_back(*std::move(call));
    } else if (code_follows) {
      calls.back().code = std::string(text);
    }
    code_follows = is_call;
  }
  return calls;
}

absl::StatusOr<std::vector<SourceLine>> StackTraceOf(const ModelIndex& index, NodeId node) {
  for (const MetadataEntry& entry : index.metadata(node)) {
    if (index.text(entry.key) != kStackTraceKey) continue;
    MX_ASSIGN_OR_RETURN(const auto trace, ReadMetadataValue(index.source(), entry));
    return ParseStackTrace(trace.value_or(""));
  }
  return std::vector<SourceLine>();
}

const SourceLine* InnermostLine(const std::vector<SourceLine>& trace) {
  for (size_t i = trace.size(); i-- > 0;) {
    if (!IsTorchsOwn(trace[i].file)) return &trace[i];
  }
  return trace.empty() ? nullptr : &trace.back();
}

absl::StatusOr<LinesOfModules> FindSourceLines(const OwnedGraph& owned, const ModuleRows& rows) {
  const size_t num_rows = rows.rows().size();
  std::vector<CommonTrace> common(num_rows + 1);  // The last one is of what is not attributed.
  for (size_t n = 0; n < owned.owners.size(); ++n) {
    const NodeId node(n);
    MX_ASSIGN_OR_RETURN(const std::vector<SourceLine> trace,
                        StackTraceOf(owned.graph.index(), node));
    const bool attributed = owned.IsAttributed(node);
    common[attributed ? rows.row_of(owned.owner(node).module) : num_rows].Add(trace);
  }
  LinesOfModules lines;
  lines.unattributed = common[num_rows].Place();
  lines.rows.resize(num_rows);
  // From the back, those below a row are complete.
  for (size_t row = num_rows; row-- > 0;) {
    lines.rows[row] = common[row].Place();
    if (row > 0) common[rows.row(row).parent].Merge(std::move(common[row]));
  }
  return lines;
}

}  // namespace modelexport
