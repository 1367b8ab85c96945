#include "modelexport/profiles/event_lines.h"

#include <atomic>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

enum Id { kEvent, kName };

constexpr JsonMember kMembers[] = {{"name", {kName, kJsonString}}};
constexpr JsonSchema kSchema = {kEvent, kJsonObject, kMembers};

class Recorder final : public JsonSink {
 public:
  void OnString(int, absl::string_view value) override { absl::StrAppend(&text, value); }
  absl::Status OnEnd(int) override {
    text += ".";
    return absl::OkStatus();
  }

  std::string text;
};

// What the sink gets, or "other" if the text is not such lines.
std::string Lines(const std::string& text) {
  Recorder recorder;
  const auto source = BytesInMemory(text);
  return ReadEventLines(*source, kSchema, &recorder, nullptr) ? recorder.text : "other";
}

TEST(EventLines, OneElementALine) {
  EXPECT_EQ(Lines("[\n{\"name\":\"a\"},\n{\"name\":\"b\"}\n]\n"), "a.b.");
  EXPECT_EQ(Lines(" [ \r\n\n {\"name\":\"a\"} , \r\n{}\r\n ]"), "a..");
  EXPECT_EQ(Lines("[\n]"), "");
}

TEST(EventLines, OtherTexts) {
  for (const std::string text :
       {"", "[", "[\n{}", "[\n{},\n]", "[\n{}\n{}\n]", "[\n{}\n]\n{}", "[{}]", "[\n{},{}\n]",
        "{}\n", "[\n[]\n]", "[\n{\"name\":1}\n]", "]", "[\n]\n]"}) {
    EXPECT_EQ(Lines(text), "other") << text;
  }
}

// Lines that go across the blocks in which a source is read.
TEST(EventLines, ManyLongLines) {
  std::string text = "[\n", expected;
  for (int i = 0; i < 300; ++i) {
    absl::StrAppend(&text, i > 0 ? ",\n" : "", "{\"other\":\"", std::string(i * 37, 'x'),
                    "\",\"name\":\"", i, "\"}");
    absl::StrAppend(&expected, i, ".");
  }
  EXPECT_EQ(Lines(text + "\n]"), expected);
  EXPECT_EQ(Lines(absl::StrCat("[\n{\"name\":\"", std::string(3 << 20, 'x'), "\"}\n]")), "other");
}

TEST(EventLines, EndWhenCancelled) {
  const std::atomic<bool> cancelled(true);
  Recorder recorder;
  const auto source = BytesInMemory("[\n{\"name\":\"a\"}\n]");
  EXPECT_FALSE(ReadEventLines(*source, kSchema, &recorder, &cancelled));
  EXPECT_EQ(recorder.text, "");
}

}  // namespace
}  // namespace modelexport
