#include "tests/fuzz/oracles.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/fault.h"
#include "tests/fuzz/model_input.h"

namespace modelexport::fuzz {

void Require(bool holds, absl::string_view rule, absl::string_view details) {
  if (holds) return;
  std::cerr << "broken: " << rule << "\n" << details << std::endl;
  std::abort();
}

const testing::TempDir& TriedFiles::dir() {
  static const testing::TempDir dir;
  return dir;
}

void TriedFiles::Clear() {
  for (const auto& entry : std::filesystem::directory_iterator(dir().path())) {
    std::filesystem::remove_all(entry);
  }
}

std::string TriedFiles::OnlyFile(absl::string_view text) {
  Clear();
  return dir().Write("text", text);
}

TriedFiles::TriedFiles(absl::string_view input) : input_size_(input.size()) {
  Clear();
  const ModelInput files = ModelInput::Of(input);
  model_ = dir().Write("in.onnx", files.model);
  if (!files.hierarchy.empty()) hierarchy_ = dir().Write("h.json", files.hierarchy);
}

void TriedFiles::RequireNamed(const absl::Status& status) {
  if (status.ok()) return;
  Require(absl::StartsWith(status.message(), dir().path() + "/"), "every error names its file",
          status.ToString());
  const Fault fault = FaultOf(status);
  Require(fault == Fault::kInput || fault == Fault::kJudged, "an error is the fault of an input",
          status.ToString());
}

std::string TriedFiles::OthersThan(absl::string_view output) {
  std::string others;
  const std::string listing = dir().Listing();
  for (const absl::string_view line : absl::StrSplit(listing, '\n')) {
    const bool is_output = absl::StartsWith(line, absl::StrCat(output, " ")) ||
                           absl::StartsWith(line, absl::StrCat(output, ".data "));
    if (!is_output) absl::StrAppend(&others, line, "\n");
  }
  return others;
}

}  // namespace modelexport::fuzz
