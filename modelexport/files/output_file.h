// A file that appears whole under its name, or not at all.
//
//   MX_ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> out, OutputFile::Create("out.onnx"));
//   MX_RETURN_IF_ERROR(out->AppendFrom(*input, {0, 100}));
//   MX_RETURN_IF_ERROR(out->Append("new bytes"));
//   MX_RETURN_IF_ERROR(out->Commit(Sync::kWhenReplacing));
//
// The bytes go to a temporary file in the destination's folder, `.modelexport-<16 hex digits>.tmp`,
// which Commit() renames and which is removed if there is no commit. So the destination may be the
// file that is being read, and runs that write to one destination at once do not mix: the last to
// commit wins. Only a process that is killed leaves its temporary file.
//
// All errors carry Fault::kOutput, except those of reading a source.
#ifndef MODELEXPORT_FILES_OUTPUT_FILE_H_
#define MODELEXPORT_FILES_OUTPUT_FILE_H_

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {

// When a commit waits until the bytes are on the disk.
enum class Sync {
  kWhenReplacing,  // Before it replaces something: power loss leaves the old one or the new one.
  kAlways,         // Always, and for the new name in the folder as well.
};

// What a commit does if something exists at the destination.
enum class Existing {
  kReplace,  // What Create() takes is replaced, anything else is an error.
  kRefuse,   // It is an error, kAlreadyExists, also if it appeared a moment ago.
};

// Thread-compatible. Errors stick: after one, every call returns it and nothing can be committed.
class OutputFile {
 public:
  // Starts a file that will be `path`, and makes the temporary one.
  //
  // `path` must be absent, a regular file or a symlink that leads to a file, to a folder or
  // nowhere. A symlink will be replaced itself; what it points to is never touched. An error names
  // `path` and says what is there instead, or why nothing can be made in its folder.
  //
  // When `*cancelled` becomes true, Commit() and Flush() return kCancelled, and so do Append()
  // within 256 KiB of output and AppendFrom() within 8 MiB. It must outlive the OutputFile; null:
  // never.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(
      std::string path, const std::atomic<bool>* cancelled = nullptr);

  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  // Removes the temporary file unless it was committed.
  ~OutputFile();

  // Adds `bytes`. Buffered: fast for millions of short pieces.
  absl::Status Append(absl::string_view bytes) {
    if (bytes.size() >= kBlockSize - used_) return AppendAcrossBlocks(bytes);
    bytes.copy(block_.get() + used_, bytes.size());
    used_ += bytes.size();
    return absl::OkStatus();
  }

  // Adds the bytes of `range`, which must be within `source`. It reads once for each call and each
  // 256 KiB of output; for many short ranges, read ahead and use Append(). If `source` is a file,
  // its range has 256 KiB or more and lies in its pages as it will in those of the output, the
  // system copies the bytes (copy_file_range), where it can: file systems that share blocks between
  // files, as btrfs and xfs do, then copy a whole file in no time. An error of reading `source`
  // carries Fault::kInput.
  absl::Status AppendFrom(const ByteSource& source, Range range);

  // The number of bytes added so far. Meaningless after an error.
  uint64_t size() const { return written_ + used_; }

  // Hands the bytes added so far to the system, so that temporary_path() can be read. Best called
  // once, at the end: writes after it are no longer aligned.
  absl::Status Flush();

  // The temporary file until the commit.
  const std::string& temporary_path() const { return temporary_path_; }

  // Gives the file its name; to be called once, last. A new file has the mode that the umask
  // allows. One that replaces a regular file takes over its permission bits and, where the system
  // lets it, owner and group.
  //
  // After an error nothing has changed at the destination, with one exception: if the folder could
  // not be synced (Sync::kAlways), committed() is true and the new file is there.
  absl::Status Commit(Sync sync, Existing existing = Existing::kReplace);

  // Whether the file has its name.
  bool committed() const { return committed_; }

 private:
  static constexpr size_t kBlockSize = 256 << 10;

  OutputFile(std::string path, const std::atomic<bool>* cancelled);

  absl::Status OpenTemporary(mode_t mode);
  absl::Status AppendAcrossBlocks(absl::string_view bytes);
  absl::Status AppendBySystem(int source, Range* range);
  absl::Status Advance(size_t count);
  absl::Status CheckNotCancelled();
  absl::Status WriteBlock();
  absl::Status Close(bool sync);
  absl::Status Fail(absl::Status status);
  absl::Status FailWithErrno(absl::string_view action);

  const std::string path_;
  const std::atomic<bool>* const cancelled_;
  const std::unique_ptr<char[]> block_;
  std::string temporary_path_;  // Empty until it exists.
  int descriptor_ = -1;
  size_t used_ = 0;  // Bytes in block_, fewer than kBlockSize; kBlockSize after an error.
  uint64_t written_ = 0;
  bool committed_ = false;
  absl::Status status_;
};

// Waits until the names in the folder that holds `path` are on the disk.
absl::Status SyncFolderOf(const std::string& path);

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_OUTPUT_FILE_H_
