// What must hold of every input, and the folder in which commands are tried on one.
#ifndef MODELEXPORT_TESTS_FUZZ_ORACLES_H_
#define MODELEXPORT_TESTS_FUZZ_ORACLES_H_

#include <cstddef>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport::fuzz {

// Ends the process, so that the input is kept, unless `holds`. `rule` is what is broken.
void Require(bool holds, absl::string_view rule, absl::string_view details = "");

// A model and a hierarchy as files, and the rules for whatever is asked about them.
class TriedFiles {
 public:
  // `input` is as ModelInput has it.
  explicit TriedFiles(absl::string_view input);

  // A text as the only file in the folder; returns its path.
  static std::string OnlyFile(absl::string_view text);

  size_t input_size() const { return input_size_; }

  // Paths. That of the hierarchy is "" if the input has none.
  const std::string& model() const { return model_; }
  const std::string& hierarchy() const { return hierarchy_; }

  static std::string Path(absl::string_view name) { return dir().Path(name); }
  static std::string Read(absl::string_view name) { return dir().Read(name); }

  // That `status` is OK, or an error of one of the files, which its message begins with.
  static void RequireNamed(const absl::Status& status);

  // Runs a command that writes a copy, here `output` of the file `input`. RequireNamed(); besides,
  // an error leaves nothing, and success nothing but the output.
  template <typename Outcome, typename Request>
  absl::Status Write(Outcome (*run)(const Request&), absl::string_view input,
                     absl::string_view output, Request request) const {
    request.model = Path(input);
    request.output = Path(output);
    const std::string before = OthersThan(output);
    const absl::Status status = run(request).status;
    RequireNamed(status);
    Require(OthersThan(output) == before, "a run leaves nothing but its output");
    Require(std::filesystem::exists(request.output) == status.ok(),
            "there is an output after success alone");
    return status;
  }

 private:
  // One for the whole process.
  static const testing::TempDir& dir();
  static void Clear();

  // What else there is in the folder than `output` and its data file.
  static std::string OthersThan(absl::string_view output);

  size_t input_size_;
  std::string model_, hierarchy_;
};

}  // namespace modelexport::fuzz

#endif  // MODELEXPORT_TESTS_FUZZ_ORACLES_H_
