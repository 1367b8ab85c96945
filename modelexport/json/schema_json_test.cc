#include "modelexport/json/schema_json.h"

#include <atomic>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {
namespace {

enum Id { kTop, kName, kAge, kScore, kPets, kPet, kOther };

constexpr JsonSchema kPetSchema = {kPet, kJsonString | kJsonNull};
const JsonMember kMembers[] = {{"name", {kName, kJsonString}, /*required=*/true},
                               {"age", {kAge, kJsonInteger}},
                               {"score", {kScore, kJsonNumber | kJsonInteger}},
                               {"pets", {kPets, kJsonList, {}, &kPetSchema}}};
const JsonSchema kPerson = {kTop, kJsonObject, kMembers};

constexpr JsonSchema kCount = {kOther, kJsonInteger};
const JsonSchema kCounts = {kTop, kJsonObject, {}, nullptr, &kCount};

// Writes down what it gets, as `name "Ada"`; an end as `/0`.
class Recorder final : public JsonSink {
 public:
  void OnNull(int id) override { absl::StrAppend(&text, id, " null\n"); }
  void OnInteger(int id, int64_t value) override { absl::StrAppend(&text, id, " ", value, "\n"); }
  void OnNumber(int id, double value) override {
    absl::StrAppend(&text, id, " number ", value, "\n");
  }
  void OnString(int id, absl::string_view value) override {
    absl::StrAppend(&text, id, " \"", value, "\"\n");
  }
  void OnName(int id, absl::string_view name) override {
    absl::StrAppend(&text, id, " named ", name, "\n");
  }
  absl::Status OnEnd(int id) override {
    absl::StrAppend(&text, "/", id, "\n");
    return id == refused ? absl::OutOfRangeError("refused") : absl::OkStatus();
  }

  std::string text;
  int refused = -1;
};

// The values, or the error.
std::string Read(absl::string_view json, const JsonSchema& schema = kPerson) {
  Recorder recorder;
  const absl::Status status = ReadJson(json, schema, &recorder);
  if (status.ok()) return recorder.text;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(ReadJson, DeliversValuesInTheOrderOfTheText) {
  EXPECT_EQ(Read(R"({"age": 36, "name": "Ada", "score": -1.5, "pets": ["Rex", null]})"),
            "2 36\n"
            "1 \"Ada\"\n"
            "3 number -1.5\n"
            "5 \"Rex\"\n"
            "5 null\n"
            "/4\n"
            "/0\n");
  EXPECT_EQ(Read("\xEF\xBB\xBF{\"name\": \"\"}"), "1 \"\"\n/0\n") << "a byte order mark";
  EXPECT_EQ(Read(R"({"name": "\u00e9\n", "score": 7})"), "1 \"\xC3\xA9\n\"\n3 7\n/0\n");
}

TEST(ReadJson, IgnoresWhatTheSchemaDoesNotKnow) {
  EXPECT_EQ(Read(R"({"x": {"name": [1, {"age": true}]}, "name": "Ada", "y": [[]]})"),
            "1 \"Ada\"\n/0\n");
  const std::string deep = std::string(10000, '[') + std::string(10000, ']');
  EXPECT_EQ(Read(absl::StrCat(R"({"x": )", deep, R"(, "name": "Ada"})")), "1 \"Ada\"\n/0\n");
}

TEST(ReadJson, MembersOfAnyName) {
  EXPECT_EQ(Read(R"({"a": 1, "": 2, "a": 3})", kCounts),
            "6 named a\n6 1\n6 named \n6 2\n6 named a\n6 3\n/0\n");
  EXPECT_EQ(Read(R"({"a.b\"": "x"})", kCounts),
            R"($["a.b\""]: expected an integer from 0 to 9223372036854775807, found a string)");
}

TEST(ReadJson, Errors) {
  const struct {
    absl::string_view json, error;
  } kCases[] = {
      {"[]", "$: expected an object, found a list"},
      {"{}", "$.name: missing"},
      {R"({"name": 1})", "$.name: expected a string, found 1"},
      {R"({"name": true})", "$.name: expected a string, found true"},
      {R"({"name": "", "name": ""})", "$.name: given twice"},
      {R"({"name": "", "pets": ["", 2]})", "$.pets[1]: expected a string or null, found 2"},
      {R"({"name": "", "age": -1})",
       "$.age: expected an integer from 0 to 9223372036854775807, found -1"},
      {R"({"name": "", "age": 9223372036854775808})",
       "$.age: expected an integer from 0 to 9223372036854775807, found 9223372036854775808"},
      {R"({"x": [1, 1e999]})", "$.x[1]: a number too large for float64"},
      {R"({"x": {"y z": NaN}})", R"($.x["y z"]: not a finite number)"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Read(c.json), c.error);
}

TEST(ReadJson, ErrorsOfSyntaxNameTheByte) {
  EXPECT_EQ(Read("").substr(0, 8), "byte 0: ");
  EXPECT_EQ(Read(R"({"name": "Ada",})").substr(0, 9), "byte 15: ");
  EXPECT_EQ(Read("{\"name\": \"\xFF\"}").substr(0, 9), "byte 10: ");
  EXPECT_EQ(Read(absl::string_view("{\"name\": \"\"}\0", 13)), "byte 12: NUL, so this is not JSON");
}

TEST(ReadJson, ListsNestToALimit) {
  JsonSchema list = {kPets, kJsonList};
  list.element = &list;
  const auto nested = [&](size_t depth) {
    return Read(std::string(depth, '[') + std::string(depth, ']'), list).substr(0, 3);
  };
  EXPECT_EQ(nested(kMaxJsonDepth), "/4\n");
  EXPECT_EQ(nested(kMaxJsonDepth + 1), "$[0");
}

TEST(ReadJson, TheSinkMayRefuse) {
  Recorder recorder;
  recorder.refused = kPets;
  const absl::Status status = ReadJson(R"({"pets": [], "name": "Ada"})", kPerson, &recorder);
  EXPECT_EQ(status, absl::OutOfRangeError("refused"));
  EXPECT_EQ(recorder.text, "/4\n");
}

// Also while it skips what the schema ignores, or seeks the place of an error.
// The values and then the error, if any, of a source.
std::string ReadSource(std::string json, const JsonSchema& schema = kPerson) {
  Recorder recorder;
  const absl::Status status = ReadJson(*BytesInMemory(std::move(json)), schema, &recorder);
  return recorder.text + (status.ok() ? "" : status.ToString());
}

TEST(ReadJson, OfASourceDeliversWhatItDoesOfAText) {
  EXPECT_EQ(ReadSource(R"({"age": 36, "name": "Ada"})"), "2 36\n1 \"Ada\"\n/0\n");
  EXPECT_EQ(ReadSource(R"({"age": 36})"), "2 36\nINVALID_ARGUMENT: $.name: missing");
  EXPECT_EQ(ReadSource(R"({"x": [0, {"y": NaN}]})"),
            "INVALID_ARGUMENT: $.x[1].y: not a finite number");
  EXPECT_EQ(ReadSource(R"({"name": 1e999})"),
            "INVALID_ARGUMENT: $.name: a number too large for float64");
  EXPECT_EQ(ReadSource(std::string("{\"age\": 1\0}", 11)),
            "2 1\nINVALID_ARGUMENT: byte 9: NUL, so this is not JSON");
}

// Blocks have 256 KiB: numbers, names and escapes lie across their ends.
TEST(ReadJson, OfASourceOfManyBlocks) {
  std::string json = "{";
  std::string values;
  for (int i = 0; i < 60000; ++i) {
    absl::StrAppend(&json, i == 0 ? "" : ", ", "\"n\\u0061me", i, "\": ", i);
    absl::StrAppend(&values, "6 named name", i, "\n6 ", i, "\n");
  }
  ASSERT_GT(json.size(), 4 * 256 << 10);
  EXPECT_EQ(ReadSource(json + "}", kCounts), values + "/0\n");
}

TEST(ReadJson, OfASourceThatEndsTooEarlyDeliversWhatIsThere) {
  const std::string whole = R"({"age": 36, "name": "Ada"})";
  for (size_t size = 0; size < whole.size(); ++size) {
    Recorder recorder;
    const absl::Status status = ReadJson(*BytesInMemory(whole.substr(0, size)), kPerson, &recorder);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << size << " " << status;
    // A number may be cut.
    EXPECT_EQ(recorder.text, size >= 25   ? "2 36\n1 \"Ada\"\n"
                             : size >= 10 ? "2 36\n"
                             : size == 9  ? "2 3\n"
                                          : "")
        << size;
  }
}

TEST(ReadJson, CanBeCancelled) {
  std::string many = "1";
  for (int i = 0; i < 5000; ++i) many += ",1";
  for (const std::string& json : {absl::StrCat(R"({"name": "", "x": [)", many, "]}"),
                                  absl::StrCat(R"({"pets": ["a"], "x": [)", many, ", 1e999]}")}) {
    std::atomic<bool> cancelled = true;
    Recorder recorder;
    EXPECT_EQ(ReadJson(json, kPerson, &recorder, &cancelled), absl::CancelledError("cancelled"));
    EXPECT_EQ(recorder.text, "");
    cancelled = false;
    EXPECT_FALSE(absl::IsCancelled(ReadJson(json, kPerson, &recorder, &cancelled)));
  }
}

TEST(AppendJsonString, EscapesAsLittleAsItMust) {
  std::string json;
  AppendJsonString("a \"b\" \\ /\n\x1F \x7F \xC3\xA9", &json);
  EXPECT_EQ(json, "\"a \\\"b\\\" \\\\ /\\u000a\\u001f \x7F \xC3\xA9\"");
}

// Wherever it is in a word of eight, since eight are looked at together.
TEST(AppendJsonString, FindsWhatToEscapeAnywhere) {
  for (const char c : {'"', '\\', '\n'}) {
    for (size_t size = 1; size < 20; ++size) {
      for (size_t at = 0; at < size; ++at) {
        std::string text(size, 'x');
        text[at] = c;
        std::string expected(size, 'x');
        expected.replace(at, 1, c == '\n' ? "\\u000a" : std::string("\\") + c);
        std::string json;
        AppendJsonString(text, &json);
        EXPECT_EQ(json, absl::StrCat("\"", expected, "\""));
      }
    }
  }
}

TEST(JsonStep, IsQuoted) { EXPECT_EQ(JsonStep("layer.0\""), R"(["layer.0\""])"); }

}  // namespace
}  // namespace modelexport
