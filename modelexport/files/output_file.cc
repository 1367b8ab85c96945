#include "modelexport/files/output_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/files/errno_error.h"
#include "modelexport/files/folder.h"

namespace modelexport {
namespace {

constexpr mode_t kPermissions = S_IRWXU | S_IRWXG | S_IRWXO;
constexpr mode_t kNewFile = S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;

absl::Status OutputFault(absl::string_view path, absl::string_view action) {
  return WithFault(ErrnoError(path, action), Fault::kOutput);
}

absl::Status Refusal(absl::string_view path, absl::string_view reason) {
  return WithFault(absl::InvalidArgumentError(absl::StrCat(path, ": ", reason)), Fault::kOutput);
}

absl::string_view KindOf(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return "a directory";
    case S_IFCHR:
      return "a character device";
    case S_IFBLK:
      return "a block device";
    case S_IFIFO:
      return "a FIFO";
    case S_IFSOCK:
      return "a socket";
    default:
      return "something of an unknown kind";
  }
}

// Whoever names such a link, as /dev/stdout is one, means what it leads to.
absl::Status RefuseLinkToDevice(const std::string& path) {
  struct stat target;
  if (stat(path.c_str(), &target) != 0) return absl::OkStatus();  // It leads nowhere.
  if (S_ISREG(target.st_mode) || S_ISDIR(target.st_mode)) return absl::OkStatus();
  return Refusal(path,
                 absl::StrCat("is a link to ", KindOf(target.st_mode), ", not to a regular file"));
}

// The file or symlink at `path`, if there is one; an error for anything else.
absl::StatusOr<std::optional<struct stat>> FindReplaceable(const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return std::nullopt;
    return OutputFault(path, "cannot be an output");
  }
  if (S_ISLNK(info.st_mode)) MX_RETURN_IF_ERROR(RefuseLinkToDevice(path));
  if (S_ISREG(info.st_mode) || S_ISLNK(info.st_mode)) return info;
  return Refusal(path, absl::StrCat("is ", KindOf(info.st_mode), ", not a regular file"));
}

// As calls of the system want it.
std::string OpenableFolderOf(const std::string& path) {
  const std::string folder = FolderOf(path);
  return folder.empty() ? "." : folder;
}

absl::StatusOr<std::string> UnusedName(const std::string& path) {
  uint64_t number;
  if (getrandom(&number, sizeof(number), 0) != sizeof(number)) {
    return OutputFault(path, "cannot make up a temporary name");
  }
  return absl::StrCat(FolderOf(path), ".modelexport-", absl::Hex(number, absl::kZeroPad16), ".tmp");
}

// Only root can give a file away: the owner is kept where that is possible.
int TakeOver(int descriptor, const struct stat& replaced) {
  [[maybe_unused]] const bool kept = fchown(descriptor, replaced.st_uid, replaced.st_gid) == 0 ||
                                     fchown(descriptor, -1, replaced.st_gid) == 0;
  return fchmod(descriptor, replaced.st_mode & kPermissions);
}

int RenameUnlessPresent(const char* from, const char* to) {
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  // This file system lacks the flag. A link never replaces anything either.
  if (link(from, to) != 0) return -1;
  unlink(from);
  return 0;
}

// Some file systems cannot sync and say EINVAL: there is nothing to wait for.
bool SyncFails(int result) { return result != 0 && errno != EINVAL; }

// So much at a time, so that a cancelled run ends soon; a multiple of every file system's block.
constexpr uint64_t kSystemCopy = 8 << 20;

// The smallest block that file systems share between files. The system copies from page to page:
// bytes that move within their page cost it half as much again as reading and writing them.
constexpr uint64_t kPage = 4096;

}  // namespace

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(std::string path,
                                                               const std::atomic<bool>* cancelled) {
  if (path.empty()) return Refusal("output", "has an empty name");
  if (path.back() == '/') return Refusal(path, "names a folder, not a file");
  MX_ASSIGN_OR_RETURN(const std::optional<struct stat> replaced, FindReplaceable(path));
  // Until the commit, nobody else may do more with the new bytes than with the old ones.
  const bool keeps_mode = replaced.has_value() && S_ISREG(replaced->st_mode);
  const mode_t mode = keeps_mode ? (replaced->st_mode & kNewFile) | S_IRUSR | S_IWUSR : kNewFile;
  std::unique_ptr<OutputFile> file(new OutputFile(std::move(path), cancelled));
  MX_RETURN_IF_ERROR(file->OpenTemporary(mode));
  return file;
}

OutputFile::OutputFile(std::string path, const std::atomic<bool>* cancelled)
    : path_(std::move(path)), cancelled_(cancelled), block_(new char[kBlockSize]) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!committed_ && !temporary_path_.empty()) unlink(temporary_path_.c_str());
}

absl::Status OutputFile::AppendFrom(const ByteSource& source, Range range) {
  MX_RETURN_IF_ERROR(status_);
  const bool moves_in_page = range.begin % kPage != size() % kPage;
  if (source.descriptor() >= 0 && range.size() >= kBlockSize && !moves_in_page) {
    MX_RETURN_IF_ERROR(AppendBySystem(source.descriptor(), &range));
  }
  while (range.begin < range.end) {
    const size_t count = std::min<uint64_t>(range.size(), kBlockSize - used_);
    absl::Status read = source.Read({range.begin, range.begin + count}, block_.get() + used_);
    if (!read.ok()) return Fail(WithFault(std::move(read), Fault::kInput));
    range.begin += count;
    MX_RETURN_IF_ERROR(Advance(count));
  }
  return absl::OkStatus();
}

absl::Status OutputFile::Flush() {
  MX_RETURN_IF_ERROR(status_);
  return WriteBlock();
}

absl::Status OutputFile::Commit(Sync sync, Existing existing) {
  MX_RETURN_IF_ERROR(Flush());
  const absl::StatusOr<std::optional<struct stat>> found = FindReplaceable(path_);
  if (!found.ok()) return Fail(found.status());
  const std::optional<struct stat>& replaced = *found;
  if (replaced.has_value() && S_ISREG(replaced->st_mode) && TakeOver(descriptor_, *replaced) != 0) {
    return FailWithErrno("cannot set the mode");
  }
  MX_RETURN_IF_ERROR(Close(sync == Sync::kAlways || replaced.has_value()));
  const auto move = existing == Existing::kReplace ? &rename : &RenameUnlessPresent;
  if (move(temporary_path_.c_str(), path_.c_str()) != 0) return FailWithErrno("cannot write");
  committed_ = true;
  return sync == Sync::kAlways ? SyncFolderOf(path_) : absl::OkStatus();
}

absl::Status OutputFile::OpenTemporary(mode_t mode) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  int error = 0;  // Of open(): what runs after it may change errno.
  do {
    MX_ASSIGN_OR_RETURN(const std::string name, UnusedName(path_));
    descriptor_ = open(name.c_str(), kFlags, mode);
    error = errno;
    if (descriptor_ >= 0) temporary_path_ = name;
  } while (descriptor_ < 0 && (error == EEXIST || error == EINTR));
  if (descriptor_ >= 0) return absl::OkStatus();
  const std::string what =
      absl::StrCat("cannot make a file in the folder ", OpenableFolderOf(path_));
  errno = error;
  return FailWithErrno(what);
}

absl::Status OutputFile::AppendAcrossBlocks(absl::string_view bytes) {
  MX_RETURN_IF_ERROR(status_);
  while (!bytes.empty()) {
    const size_t count = bytes.copy(block_.get() + used_, kBlockSize - used_);
    bytes.remove_prefix(count);
    MX_RETURN_IF_ERROR(Advance(count));
  }
  return absl::OkStatus();
}

// Takes from the front of `range` what the system can copy. Why it cannot copy the rest, be it the
// kind of a file system or an error, shows where that is read and written.
absl::Status OutputFile::AppendBySystem(int source, Range* range) {
  MX_RETURN_IF_ERROR(WriteBlock());
  while (range->begin < range->end) {
    MX_RETURN_IF_ERROR(CheckNotCancelled());
    off_t begin = static_cast<off_t>(range->begin);
    const ssize_t count = copy_file_range(source, &begin, descriptor_, nullptr,
                                          std::min(range->size(), kSystemCopy), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    range->begin += count;
    written_ += count;
  }
  return absl::OkStatus();
}

absl::Status OutputFile::Advance(size_t count) {
  used_ += count;
  return used_ < kBlockSize ? absl::OkStatus() : WriteBlock();
}

absl::Status OutputFile::CheckNotCancelled() {
  if (cancelled_ == nullptr || !cancelled_->load(std::memory_order_relaxed)) {
    return absl::OkStatus();
  }
  return Fail(absl::CancelledError(absl::StrCat(path_, ": cancelled")));
}

absl::Status OutputFile::WriteBlock() {
  MX_RETURN_IF_ERROR(CheckNotCancelled());
  for (absl::string_view rest(block_.get(), used_); !rest.empty();) {
    const ssize_t count = write(descriptor_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return FailWithErrno("cannot write");
    rest.remove_prefix(count);
  }
  written_ += used_;
  used_ = 0;
  return absl::OkStatus();
}

// Some file systems report a failed write only here.
absl::Status OutputFile::Close(bool sync) {
  if (sync && SyncFails(fsync(descriptor_))) return FailWithErrno("cannot sync");
  if (close(std::exchange(descriptor_, -1)) != 0) return FailWithErrno("cannot write");
  return absl::OkStatus();
}

absl::Status OutputFile::Fail(absl::Status status) {
  status_ = WithFault(std::move(status), Fault::kOutput);
  used_ = kBlockSize;  // Append() must not take its short way.
  return status_;
}

absl::Status OutputFile::FailWithErrno(absl::string_view action) {
  return Fail(OutputFault(path_, action));
}

absl::Status SyncFolderOf(const std::string& path) {
  const std::string folder = OpenableFolderOf(path);
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return OutputFault(folder, "cannot open the folder to sync it");
  absl::Status status;
  if (SyncFails(fsync(descriptor))) status = OutputFault(folder, "cannot sync the folder");
  close(descriptor);
  return status;
}

}  // namespace modelexport
