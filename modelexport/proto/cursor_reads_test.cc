// What a Cursor reads of its source, and that windows of what it read do not show.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/proto/encode.h"
#include "modelexport/testing/recording_source.h"

namespace modelexport {
namespace {

using testing::RecordingSource;

constexpr size_t kMegabyte = 1 << 20;

std::string Payload(size_t index, size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(index * 31 + i * 7 + i / 251);
  return bytes;
}

struct Sample {
  std::string bytes;
  std::vector<std::string> payloads;
};

// Fields 1 of many sizes, from none to beyond the largest read.
Sample MakeSample() {
  Sample sample;
  std::mt19937 random(7);
  for (size_t i = 0; i < 300; ++i) {
    size_t size = random() % 100;
    if (i % 10 == 0) size = random() % 20000;
    if (i % 100 == 50) size = 200000 + random() % 400000;
    sample.payloads.push_back(Payload(i, size));
    AppendBytesField(1, sample.payloads.back(), &sample.bytes);
  }
  return sample;
}

TEST(CursorReads, PayloadsOfAllSizesInOrder) {
  const Sample sample = MakeSample();
  const RecordingSource source(sample.bytes);
  Cursor cursor(source);
  Field field;
  for (const std::string& payload : sample.payloads) {
    ASSERT_TRUE(cursor.Next(&field)) << cursor.status();
    ASSERT_TRUE(cursor.Bytes(field) == payload);
  }
  EXPECT_FALSE(cursor.Next(&field));
  EXPECT_TRUE(cursor.status().ok());
  EXPECT_LT(source.BytesRead(), 2 * source.size());
}

TEST(CursorReads, PayloadsInAnyOrderBetweenFields) {
  const Sample sample = MakeSample();
  const RecordingSource source(sample.bytes);
  Cursor cursor(source);
  std::mt19937 random(8);
  std::vector<Field> fields;
  Field field;
  while (cursor.Next(&field)) {
    fields.push_back(field);
    const size_t i = random() % fields.size();
    if (random() % 3 != 0) continue;
    ASSERT_TRUE(cursor.Bytes(fields[i]) == sample.payloads[i]) << i;
  }
  ASSERT_TRUE(cursor.status().ok()) << cursor.status();
  ASSERT_EQ(fields.size(), sample.payloads.size());
  for (int n = 0; n < 300; ++n) {
    const size_t i = random() % fields.size();
    ASSERT_TRUE(cursor.Bytes(fields[i]) == sample.payloads[i]) << i;
  }
}

TEST(CursorReads, PayloadsThatNobodyAsksForAreNotRead) {
  std::string bytes;
  std::vector<Range> weights;
  for (size_t i = 0; i < 5; ++i) {
    AppendBytesField(1, "name", &bytes);
    AppendBytesField(9, std::string(kMegabyte, 'w'), &bytes);
    weights.push_back({bytes.size() - kMegabyte, bytes.size()});
  }
  const RecordingSource source(bytes);
  Cursor cursor(source);
  Field field;
  int names = 0;
  while (cursor.Next(&field)) names += field.number == 1 && cursor.Bytes(field) == "name";
  EXPECT_EQ(names, 5);
  for (const Range& range : weights) EXPECT_LE(source.BytesRead(range), 4096);
  EXPECT_LE(source.reads().size(), 12);
}

TEST(CursorReads, AGroupIsPassedOverWithoutReadingItsPayloads) {
  std::string content;
  AppendBytesField(1, std::string(kMegabyte, 'w'), &content);
  std::string bytes(1, '\x0b');
  bytes += content;
  bytes += '\x0c';
  const RecordingSource source(bytes);
  Cursor cursor(source);
  Field field;
  ASSERT_TRUE(cursor.Next(&field)) << cursor.status();
  EXPECT_EQ(field.type, WireType::kGroup);
  EXPECT_LE(source.BytesRead(), 8192);
}

TEST(CursorReads, ManySmallFieldsAreReadInFewLargeReads) {
  std::string bytes;
  while (bytes.size() < 4 * kMegabyte) AppendBytesField(1, "twenty bytes or so", &bytes);
  const RecordingSource source(bytes);
  Cursor cursor(source);
  Field field;
  while (cursor.Next(&field)) {
  }
  EXPECT_LE(source.reads().size(), 4 * kMegabyte / (64 << 10) + 10);
  EXPECT_LE(source.BytesRead(), source.size()) << "a byte was read twice";
  for (const Range& read : source.reads()) EXPECT_LE(read.size(), 64 << 10);
}

TEST(CursorReads, NothingIsReadBeforeAFieldIsAskedFor) {
  const RecordingSource source(std::string(kMegabyte, '\x08'));
  const Cursor cursor(source);
  EXPECT_TRUE(source.reads().empty());
}

TEST(CursorReads, NothingIsReadForFieldsThatCannotBeThere) {
  // A length that claims more than there is must not be believed, let alone be allocated.
  const RecordingSource source(std::string("\x0a\xff\xff\xff\xff\x7f", 6));
  Cursor cursor(source);
  Field field;
  EXPECT_FALSE(cursor.Next(&field));
  EXPECT_FALSE(cursor.status().ok());
}

TEST(CursorReads, ReadErrorsArePassedOnAndStay) {
  std::string bytes;
  AppendBytesField(1, "name", &bytes);
  AppendBytesField(9, std::string(kMegabyte, 'w'), &bytes);
  AppendBytesField(1, "name", &bytes);
  for (const uint64_t fail_from : {uint64_t{0}, uint64_t{5000}, bytes.size() - 1}) {
    RecordingSource source(bytes);
    source.FailFrom(fail_from);
    Cursor cursor(source);
    Field field;
    while (cursor.Next(&field)) cursor.Bytes(field);
    EXPECT_EQ(cursor.status(), absl::DataLossError("the disk is on fire")) << fail_from;
    source.FailFrom(UINT64_MAX);
    EXPECT_FALSE(cursor.Next(&field));
    EXPECT_EQ(cursor.Bytes(field), "");
  }
}

}  // namespace
}  // namespace modelexport
