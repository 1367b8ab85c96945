// The end of every command that writes an edited copy of a model: its size, its data files, the
// temporary file and its name.
//
//   EditedCopy copy(request);
//   MX_RETURN_IF_ERROR(copy.Plan(graph, edits, &warnings));
//   MX_RETURN_IF_ERROR(copy.Write(stages, [](const ByteSource& written) { ... }, &report));
#ifndef MODELEXPORT_COMMANDS_EDITED_COPY_H_
#define MODELEXPORT_COMMANDS_EDITED_COPY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/base/stages.h"
#include "modelexport/commands/copy_request.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/files/external_data.h"
#include "modelexport/files/output_file.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/validation/finding.h"

namespace modelexport {

// After an error there is no output, and nothing at its place has changed.
class EditedCopy {
 public:
  // `request` must outlive the object.
  explicit EditedCopy(const CopyRequest& request) : request_(request) {}

  // Writes nothing. The source of `graph`, and `edits` with their bytes, must outlive the object.
  // An error: a copy of 2 GiB or more although the model was smaller (Fault::kJudged), what
  // CheckDeclared() and PlanExternalData() refuse.
  absl::Status Plan(const GraphView& graph, absl::Span<const Edit> edits,
                    std::vector<std::string>* warnings);

  // The same where the graph is gone: `references` are those of its model (ExternalReferences()).
  absl::Status Plan(const ModelIndex& index, absl::Span<const Edit> edits,
                    const std::vector<ExternalReference>& references,
                    std::vector<std::string>* warnings);

  // The same for a copy whose data files are planned already. If `data` makes files, they are
  // placed before validation, so that a checker finds them.
  absl::Status Plan(const GraphView& graph, absl::Span<const Edit> edits, ExternalDataPlan data);

  // Of the copy. These hold once Plan() has returned.
  uint64_t size() const { return plan_->output_size(); }
  uint64_t new_bytes() const { return plan_->new_bytes(); }
  bool lengths_were_minimal() const { return plan_->lengths_were_minimal(); }

  // What validation said: its level, and a line for each finding.
  struct Verdict {
    std::string* level;
    std::vector<std::string>* findings;
  };

  // Runs the stages "write", "validate" and "commit". `validate` judges the temporary file, which
  // gets the output's name only if there are no errors among the findings (else Fault::kJudged). It
  // is not called if the request switches validation off.
  absl::Status Write(const Stages& stages,
                     absl::FunctionRef<absl::StatusOr<Findings>(const ByteSource&)> validate,
                     Verdict verdict);

  // The same in two steps, for several outputs that appear together: the first two stages, after
  // which nothing has its name, and then the third.
  absl::Status WriteAndJudge(
      const Stages& stages, absl::FunctionRef<absl::StatusOr<Findings>(const ByteSource&)> validate,
      Verdict verdict);
  absl::Status Commit(const Stages& stages);

 private:
  absl::Status PlanBytes(const ModelIndex& index, absl::Span<const Edit> edits);
  absl::Status PlanExternalData(const std::vector<ExternalReference>& references,
                                std::vector<std::string>* warnings);
  absl::Status PlaceData();
  absl::Status WriteTemporary();
  absl::Status Judge(const Findings& findings, Verdict verdict) const;
  absl::Status CommitFiles();

  Sync sync() const { return request_.fsync ? Sync::kAlways : Sync::kWhenReplacing; }

  const CopyRequest& request_;
  const ByteSource* source_ = nullptr;
  std::unique_ptr<SplicePlan> plan_;
  ExternalDataPlan external_data_;
  bool data_comes_first_ = false;
  absl::optional<PlacedData> data_;
  std::unique_ptr<OutputFile> output_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_EDITED_COPY_H_
