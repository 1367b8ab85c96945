// `tap`, of all modules, and `rename`, of nodes and values. Validation reads the outputs again;
// `rename --undo` gives the bytes of before.

#include "modelexport/commands/rename.h"
#include "modelexport/commands/tap.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/tags/old_names.h"
#include "tests/fuzz/model_target.h"
#include "tests/fuzz/oracles.h"

namespace modelexport::fuzz {
namespace {

void TryTap(const TriedFiles& files) {
  TapRequest request;
  request.hierarchy = files.hierarchy();
  request.untyped = true;
  request.validation = ValidationLevel::kFull;
  files.Write(Tap, "in.onnx", "out.onnx", request).IgnoreError();
}

void TryRename(const TriedFiles& files) {
  RenameRequest request;
  request.hierarchy = files.hierarchy();
  request.values = true;
  request.validation = ValidationLevel::kFull;
  if (!files.Write(Rename, "in.onnx", "named.onnx", request).ok()) return;
  if (files.Write(Rename, "named.onnx", "again.onnx", request).ok()) {
    Require(files.Read("again.onnx") == files.Read("named.onnx"), "a second run changes nothing");
  }
  RenameRequest undo;
  undo.undo = true;
  const absl::Status undone = files.Write(Rename, "named.onnx", "undone.onnx", undo);
  Require(undone.ok(), "what was renamed can be undone", undone.message());
  const std::string before = files.Read("in.onnx");
  if (IsRenamed(*BytesInMemory(before))) return;  // Names of an earlier run come back.
  Require(files.Read("undone.onnx") == before, "--undo gives the bytes of before");
}

}  // namespace

void Try(const TriedFiles& files) {
  TryTap(files);
  TryRename(files);
}

}  // namespace modelexport::fuzz
