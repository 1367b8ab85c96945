#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/profiles/csv_rows.h"
#include "modelexport/profiles/kept_runs.h"
#include "modelexport/profiles/kernel_table.h"
#include "modelexport/profiles/profile_forms.h"

namespace modelexport {
namespace {

constexpr absl::string_view kCycles = "Accelerator (execute) time (cycles)";
constexpr absl::string_view kTime = "Accelerator (execute) time";

struct Columns {
  size_t message, value, unit, level, identifier, sources;

  static absl::StatusOr<Columns> Of(const std::vector<std::string>& titles) {
    Columns columns;
    MX_ASSIGN_OR_RETURN(columns.message, FindColumn(titles, "Message"));
    MX_ASSIGN_OR_RETURN(columns.value, FindColumn(titles, "Time"));
    MX_ASSIGN_OR_RETURN(columns.unit, FindColumn(titles, "Unit of Measurement"));
    MX_ASSIGN_OR_RETURN(columns.level, FindColumn(titles, "Event Level"));
    MX_ASSIGN_OR_RETURN(columns.identifier, FindColumn(titles, "Event Identifier"));
    columns.sources = FindColumn(titles, "ONNX Source Ops").value_or(titles.size());
    return columns;
  }

  size_t least() const { return std::max({message, value, unit, level, identifier}) + 1; }
};

// "conv1:OpId_12 (cycles)" and "conv1 OpId_12 (cycles)" are of the node conv1.
absl::string_view NodeName(absl::string_view identifier) {
  const size_t id = identifier.rfind("OpId_");
  if (id == absl::string_view::npos || id == 0) return absl::StripSuffix(identifier, " (cycles)");
  return identifier.substr(0, id - 1);
}

class QnnSamples {
 public:
  explicit QnnSamples(const Columns& columns) : columns_(columns) {}

  absl::Status Take(const std::vector<std::string>& row, size_t line) {
    if (row.size() < columns_.least()) return absl::OkStatus();
    const std::string& level = row[columns_.level];
    const bool is_root = level == "ROOT";
    const bool is_node = row[columns_.message] == "NODE" && level == "SUB-EVENT";
    const bool in_cycles = row[columns_.unit] == "CYCLES";
    const absl::string_view identifier = row[columns_.identifier];
    if (is_node && in_cycles) {
      MX_ASSIGN_OR_RETURN(const double cycles, Number(row, line));
      Add(NodeName(identifier), row, cycles);
    } else if (is_root && in_cycles && identifier == kCycles) {
      Drop();
      MX_ASSIGN_OR_RETURN(root_cycles_, Number(row, line));
    } else if (is_root && row[columns_.unit] == "US" && identifier == kTime) {
      MX_ASSIGN_OR_RETURN(const double microseconds, Number(row, line));
      Close(microseconds);
    }
    return absl::OkStatus();
  }

  Profile Finish(size_t warmup) {
    Drop();
    Profile profile;
    profile.kernels = kernels_.Take();
    for (size_t k = 0; k < profile.kernels.size(); ++k) {
      if (!parts_[k].empty()) profile.kernels[k].parts = parts_[k];
    }
    SumKeptRuns(recorded_, warmup, &profile);
    return profile;
  }

 private:
  absl::StatusOr<double> Number(const std::vector<std::string>& row, size_t line) const {
    uint64_t number = 0;
    if (absl::SimpleAtoi(row[columns_.value], &number)) return static_cast<double>(number);
    return absl::InvalidArgumentError(
        absl::StrCat("line ", line, ": Time is \"", row[columns_.value], "\", no whole number"));
  }

  void Add(absl::string_view name, const std::vector<std::string>& row, double cycles) {
    const uint32_t kernel = kernels_.Within(kernels_.Find(name, "", absl::nullopt), Kernel::kNone);
    if (kernel == parts_.size()) {
      parts_.emplace_back();
      if (columns_.sources < row.size()) {
        parts_.back() = absl::StrSplit(row[columns_.sources], ';', absl::SkipWhitespace());
      }
    }
    sample_.push_back({kernel, cycles});
  }

  // The clock of the accelerator is known from the whole sample.
  void Close(double microseconds) {
    if (root_cycles_ <= 0) return Drop();
    RecordedRun& run = recorded_.runs.emplace_back();
    run.begin = static_cast<double>(recorded_.runs.size());
    run.duration = microseconds;
    run.times = std::move(sample_);
    for (KernelTime& time : run.times) time.own *= microseconds / root_cycles_;
    sample_.clear();
    root_cycles_ = 0;
  }

  void Drop() {
    recorded_.partial += sample_.size();
    sample_.clear();
    root_cycles_ = 0;
  }

  const Columns columns_;
  KernelTable kernels_;
  std::vector<std::vector<std::string>> parts_;  // By kernel.
  std::vector<KernelTime> sample_;               // In cycles.
  double root_cycles_ = 0;
  RecordedRuns recorded_;
};

}  // namespace

absl::StatusOr<Profile> ReadQnnProfile(const ByteSource& source, const ProfileOptions& options) {
  CsvRows rows(source, ',');
  std::vector<std::string> fields;
  MX_RETURN_IF_ERROR(rows.Next(&fields).status());
  MX_ASSIGN_OR_RETURN(const Columns columns, Columns::Of(fields));
  QnnSamples samples(columns);
  while (true) {
    MX_RETURN_IF_ERROR(CheckCancelled(options.cancelled));
    MX_ASSIGN_OR_RETURN(const bool is_row, rows.Next(&fields));
    if (!is_row) break;
    MX_RETURN_IF_ERROR(samples.Take(fields, rows.line()));
  }
  return samples.Finish(options.warmup);
}

}  // namespace modelexport
