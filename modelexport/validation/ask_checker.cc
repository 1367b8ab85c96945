#include "modelexport/validation/ask_checker.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/validation/watched_source.h"

namespace modelexport {
namespace {

// `text` as it would read in any folder, so that verdicts on two files can be compared.
std::string WithoutFolder(absl::string_view text, const std::string& folder) {
  return folder.empty() ? std::string(text) : absl::StrReplaceAll(text, {{folder, ""}});
}

absl::StatusOr<ModelVerdict> Ask(const ModelChecker& checker, const CheckedModel& model,
                                 const std::atomic<bool>* cancelled) {
  const WatchedSource watched(*model.model, cancelled);
  MX_ASSIGN_OR_RETURN(ModelVerdict verdict, checker(watched, model.folder));
  verdict.reason = WithoutFolder(verdict.reason, model.folder);
  return verdict;
}

}  // namespace

absl::Status AskChecker(const ModelChecker& checker, const CheckedModel& model,
                        const CheckedModel& original, const std::atomic<bool>* cancelled,
                        Findings* findings) {
  if (!checker) {
    findings->Add("onnx.unchecked", "model", "this program has no checker of models");
    return absl::OkStatus();
  }
  MX_ASSIGN_OR_RETURN(const ModelVerdict verdict, Ask(checker, model, cancelled));
  if (verdict.kind == ModelVerdict::Kind::kNotChecked) {
    findings->Add("onnx.unchecked", "model", verdict.reason);
  }
  if (verdict.kind != ModelVerdict::Kind::kInvalid) return absl::OkStatus();
  ModelVerdict before;
  if (original.model != nullptr) {
    MX_ASSIGN_OR_RETURN(before, Ask(checker, original, cancelled));
  }
  const bool known = before.kind == verdict.kind && before.reason == verdict.reason;
  findings->Add(known ? "onnx.checker_before" : "onnx.checker", "model", verdict.reason);
  return absl::OkStatus();
}

}  // namespace modelexport
