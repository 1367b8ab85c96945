// The end of every command that writes an edited copy of a model: its size, its data files, the
// temporary file and its name.
//
//   EditedCopy copy(request);
//   MX_RETURN_IF_ERROR(copy.Plan(graph, edits, &warnings));
//   MX_RETURN_IF_ERROR(copy.WriteTemporary());
//   ...  // Judge *copy.OpenTemporary().
//   MX_RETURN_IF_ERROR(copy.Commit());
#ifndef MODELEXPORT_COMMANDS_EDITED_COPY_H_
#define MODELEXPORT_COMMANDS_EDITED_COPY_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/files/external_data.h"
#include "modelexport/files/output_file.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/splice_plan.h"

namespace modelexport {

struct CopyRequest {
  std::string model;   // As the user named it.
  std::string output;  // May be `model`.
  bool allow_over_2gib = false;
  ExternalDataMode external_data = ExternalDataMode::kCopy;
  absl::optional<std::vector<std::string>> declared_data;  // Absent: whatever the model names.
  Sync sync = Sync::kWhenReplacing;
  const std::atomic<bool>* cancelled = nullptr;
};

// After an error there is no output, and nothing at its place has changed.
class EditedCopy {
 public:
  explicit EditedCopy(CopyRequest request) : request_(std::move(request)) {}

  // Writes nothing. The source of `graph`, and `edits` with their bytes, must outlive the object.
  // An error: a copy of 2 GiB or more although the model was smaller (Fault::kJudged), what
  // CheckDeclared() and PlanExternalData() refuse.
  absl::Status Plan(const GraphView& graph, absl::Span<const Edit> edits,
                    std::vector<std::string>* warnings);

  // Of the copy. These hold once Plan() has returned.
  uint64_t size() const { return plan_->output_size(); }
  uint64_t new_bytes() const { return plan_->new_bytes(); }
  bool lengths_were_minimal() const { return plan_->lengths_were_minimal(); }

  absl::Status WriteTemporary();
  absl::StatusOr<std::unique_ptr<ByteSource>> OpenTemporary() const;

  // Data files first, the model's name behind them.
  absl::Status Commit();

 private:
  absl::Status PlanExternalData(const GraphView& graph, std::vector<std::string>* warnings);

  const CopyRequest request_;
  const ByteSource* source_ = nullptr;
  std::unique_ptr<SplicePlan> plan_;
  ExternalDataPlan external_data_;
  std::unique_ptr<OutputFile> output_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_EDITED_COPY_H_
