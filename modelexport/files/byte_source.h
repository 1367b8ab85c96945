// Bytes that are read on demand, by range: a file, or memory.
#ifndef MODELEXPORT_FILES_BYTE_SOURCE_H_
#define MODELEXPORT_FILES_BYTE_SOURCE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// A half-open range of byte offsets.
struct Range {
  uint64_t begin = 0;
  uint64_t end = 0;

  uint64_t size() const { return end - begin; }
};

// Thread-compatible. Its size is fixed when it is opened.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // What errors call it: a path, or a label.
  virtual absl::string_view name() const = 0;
  virtual uint64_t size() const = 0;

  // Copies the bytes of `range`, which must be within size(), to `destination`. An error if they
  // cannot be read or the file has shrunk meanwhile.
  virtual absl::Status Read(Range range, char* destination) const = 0;

  // The open file whose bytes these are, at the same offsets, so that the system may copy them
  // itself; it is this source's. -1: there is none.
  virtual int descriptor() const { return -1; }

  // The bytes of `range`, which must be within size().
  absl::StatusOr<std::string> ReadString(Range range) const;
};

// Opens a file for reading. kNotFound, kPermissionDenied or kInvalidArgument (a directory or a
// device) with `path` and the system's reason. The file stays open as long as the source lives.
// Once `*cancelled` is true, reading fails with kCancelled; null: never.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(const std::string& path,
                                                     const std::atomic<bool>* cancelled = nullptr);

// A source over `bytes`, which it owns.
std::unique_ptr<ByteSource> BytesInMemory(std::string bytes, std::string name = "memory");

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_BYTE_SOURCE_H_
