#include "modelexport/proto/cursor.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/proto/encode.h"
#include "modelexport/testing/message_bytes.h"

namespace modelexport {
namespace {

using testing::GroupBytes;
using testing::Hex;

// One line for each field: number, content, key offset, payload range; then the error, if any.
std::string Fields(Cursor& cursor) {
  std::string out;
  Field field;
  while (cursor.Next(&field)) {
    absl::StrAppend(&out, field.number, " ");
    switch (field.type) {
      case WireType::kBytes:
        absl::StrAppend(&out, "\"", absl::CEscape(cursor.Bytes(field)), "\"");
        break;
      case WireType::kGroup:
        out += "group";
        break;
      default:
        absl::StrAppend(&out, field.value);
    }
    absl::StrAppend(&out, " @", field.key, " ", field.length, ":", field.begin, "-", field.end,
                    "\n");
  }
  return absl::StrCat(out, cursor.status().message());
}

std::string FieldsOf(const std::string& bytes) {
  const auto source = BytesInMemory(bytes, "test");
  Cursor cursor(*source);
  return Fields(cursor);
}

TEST(Cursor, EveryWireType) {
  EXPECT_EQ(FieldsOf(Hex("08 96 01"  // 1: varint
                         "11 01 00 00 00 00 00 00 80"
                         "1a 02 61 62"
                         "23 08 01 24"  // 4: a group
                         "2d 02 00 00 80"
                         "82 01 00")),  // 16: empty, with a key of two bytes
            "1 150 @0 1:1-3\n"
            "2 9223372036854775809 @3 4:4-12\n"
            "3 \"ab\" @12 13:14-16\n"
            "4 group @16 17:17-20\n"
            "5 2147483650 @20 21:21-25\n"
            "16 \"\" @25 27:28-28\n");
}

TEST(Cursor, AnEmptyMessageHasNoFields) { EXPECT_EQ(FieldsOf(""), ""); }

TEST(Cursor, MessagesNestAndMayBeLeftEarly) {
  //                                  0  1  2  3  4  5  6  7  8  9
  const auto source = BytesInMemory(Hex("0a 06 12 02 08 07 08 09 10 05"), "test");
  Cursor cursor(*source);
  Field outer, middle, inner;
  ASSERT_TRUE(cursor.Next(&outer));
  {
    const Cursor::Message message(cursor, outer);
    ASSERT_TRUE(cursor.Next(&middle));
    {
      const Cursor::Message innermost(cursor, middle);
      ASSERT_TRUE(cursor.Next(&inner));
      EXPECT_EQ(inner.value, 7);
      EXPECT_FALSE(cursor.Next(&inner)) << "the message around it goes on";
      EXPECT_TRUE(cursor.status().ok());
    }
    ASSERT_TRUE(cursor.Next(&inner));
    EXPECT_EQ(inner.value, 9);
  }
  EXPECT_EQ(Fields(cursor), "2 5 @8 9:9-10\n");

  cursor.Restart(outer.payload());
  {
    ASSERT_TRUE(cursor.Next(&middle));
    const Cursor::Message unread(cursor, middle);
  }
  EXPECT_EQ(Fields(cursor), "1 9 @6 7:7-8\n");
}

TEST(Cursor, ARangeIsAMessageOfItsOwn) {
  const auto source = BytesInMemory(Hex("ff ff 08 01 ff"), "test");
  Cursor cursor(*source, {2, 4});
  EXPECT_EQ(Fields(cursor), "1 1 @2 3:3-4\n");
}

TEST(Cursor, BytesOfAFieldLongPast) {
  const auto source = BytesInMemory(Hex("0a 01 61 0a 01 62 0a 01 63"), "test");
  Cursor cursor(*source);
  Field a, b, c;
  ASSERT_TRUE(cursor.Next(&a) && cursor.Next(&b));
  EXPECT_EQ(cursor.Bytes(b), "b");
  EXPECT_EQ(cursor.Bytes(a), "a");
  ASSERT_TRUE(cursor.Next(&c)) << "Bytes() must not move the cursor";
  EXPECT_EQ(cursor.Bytes(c), "c");
}

TEST(Cursor, PackedNumbers) {
  const auto source = BytesInMemory(Hex("0a 04 00 96 01 07 08 05"), "test");
  Cursor cursor(*source);
  Field field;
  ASSERT_TRUE(cursor.Next(&field));
  std::vector<uint64_t> values;
  {
    const Cursor::Message message(cursor, field);
    uint64_t value;
    while (cursor.NextPacked(&value)) values.push_back(value);
  }
  EXPECT_EQ(values, (std::vector<uint64_t>{0, 150, 7}));
  EXPECT_EQ(Fields(cursor), "1 5 @6 7:7-8\n");
}

TEST(Cursor, APackedNumberCutOffByItsFieldIsAnError) {
  const auto source = BytesInMemory(Hex("0a 02 01 96 01 00"), "test");
  Cursor cursor(*source);
  Field field;
  ASSERT_TRUE(cursor.Next(&field));
  const Cursor::Message message(cursor, field);
  uint64_t value;
  EXPECT_TRUE(cursor.NextPacked(&value));
  EXPECT_FALSE(cursor.NextPacked(&value));
  EXPECT_EQ(cursor.status().message(), "test: byte 3: a varint past the end of its message");
}

TEST(Cursor, PackedNumbersOfFixedSize) {
  const auto source = BytesInMemory(
      Hex("0a 08 01 00 00 00 02 01 00 80 0a 0a 03") + Hex("00 00 00 00 00 00 01 04 05"), "test");
  Cursor cursor(*source);
  Field field;
  std::vector<uint64_t> values;
  for (const int size : {4, 8}) {
    ASSERT_TRUE(cursor.Next(&field));
    const Cursor::Message message(cursor, field);
    uint64_t value;
    while (cursor.NextPackedFixed(size, &value)) values.push_back(value);
  }
  EXPECT_EQ(values, (std::vector<uint64_t>{1, 0x80000102, 0x0100000000000003}));
  EXPECT_EQ(cursor.status().message(),
            "test: byte 20: a fixed-size number past the end of its message");
}

TEST(Cursor, ExpectNamesTheFieldAndBothTypes) {
  const auto source = BytesInMemory(Hex("08 01"), "test");
  Cursor cursor(*source);
  Field field;
  ASSERT_TRUE(cursor.Next(&field));
  EXPECT_TRUE(cursor.Expect(field, WireType::kVarint, "M.a"));
  EXPECT_FALSE(cursor.Expect(field, WireType::kBytes, "M.a"));
  EXPECT_EQ(cursor.status().message(), "test: byte 0: M.a has wire type 0, expected 2");
}

TEST(Cursor, TheFirstErrorStays) {
  const auto source = BytesInMemory(Hex("0a 01 61 08 01"), "test");
  Cursor cursor(*source);
  Field field;
  ASSERT_TRUE(cursor.Next(&field));
  EXPECT_FALSE(cursor.Fail(7, "first"));
  EXPECT_FALSE(cursor.Fail(8, "second"));
  EXPECT_EQ(cursor.Bytes(field), "");
  uint64_t value;
  EXPECT_FALSE(cursor.NextPacked(&value));
  EXPECT_FALSE(cursor.Next(&field));
  cursor.Restart({3, 5});
  EXPECT_EQ(Fields(cursor), "test: byte 7: first");
}

TEST(Cursor, Groups) {
  EXPECT_EQ(FieldsOf(GroupBytes(1, "")), "1 group @0 1:1-2\n");
  // Everything that a group may hold, the bytes of an end key among it, is passed over.
  const std::string content = Hex("08 0c 11 0c 0c 0c 0c 0c 0c 0c 0c 12 02 0c 0c 1d 0c 0c 0c 0c") +
                              GroupBytes(2, GroupBytes(1, Hex("08 01")));
  EXPECT_EQ(
      FieldsOf(GroupBytes(1, content) + Hex("10 01")),
      absl::StrCat("1 group @0 1:1-", content.size() + 2, "\n2 1 @", content.size() + 2, " ",
                   content.size() + 3, ":", content.size() + 3, "-", content.size() + 4, "\n"));
}

TEST(Cursor, GroupsNestedAHundredDeepAreReadAndNoDeeper) {
  std::string nested;
  for (int i = 0; i < kMaxGroupDepth; ++i) nested = GroupBytes(1, nested);
  EXPECT_EQ(FieldsOf(nested), "1 group @0 1:1-200\n");
  EXPECT_EQ(FieldsOf(GroupBytes(1, nested)), "test: byte 100: groups nested over 100 deep");
}

TEST(Cursor, ErrorsNameTheByte) {
  const struct {
    std::string bytes, error;
  } kCases[] = {
      {Hex("0c"), "byte 0: end of a group that did not begin"},
      {Hex("10 01 0c"), "2 1 @0 1:1-2\ntest: byte 2: end of a group that did not begin"},
      {Hex("0b"), "byte 0: a group without its end"},
      {Hex("0b 08 01"), "byte 0: a group without its end"},
      {Hex("0b 14"), "byte 1: the end of another group"},
      {Hex("0b 13 0c 14"), "byte 2: the end of another group"},
      {Hex("0b 0a 05 0c"), "byte 1: field 1 has length 5, past the end of its message at byte 4"},
      {Hex("0b 00 0c"), "byte 1: a field number out of range"},
      {Hex("00 01"), "byte 0: a field number out of range"},
      {Hex("02 00"), "byte 0: a field number out of range"},
      // A key of more than 32 bits, whose low ones would be field 1.
      {Hex("88 80 80 80 10 01"), "byte 0: a field number out of range"},
      {Hex("0e"), "byte 0: wire type 6 does not exist"},
      {Hex("0f 00"), "byte 0: wire type 7 does not exist"},
      {Hex("08"), "byte 1: a varint past the end of its message"},
      {Hex("08 80"), "byte 1: a varint past the end of its message"},
      {Hex("80"), "byte 0: a varint past the end of its message"},
      {Hex("08 80 80 80 80 80 80 80 80 80 80 00"), "byte 1: a varint over 10 bytes"},
      {Hex("80 80 80 80 80 80 80 80 80 80 00"), "byte 0: a varint over 10 bytes"},
      {Hex("0a"), "byte 1: a varint past the end of its message"},
      {Hex("0a 02 61"), "byte 0: field 1 has length 2, past the end of its message at byte 3"},
      {Hex("0a ff ff ff ff ff ff ff ff ff 01"),
       "byte 0: field 1 has length 18446744073709551615, past the end of its message at byte 11"},
      {Hex("09 00 00 00 00 00 00 00"), "byte 1: a fixed-size number past the end of its message"},
      {Hex("0d 00 00 00"), "byte 1: a fixed-size number past the end of its message"},
  };
  for (const auto& [bytes, error] : kCases) {
    const std::string found = FieldsOf(bytes);
    EXPECT_TRUE(found == error || found == "test: " + error)
        << absl::BytesToHexString(bytes) << ": " << found;
  }
}

TEST(Cursor, TheLargestNumbers) {
  EXPECT_EQ(FieldsOf(Hex("08 ff ff ff ff ff ff ff ff ff 01")),
            "1 18446744073709551615 @0 1:1-11\n");
  EXPECT_EQ(FieldsOf(Hex("f8 ff ff ff 0f 00")), "536870911 0 @0 5:5-6\n");
  // Bits beyond the 64th are dropped, as protobuf does.
  EXPECT_EQ(FieldsOf(Hex("08 81 80 80 80 80 80 80 80 80 7e")), "1 1 @0 1:1-11\n");
}

// What lies behind a message must not complete what it lacks.
TEST(Cursor, NoFieldCrossesTheEndOfItsMessage) {
  const std::string kContents[] = {Hex("08 96"), Hex("96"), Hex("0a 02 61"), Hex("0b 08 01"),
                                   Hex("0d 00 00 00")};
  for (const std::string& content : kContents) {
    std::string bytes;
    AppendBytesField(1, content, &bytes);
    const auto source = BytesInMemory(bytes + Hex("01 0c 00 0c 08 01"), "test");
    Cursor cursor(*source);
    Field field;
    ASSERT_TRUE(cursor.Next(&field));
    const Cursor::Message message(cursor, field);
    while (cursor.Next(&field)) {
    }
    EXPECT_FALSE(cursor.status().ok()) << absl::BytesToHexString(content);
  }
}

TEST(Cursor, AMessageCutAnywhereEndsAtAFieldOrWithAnError) {
  const std::string bytes =
      Hex("08 96 01 11 01 00 00 00 00 00 00 80 1a 02 61 62 23 08 01 24 2d 02 00 00 80 82 01 00");
  const std::vector<size_t> kBetweenFields = {0, 3, 12, 16, 20, 25, 28};
  for (size_t size = 0; size <= bytes.size(); ++size) {
    const bool is_whole = std::count(kBetweenFields.begin(), kBetweenFields.end(), size) > 0;
    const auto source = BytesInMemory(bytes.substr(0, size), "test");
    Cursor cursor(*source);
    Field field;
    while (cursor.Next(&field)) {
    }
    EXPECT_EQ(cursor.status().ok(), is_whole) << size;
  }
}

}  // namespace
}  // namespace modelexport
