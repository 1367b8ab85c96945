// What others measured of a model: profiles of every form, layers of TensorRT, and files that say
// where nodes ran.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "modelexport/commands/placement_file.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/profiles/profile_forms.h"
#include "modelexport/profiles/read_profile.h"
#include "modelexport/testing/text_graph.h"
#include "tests/fuzz/engine.h"
#include "tests/fuzz/oracles.h"

namespace modelexport::fuzz {
namespace {

void RequireAtFault(const absl::Status& status) {
  Require(status.ok() || status.code() == absl::StatusCode::kInvalidArgument,
          "the text is at fault", status.ToString());
}

void ReadAsProfile(absl::string_view text) {
  const auto source = BytesInMemory(std::string(text), "/profile");
  for (const ProfileForm& form : kProfileForms) {
    RequireAtFault(form.read(*source, ProfileOptions()).status());
  }
  const absl::Status status = ReadProfile(*source, ProfileOptions()).status();
  RequireAtFault(status);
  Require(status.ok() || absl::StartsWith(status.message(), "/profile: "),
          "every error names its file", status.ToString());
}

// `path` has a text that is read as what another profile's layers are made of.
void ReadAsLayers(const std::string& path) {
  ProfileOptions options;
  options.layers = path;
  const auto source =
      BytesInMemory(R"([{"count": 1}, {"name": "a", "timeMs": 1, "averageMs": 1}])");
  RequireAtFault(ReadTensorRtProfile(*source, options).status());
}

void ReadAsPlacement(const std::string& path) {
  static const testing::TextGraph graph(R"(main (x) => (z) { [a] y = Relu (x) [b] z = Relu (y) })");
  TriedFiles::RequireNamed(ReadPlacement(path, graph.view(), nullptr).status());
}

}  // namespace
}  // namespace modelexport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace modelexport::fuzz;
  ReadAsProfile(View(data, size));
  const std::string path = TriedFiles::OnlyFile(View(data, size));
  ReadAsLayers(path);
  ReadAsPlacement(path);
  return 0;
}
