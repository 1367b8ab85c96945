#include "modelexport/validation/extracted.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/quoted.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/validation/ask_checker.h"
#include "modelexport/validation/same_bytes.h"
#include "modelexport/validation/same_initializers.h"
#include "modelexport/validation/watched_source.h"

namespace modelexport {
namespace {

class ExtractedCheck {
 public:
  ExtractedCheck(const ExtractedRequest& request, const ModelIndex& index, Findings* findings)
      : request_(request),
        original_(*request.original),
        index_(index),
        graph_(index, request.cancelled),
        findings_(*findings) {}

  absl::Status Run() {
    MX_RETURN_IF_ERROR(CompareNodes());
    MX_RETURN_IF_ERROR(CompareInitializers());
    CheckValues();
    return absl::OkStatus();
  }

 private:
  absl::Status CompareNodes() {
    const GraphRecord& main = index_.graphs()[0];
    if (main.num_nodes != request_.nodes.size()) {
      findings_.Add(main.num_nodes < request_.nodes.size() ? "diff.missing" : "diff.extra", "model",
                    absl::StrCat(main.num_nodes, " nodes, not ", request_.nodes.size()));
      return absl::OkStatus();
    }
    for (size_t i = 0; i < main.num_nodes; ++i) {
      MX_ASSIGN_OR_RETURN(const bool same, IsSame(NodeId(main.first_node + i), request_.nodes[i]));
      if (same || !findings_.Count("diff.bytes")) continue;
      findings_.Keep(
          "diff.bytes", graph_.Place(NodeId(main.first_node + i)),
          absl::StrCat("is not ", original_.Place(request_.nodes[i]), " of the original"));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<bool> IsSame(NodeId mine, NodeId theirs) const {
    if (!index_.bodies(mine).empty()) return HasSameNames(mine, theirs);
    return HaveSameBytes(index_.source(), index_.node(mine).range.content(),
                         original_.index().source(),
                         original_.index().node(theirs).range.content());
  }

  bool HasSameNames(NodeId mine, NodeId theirs) const {
    const ModelIndex& other = original_.index();
    const auto same = [&](StringId a, StringId b) { return index_.text(a) == other.text(b); };
    const auto all = [&](absl::Span<const StringId> a, absl::Span<const StringId> b) {
      return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
    };
    return graph_.op_type(mine) == original_.op_type(theirs) &&
           graph_.name(mine) == original_.name(theirs) &&
           all(index_.inputs(mine), other.inputs(theirs)) &&
           all(index_.outputs(mine), other.outputs(theirs));
  }

  absl::Status CompareInitializers() {
    std::vector<uint32_t> all(index_.tensors().size());
    std::iota(all.begin(), all.end(), 0);
    return modelexport::CompareInitializers({index_, all}, {original_.index(), request_.tensors},
                                            request_.level, &findings_);
  }

  void CheckValues() {
    if (graph_.duplicate_definitions() > 0) {
      findings_.Add("diff.extra", "model",
                    absl::StrCat(graph_.duplicate_definitions(), " values are defined again"));
    }
    for (const Value& value : graph_.values()) {
      if (value.producer.valid() || value.tensor != Value::kNoTensor || value.is_graph_input) {
        continue;
      }
      if (!findings_.Count("diff.missing")) continue;
      findings_.Keep("diff.missing", "model",
                     absl::StrCat("nothing makes ", Quoted(index_.text(value.name))));
    }
    CheckOutputs();
  }

  void CheckOutputs() {
    size_t made = 0;
    for (const Value& value : graph_.values()) {
      made += value.is_graph_output && value.graph == kMainGraph ? 1 : 0;
    }
    const size_t outputs = index_.graphs()[0].outputs.size();
    if (made == outputs) return;
    findings_.Add("diff.missing", "model",
                  absl::StrCat(made, " of ", outputs, " outputs are made"));
  }

  const ExtractedRequest& request_;
  const GraphView& original_;
  const ModelIndex& index_;
  const GraphView graph_;
  Findings& findings_;
};

}  // namespace

absl::StatusOr<Findings> ValidateExtracted(const ExtractedRequest& request) {
  Findings findings;
  const WatchedSource watched(*request.extracted, request.cancelled);
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(watched, {});
  if (!index.ok()) {
    MX_RETURN_IF_ERROR(watched.Conclude(index.status(), &findings));
    return findings;
  }
  MX_RETURN_IF_ERROR(ExtractedCheck(request, *index, &findings).Run());
  if (request.level == ValidationLevel::kFull) {
    MX_RETURN_IF_ERROR(AskChecker(request.checker, {request.extracted, request.folder},
                                  {&request.original->index().source(), request.original_folder},
                                  request.cancelled, &findings));
  }
  return findings;
}

}  // namespace modelexport
