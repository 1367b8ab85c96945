// The data files beside a model, which hold its weights and have to move with it.
//
// An ONNX tensor may name a file, relative to the model's folder, instead of holding its bytes. A
// model that is written to another folder needs those files there. First decide, then act:
//
//   MX_ASSIGN_OR_RETURN(const ExternalDataPlan plan,
//                       PlanExternalData(in, out, references, ExternalDataMode::kCopy));
//   ...  // Everything else that may fail.
//   MX_ASSIGN_OR_RETURN(PlacedData data, plan.Place(sync));
//   const absl::Status status = model->Commit(sync);
//   if (model->committed()) data.Keep();
//
// Nothing that exists is ever overwritten, and no location is rewritten.
#ifndef MODELEXPORT_FILES_EXTERNAL_DATA_H_
#define MODELEXPORT_FILES_EXTERNAL_DATA_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/files/output_file.h"

namespace modelexport {

// One tensor's `location` entry.
struct ExternalReference {
  std::string location;  // As the model has it: a POSIX path relative to the model's folder.
  std::string place;     // Which tensor, for errors: `initializer "w"`.
};

enum class ExternalDataMode {
  kCopy,   // Data files are copied to the output's folder.
  kLeave,  // Nothing is copied; a warning says what is missing there.
};

// The files and folders that were made for one output. The destructor removes them, unless Keep()
// was called.
class PlacedData {
 public:
  PlacedData(PlacedData&&) = default;
  PlacedData& operator=(PlacedData&&) = delete;
  ~PlacedData();

  // To be called when the model itself has its final name.
  void Keep() { made_.clear(); }

 private:
  friend class ExternalDataPlan;

  PlacedData() = default;
  absl::Status MakeFolders(const std::string& path, size_t prefix, Sync sync);
  absl::Status Copy(const std::string& from, const std::string& to, Sync sync,
                    const std::atomic<bool>* cancelled);

  std::vector<std::string> made_;  // Files and folders, in the order in which they were made.
};

// The files that have to be copied so that a model works at its destination. Immutable.
class ExternalDataPlan {
 public:
  struct Copy {
    std::string from;
    std::string to;     // Did not exist when the plan was made.
    std::string place;  // The model, tensor and location, for errors.
  };

  // In the order of the references, one for each file that the destination lacks.
  const std::vector<Copy>& copies() const { return copies_; }

  // Texts for the user; at most one.
  const std::vector<std::string>& warnings() const { return warnings_; }

  // Copies the files and makes folders as needed. `cancelled` and the errors are those of
  // OutputFile. If `sync` is kAlways, or if the output existed when the plan was made, the files
  // are on the disk before the function returns. A file that has appeared at a destination is kept
  // if it has the same bytes, since another run may have made it, and is an error otherwise
  // (kAlreadyExists). After an error everything is as it was before.
  absl::StatusOr<PlacedData> Place(Sync sync, const std::atomic<bool>* cancelled = nullptr) const;

 private:
  friend class ExternalDataPlanner;

  std::vector<Copy> copies_;
  std::vector<std::string> warnings_;
  size_t folder_prefix_ = 0;  // Length in bytes of the output's folder in each Copy::to.
  bool replaces_output_ = false;
};

// Plans what to copy when the model at `input`, whose tensors name `references` (repeats are fine),
// is written to `output`. Changes nothing. If both are in one folder, nothing has to be copied.
//
// An output is always refused, with Fault::kOutput, if it is one of the data files, or has the name
// that one of them must have beside it.
//
// If files are to be copied, these are refused, with Fault::kInput and the tensor's place: a
// location that is empty, absolute, no file name, or leaves the folder through `..`; a data file
// that is missing (kNotFound), cannot be read, or is no regular file. A `..` that stays inside the
// folder is resolved by name, as onnx does. Symlinks are followed wherever they lead; the copies
// are regular files.
//
// A file that exists at a destination already is kept if it is the same file or has the same bytes,
// for which both are read; otherwise it is an error with Fault::kOutput (kAlreadyExists). Returns
// kCancelled soon after `*cancelled` becomes true; null means never.
absl::StatusOr<ExternalDataPlan> PlanExternalData(const std::string& input,
                                                  const std::string& output,
                                                  const std::vector<ExternalReference>& references,
                                                  ExternalDataMode mode,
                                                  const std::atomic<bool>* cancelled = nullptr);

// Refuses a model whose data files are not exactly those of `declared`, which are paths relative to
// the model's folder. The error, kFailedPrecondition with Fault::kJudged, names `input` and the
// first tensor whose file is not declared, otherwise the first of `declared` that no tensor names.
absl::Status CheckDeclared(const std::string& input,
                           const std::vector<ExternalReference>& references,
                           const std::vector<std::string>& declared);

// Opens the data file that `location` names for a model in `folder`, which is empty or ends with a
// slash. Refuses the locations and data files that PlanExternalData() refuses, but its errors carry
// no fault and no place.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenExternalData(const std::string& folder,
                                                             const std::string& location);

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_EXTERNAL_DATA_H_
