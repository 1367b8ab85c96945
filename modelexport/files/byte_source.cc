#include "modelexport/files/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/files/errno_error.h"

namespace modelexport {
namespace {

class File final : public ByteSource {
 public:
  File(int descriptor, std::string path, uint64_t size, const std::atomic<bool>* cancelled)
      : descriptor_(descriptor), path_(std::move(path)), size_(size), cancelled_(cancelled) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() override { close(descriptor_); }

  absl::string_view name() const override { return path_; }
  uint64_t size() const override { return size_; }
  int descriptor() const override { return descriptor_; }

  absl::Status Read(Range range, char* destination) const override {
    MX_RETURN_IF_ERROR(CheckCancelled(cancelled_));
    while (range.begin < range.end) {
      const ssize_t count =
          pread(descriptor_, destination, range.size(), static_cast<off_t>(range.begin));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return ErrnoError(path_, "cannot read");
      if (count == 0) {
        return absl::DataLossError(
            absl::StrCat(path_, ": byte ", range.begin, ": the file shrank while it was read"));
      }
      range.begin += count;
      destination += count;
    }
    return absl::OkStatus();
  }

 private:
  const int descriptor_;
  const std::string path_;
  const uint64_t size_;
  const std::atomic<bool>* const cancelled_;
};

class Memory final : public ByteSource {
 public:
  Memory(std::string bytes, std::string name) : bytes_(std::move(bytes)), name_(std::move(name)) {}

  absl::string_view name() const override { return name_; }
  uint64_t size() const override { return bytes_.size(); }

  absl::Status Read(Range range, char* destination) const override {
    std::memcpy(destination, bytes_.data() + range.begin, range.size());
    return absl::OkStatus();
  }

 private:
  const std::string bytes_;
  const std::string name_;
};

}  // namespace

absl::StatusOr<std::string> ByteSource::ReadString(Range range) const {
  std::string bytes(range.size(), '\0');
  MX_RETURN_IF_ERROR(Read(range, bytes.data()));
  return bytes;
}

absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(const std::string& path,
                                                     const std::atomic<bool>* cancelled) {
  // Without O_NONBLOCK, opening a FIFO would wait for a writer before it could be refused.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return ErrnoError(path, "cannot open");
  struct stat info;
  absl::Status status;
  if (fstat(descriptor, &info) != 0) {
    status = ErrnoError(path, "cannot read");
  } else if (S_ISDIR(info.st_mode)) {
    status = absl::InvalidArgumentError(absl::StrCat(path, ": is a directory, not a file"));
  } else if (!S_ISREG(info.st_mode)) {
    status = absl::InvalidArgumentError(absl::StrCat(path, ": is not a regular file"));
  }
  if (!status.ok()) {
    close(descriptor);
    return status;
  }
  return std::make_unique<File>(descriptor, path, static_cast<uint64_t>(info.st_size), cancelled);
}

std::unique_ptr<ByteSource> BytesInMemory(std::string bytes, std::string name) {
  return std::make_unique<Memory>(std::move(bytes), std::move(name));
}

}  // namespace modelexport
