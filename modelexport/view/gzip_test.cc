#include "modelexport/view/gzip.h"

#include <zlib.h>

#include "gtest/gtest.h"

namespace modelexport {
namespace {

// By zlib's other half.
std::string Unzipped(const std::string& compressed) {
  z_stream stream = {};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string copy = compressed;
  stream.next_in = reinterpret_cast<Bytef*>(&copy[0]);
  stream.avail_in = static_cast<uInt>(copy.size());
  std::string out;
  int result = Z_OK;
  while (result == Z_OK) {
    char buffer[4096];
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof(buffer);
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, sizeof(buffer) - stream.avail_out);
  }
  EXPECT_EQ(result, Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0u);
  inflateEnd(&stream);
  return out;
}

void ExpectRoundTrip(const std::string& bytes) {
  const absl::StatusOr<std::string> compressed = Gzip(bytes);
  ASSERT_TRUE(compressed.ok()) << compressed.status();
  EXPECT_TRUE(Unzipped(*compressed) == bytes);
}

TEST(Gzip, IsUndone) {
  ExpectRoundTrip("");
  ExpectRoundTrip("abc");
  ExpectRoundTrip(std::string(1000, '\0'));
}

TEST(Gzip, BlocksOfLargeInputs) {
  std::string noise;
  uint32_t state = 1;
  while (noise.size() < (3 << 20) + 5)
    noise += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  ExpectRoundTrip(noise);
  ExpectRoundTrip(noise.substr(0, 1 << 20));
}

TEST(Gzip, SaysNothingOfTheTime) {
  const std::string compressed = *Gzip("abc");
  EXPECT_EQ(compressed, *Gzip("abc"));
  EXPECT_EQ(compressed.substr(4, 4), std::string(4, '\0'));  // MTIME.
}

}  // namespace
}  // namespace modelexport
