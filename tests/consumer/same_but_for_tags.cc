// same_but_for_tags TAGGED ORIGINAL: whether the tags are right and nothing else has changed.
#include <iostream>

#include "modelexport/files/byte_source.h"
#include "modelexport/validation/validator.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto tagged = modelexport::OpenFile(argv[1]);
  const auto original = modelexport::OpenFile(argv[2]);
  if (!tagged.ok() || !original.ok()) return 3;
  modelexport::ValidationRequest request;
  request.tagged = tagged->get();
  request.original = original->get();
  request.level = modelexport::ValidationLevel::kFull;
  const absl::StatusOr<modelexport::ValidationResult> result = modelexport::Validate(request);
  if (!result.ok()) {
    std::cerr << result.status().message() << "\n";
    return 3;
  }
  std::cout << result->findings.ToText() << result->findings.errors() << " errors, "
            << result->findings.warnings() << " warnings\n";
  return result->ok() ? 0 : 1;
}
