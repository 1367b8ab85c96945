#include "modelexport/view/gzip.h"

#include <zlib.h>

namespace modelexport {
namespace {

constexpr int kLevel = 9;
constexpr int kWindowBits = 15 + 16;  // The largest window, in gzip's format.
constexpr int kMemoryLevel = 8;

class Deflater {
 public:
  Deflater() {
    ok_ = deflateInit2(&stream_, kLevel, Z_DEFLATED, kWindowBits, kMemoryLevel,
                       Z_DEFAULT_STRATEGY) == Z_OK;
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream_); }

  bool ok() const { return ok_; }

  // zlib counts in 32 bits: it is given blocks, of which each is used up.
  std::string Run(absl::string_view bytes) {
    constexpr size_t kBlock = 1 << 20;
    std::string out;
    do {
      const absl::string_view block = bytes.substr(0, kBlock);
      bytes.remove_prefix(block.size());
      Feed(block, bytes.empty() ? Z_FINISH : Z_NO_FLUSH, &out);
    } while (!bytes.empty());
    return out;
  }

 private:
  void Feed(absl::string_view block, int flush, std::string* out) {
    // Not written to: zlib declares it without const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(block.data()));
    stream_.avail_in = static_cast<uInt>(block.size());
    char buffer[16 << 10];
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer);
      stream_.avail_out = sizeof(buffer);
      deflate(&stream_, flush);
      out->append(buffer, sizeof(buffer) - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_ = {};
  bool ok_;
};

}  // namespace

absl::StatusOr<std::string> Gzip(absl::string_view bytes) {
  Deflater deflater;
  if (!deflater.ok()) return absl::ResourceExhaustedError("no memory to compress the page's data");
  return deflater.Run(bytes);
}

}  // namespace modelexport
