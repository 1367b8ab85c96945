// A part of a model as a model of its own: what its cut keeps, its types, its data file.
//
//   PartWriter part(request, owned, &report);
//   MX_RETURN_IF_ERROR(part.CutOut(nodes));
//   MX_RETURN_IF_ERROR(part.Plan(declared, infos));   // Of part.boundary().
//   MX_RETURN_IF_ERROR(part.Write(stages));
//   MX_RETURN_IF_ERROR(part.Commit(stages));
#ifndef MODELEXPORT_COMMANDS_PART_WRITER_H_
#define MODELEXPORT_COMMANDS_PART_WRITER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "modelexport/base/stages.h"
#include "modelexport/commands/edited_copy.h"
#include "modelexport/commands/extract.h"
#include "modelexport/edits/extract_list.h"
#include "modelexport/files/external_data.h"
#include "modelexport/graph/value_infos.h"
#include "modelexport/modules/cut.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/report/extract_report.h"

namespace modelexport {

class PartWriter {
 public:
  // `owned` and `report` must outlive the object. `request.modules` names the part in errors, which
  // also name the model; `request.output` is where it goes.
  PartWriter(ExtractRequest request, const OwnedModel& owned, ExtractReport* report);
  PartWriter(const PartWriter&) = delete;

  // Errors are those of modelexport::CutOut().
  absl::Status CutOut(absl::Span<const NodeId> nodes);
  const Cut& cut() const { return cut_; }

  // The inputs of the cut, then its outputs.
  std::vector<ValueId> boundary() const;

  // Writes nothing. `infos` are of the boundary. Errors: a type that is not known, unless the
  // request allows that; external data that cannot be moved; those of EditedCopy::Plan().
  absl::Status Plan(const Declarations& declared, absl::Span<const ValueInfo> infos);

  // The stages "write" and "validate", and "commit": until then nothing has its name.
  absl::Status Write(const Stages& stages);
  absl::Status Commit(const Stages& stages) { return copy_.Commit(stages); }

 private:
  const GraphView& graph() const { return owned_.graph(); }
  absl::Status Named(const absl::Status& status) const;
  void WarnOfWayBack();
  absl::Status TakeTypes(absl::Span<const ValueInfo> infos);
  absl::Status PlanData();
  absl::Status PlanNewFile();
  void Count(const Declarations& declared);
  absl::StatusOr<Findings> Validate(const ByteSource& written) const;

  const ExtractRequest request_;
  const OwnedModel& owned_;
  ExtractReport& report_;
  Cut cut_;
  std::vector<uint32_t> tensors_;  // That the cut keeps.
  ExtractOptions options_;
  ExternalDataPlan data_plan_;
  std::unique_ptr<const ExtractList> list_;
  EditedCopy copy_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_PART_WRITER_H_
