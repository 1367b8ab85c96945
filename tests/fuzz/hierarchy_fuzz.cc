// Every form of sidecar: the one that a text seems to have, and the readers of all others too.

#include <string>

#include "absl/status/statusor.h"
#include "modelexport/hierarchy/readers/hierarchy_forms.h"
#include "modelexport/hierarchy/readers/hierarchy_json.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/hierarchy/readers/sidecar_writer.h"
#include "tests/error_form.h"
#include "tests/fuzz/engine.h"
#include "tests/fuzz/oracles.h"

namespace modelexport::fuzz {
namespace {

void RequirePlaced(const absl::StatusOr<Hierarchy>& parsed) {
  if (parsed.ok()) return;
  Require(parsed.status().code() == absl::StatusCode::kInvalidArgument, "the text is at fault",
          parsed.status().ToString());
  const std::string wrong = testing::WhatIsWrongWithPlace(parsed.status().message());
  Require(wrong.empty(), "an error names its place", wrong);
}

void Try(absl::string_view text) {
  for (const HierarchyForm& form : kHierarchyForms) {
    if (!form.description.empty()) RequirePlaced(form.parse(text, nullptr));
  }
  const absl::StatusOr<Hierarchy> parsed = ParseHierarchy(text);
  RequirePlaced(parsed);
  if (!parsed.ok()) return;
  const std::string embedded = RenderEmbedded(*parsed);
  const absl::StatusOr<Hierarchy> again = ParseSidecar(embedded);
  Require(again.ok(), "what is embedded can be read", again.status().ToString());
  Require(RenderEmbedded(*again) == embedded, "what is embedded says the same", embedded);
}

}  // namespace
}  // namespace modelexport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  modelexport::fuzz::Try(modelexport::fuzz::View(data, size));
  return 0;
}
