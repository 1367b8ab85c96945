#include "modelexport/files/file_kind.h"

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace modelexport {
namespace {

struct Signature {
  size_t offset;
  absl::string_view bytes;
  absl::string_view description;
};

constexpr Signature kSignatures[] = {
    {0, "version https://git-lfs", "a Git LFS pointer; `git lfs pull` fetches the file"},
    {0, "PK\x03\x04", "a zip archive, such as a PyTorch checkpoint or an exported program"},
    {4, "ORTM", "ONNX Runtime's .ort format; this program reads .onnx files"},
    {0, "\x89HDF", "an HDF5 file"},
    {0, "{", "JSON"},
};

}  // namespace

absl::string_view DescribeForeignFile(absl::string_view first_bytes) {
  if (first_bytes.empty()) return "an empty file";
  for (const Signature& signature : kSignatures) {
    if (first_bytes.size() > signature.offset &&
        absl::StartsWith(first_bytes.substr(signature.offset), signature.bytes)) {
      return signature.description;
    }
  }
  // onnx/docs/Syntax.md: the text form begins with "<" and a list of fields of the model.
  if (first_bytes[0] == '<' && absl::StrContains(first_bytes, "ir_version")) {
    return "ONNX text; this program reads the binary form";
  }
  return "";
}

}  // namespace modelexport
