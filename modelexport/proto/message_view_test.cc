#include "modelexport/proto/message_view.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/message_bytes.h"

namespace modelexport {
namespace {

using testing::GroupBytes;
using testing::Hex;

// The fields of a message as "<number>: <value>" each; "?" for what cannot be read.
std::string Fields(absl::string_view message) {
  std::string text;
  FieldView field;
  while (!message.empty()) {
    if (!TakeField(&message, &field)) return text + "?";
    const bool is_number = field.type == WireType::kVarint;
    absl::StrAppend(&text, field.number, ": ",
                    is_number ? absl::StrCat(field.value)
                              : absl::StrCat("'", absl::CHexEscape(field.payload), "'"),
                    "; ");
  }
  return text;
}

TEST(MessageView, EachWireType) {
  EXPECT_EQ(Fields(""), "");
  EXPECT_EQ(Fields(Hex("08 00  10 7f  18 96 01")), "1: 0; 2: 127; 3: 150; ");
  EXPECT_EQ(Fields(Hex("08 ff ff ff ff ff ff ff ff ff 01")), "1: 18446744073709551615; ");
  EXPECT_EQ(Fields(Hex("0a 00  12 02 61 62")), "1: ''; 2: 'ab'; ");
  EXPECT_EQ(Fields(Hex("0d 31 32 33 34  11 31 32 33 34 35 36 37 38")),
            "1: '1234'; 2: '12345678'; ");
}

TEST(MessageView, KeysAndLengthsOfSeveralBytes) {
  EXPECT_EQ(Fields(Hex("f8 ff ff ff 0f 05")), "536870911: 5; ");
  EXPECT_EQ(Fields(Hex("88 00 05")), "1: 5; ") << "a key that is not as short as it might be";
  EXPECT_EQ(Fields(Hex("0a c8 01") + std::string(200, 'x')),
            absl::StrCat("1: '", std::string(200, 'x'), "'; "));
}

TEST(MessageView, MalformedFields) {
  EXPECT_EQ(Fields(Hex("08 01 08")), "1: 1; ?") << "no value";
  EXPECT_EQ(Fields(Hex("08 80")), "?") << "half a varint";
  EXPECT_EQ(Fields(Hex("08 ff ff ff ff ff ff ff ff ff ff 01")), "?") << "eleven bytes";
  EXPECT_EQ(Fields(Hex("0a 02 61")), "?") << "shorter than its length";
  EXPECT_EQ(Fields(Hex("0a ff ff ff ff ff ff ff ff ff 01")), "?") << "a length of 2^64 - 1";
  EXPECT_EQ(Fields(Hex("0d 31 32 33")), "?") << "three of four bytes";
  EXPECT_EQ(Fields(Hex("11 31 32 33 34 35 36 37")), "?") << "seven of eight bytes";
  EXPECT_EQ(Fields(Hex("00 01")), "?") << "field 0";
  EXPECT_EQ(Fields(Hex("88 80 80 80 10 01")), "?") << "a key of more than 32 bits";
  EXPECT_EQ(Fields(Hex("0e")), "?") << "wire type 6";
}

TEST(MessageView, GroupsAreNotRead) { EXPECT_EQ(Fields(GroupBytes(1, "")), "?"); }

}  // namespace
}  // namespace modelexport
