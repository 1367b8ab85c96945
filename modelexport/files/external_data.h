// The files beside a model that hold its weights, brought along when the model moves.
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
// Nothing that exists is ever overwritten. A copy that keeps only some of the tensors gets one new
// file instead (PlanNewData()).
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

// What was made for one output: files and folders. Removes them when it goes, unless kept.
class PlacedData {
 public:
  PlacedData(PlacedData&&) = default;
  PlacedData& operator=(PlacedData&&) = delete;
  ~PlacedData();

  // To be called once the model itself has its name.
  void Keep() { made_.clear(); }

 private:
  friend class ExternalDataPlan;

  PlacedData() = default;
  absl::Status MakeFolders(const std::string& path, size_t prefix, Sync sync);
  absl::Status Copy(const std::string& from, const ByteSource& source, const std::string& to,
                    Sync sync, const std::atomic<bool>* cancelled);

  std::vector<std::string> made_;  // Files and folders, in the order in which they were made.
};

// What has to be copied so that a model works at its destination. Immutable.
class ExternalDataPlan {
 public:
  struct Copy {
    std::string from;
    std::string to;                             // Was absent when the plan was made.
    std::string place;                          // Model, tensor and location, for errors.
    std::shared_ptr<const ByteSource> content;  // In place of `from`, if not null.
  };

  // In the order of the references, one for each file that the destination lacks.
  const std::vector<Copy>& copies() const { return copies_; }

  // For the user to read; at most one.
  const std::vector<std::string>& warnings() const { return warnings_; }

  // Copies the files, making folders as needed, as OutputFile does: `cancelled` and the errors are
  // the same. They are on the disk before it returns if `sync` is kAlways or if the output existed
  // when the plan was made. A file that has appeared at a destination is kept if it has the same
  // bytes, as another run makes it, and is an error otherwise (kAlreadyExists). After an error
  // everything is as it was.
  absl::StatusOr<PlacedData> Place(Sync sync, const std::atomic<bool>* cancelled = nullptr) const;

 private:
  friend class ExternalDataPlanner;
  friend absl::StatusOr<ExternalDataPlan> PlanNewData(const std::string& output,
                                                      const std::string& path,
                                                      std::shared_ptr<const ByteSource> content,
                                                      const std::atomic<bool>* cancelled);

  std::vector<Copy> copies_;
  std::vector<std::string> warnings_;
  size_t folder_prefix_ = 0;  // So many bytes of each Copy::to are the output's folder.
  bool replaces_output_ = false;
};

// Plans for the model at `input`, which names `references` (repeats are fine), to be written to
// `output`. Changes nothing. If both are in the same folder, nothing has to be copied.
//
// Always refused, with Fault::kOutput: an output that is one of the data files, or has the name
// that one of them must have beside it.
//
// Refused if files are to be copied, with Fault::kInput and the tensor's place: a location that is
// empty, absolute, no file name or leaves the folder through `..`; a data file that is missing
// (kNotFound), cannot be read or is no regular file. A `..` that stays inside is resolved by name,
// as onnx does. Symlinks are followed, to wherever they lead; the copies are regular files.
//
// What exists at a destination already is kept if it is the same file or has the same bytes, which
// reads both, and is an error with Fault::kOutput otherwise (kAlreadyExists). kCancelled soon after
// `*cancelled` becomes true; null: never.
absl::StatusOr<ExternalDataPlan> PlanExternalData(const std::string& input,
                                                  const std::string& output,
                                                  const std::vector<ExternalReference>& references,
                                                  ExternalDataMode mode,
                                                  const std::atomic<bool>* cancelled = nullptr);

// The usage error for a file that the same call writes at `path`, and that is one of the data files
// of the model at `input` or has the name that one of them must have beside `output`.
absl::Status CheckIsNoData(const std::string& input, const std::string& output,
                           const std::vector<ExternalReference>& references,
                           const std::string& path);

// Plans one data file at `path`, in the folder of `output`, with the bytes of `content`, for the
// model that is written to `output`. What exists at `path` is treated as above.
absl::StatusOr<ExternalDataPlan> PlanNewData(const std::string& output, const std::string& path,
                                             std::shared_ptr<const ByteSource> content,
                                             const std::atomic<bool>* cancelled = nullptr);

// Refuses a model whose data files are not exactly those of `declared`: paths relative to its
// folder. The error, kFailedPrecondition with Fault::kJudged, names `input` and the first tensor
// whose file is not declared, else the first of `declared` that no tensor names.
absl::Status CheckDeclared(const std::string& input,
                           const std::vector<ExternalReference>& references,
                           const std::vector<std::string>& declared);

// Opens the data file that `location` names for a model in `folder`, which is empty or ends with a
// slash. What PlanExternalData() refuses is refused here too, without a fault and a place.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenExternalData(const std::string& folder,
                                                             const std::string& location);

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_EXTERNAL_DATA_H_
