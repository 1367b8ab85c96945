// `tag`, with what it promises of every model and hierarchy.

#include <string>

#include "absl/strings/match.h"
#include "modelexport/commands/strip.h"
#include "modelexport/commands/tag.h"
#include "modelexport/ownership/read_hierarchy.h"
#include "tests/error_form.h"
#include "tests/fuzz/model_target.h"
#include "tests/fuzz/oracles.h"
#include "tests/standard_request.h"

namespace modelexport::fuzz {

void Try(const TriedFiles& files) {
  TagFileRequest request = testing::StandardRequest("", files.hierarchy(), "");
  if (request.hierarchy.empty()) request.hierarchy = std::string(kNamesHierarchy);
  request.validation = ValidationLevel::kFull;
  const absl::Status tagged = files.Write(TagFile, "in.onnx", "tagged.onnx", request);
  if (!tagged.ok()) {
    const std::string wrong = testing::WhatIsWrongWith(tagged, files.model(), request.hierarchy);
    return Require(wrong.empty(), "an error names file and place", wrong);
  }
  const absl::Status again = files.Write(TagFile, "tagged.onnx", "again.onnx", request);
  Require(again.ok(), "what was tagged can be tagged again", again.ToString());
  const std::string twice = TriedFiles::Read("again.onnx");
  Require(twice == TriedFiles::Read("tagged.onnx"), "tagging is idempotent");

  // An error where old names that `rename` kept cannot be given back.
  if (!files.Write(Strip, "in.onnx", "untagged.onnx", StripRequest()).ok()) return;
  const absl::Status stripped = files.Write(Strip, "tagged.onnx", "stripped.onnx", StripRequest());
  Require(stripped.ok(), "what was tagged can be stripped", stripped.ToString());
  const std::string untagged = TriedFiles::Read("untagged.onnx");
  Require(TriedFiles::Read("stripped.onnx") == untagged, "strip(tag(x)) is strip(x)");
  const std::string model = TriedFiles::Read("in.onnx");
  Require(absl::StrContains(model, "modelexport.") || model == untagged,
          "strip(x) is x without tags");
}

}  // namespace modelexport::fuzz
