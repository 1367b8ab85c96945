#include "modelexport/json/plain_json.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

enum Id { kTop, kName, kAge, kScore, kPets, kPet };

constexpr JsonSchema kPetSchema = {kPet, kJsonString};
const JsonMember kMembers[] = {{"name", {kName, kJsonString}, /*required=*/true},
                               {"age", {kAge, kJsonInteger}},
                               {"score", {kScore, kJsonNumber}},
                               {"pets", {kPets, kJsonList, {}, &kPetSchema}}};
const JsonSchema kPerson = {kTop, kJsonObject, kMembers};

class Recorder final : public JsonSink {
 public:
  void OnInteger(int id, int64_t value) override { absl::StrAppend(&text, id, ":", value, " "); }
  void OnNumber(int id, double value) override { absl::StrAppend(&text, id, "=", value, " "); }
  void OnString(int id, absl::string_view value) override {
    absl::StrAppend(&text, id, ":", value, " ");
  }
  absl::Status OnEnd(int id) override {
    absl::StrAppend(&text, "/", id);
    return absl::OkStatus();
  }

  std::string text;
};

// What the sink gets, or "other" if the text is not plain. What is plain reads as JSON in general.
std::string Plain(absl::string_view json) {
  Recorder plain, general;
  if (!ReadPlainJson(json, kPerson, &plain)) return "other";
  const absl::Status status = ReadJson(json, kPerson, &general);
  EXPECT_TRUE(status.ok()) << json << ": " << status;
  EXPECT_EQ(plain.text, general.text) << json;
  return plain.text;
}

TEST(PlainJson, IsReadAsJsonIs) {
  EXPECT_EQ(Plain(R"({"name": "Ada", "age" :36,"score":0, "pets": ["cat", "dog"]})"),
            "1:Ada 2:36 3=0 5:cat 5:dog /4/0");
  EXPECT_EQ(Plain(R"( { "pets" : [ ] , "name" : "" } )"), "/41: /0");
  EXPECT_EQ(Plain(R"({"age":999999999999999999,"name":"~"})"), "2:999999999999999999 1:~ /0");
}

TEST(PlainJson, WhatIsIgnoredMayBeMore) {
  EXPECT_EQ(Plain(R"({"a": -1.50, "b": [0, {"c": [true, false, null]}, {}, []], "name": "x"})"),
            "1:x /0");
}

TEST(PlainJson, AllElseIsLeftToOthers) {
  for (const absl::string_view json : {
           R"({"name": "caf\u00e9"})",
           "{\"name\": \"caf\xc3\xa9\"}",
           "{\"name\": \"caf\xe9\"}",
           "{\"name\": \"a\nb\"}",
           "{\"name\": \"\x7f\"}",
           R"({"name": "x", "age": -1})",
           R"({"name": "x", "age": 1.5})",
           R"({"name": "x", "score": 1e5})",
           R"({"name": "x", "other": 1e5})",
           R"({"name": "x", "age": 01})",
           R"({"name": "x", "other": -01})",
           R"({"name": "x", "other": 1.})",
           R"({"name": "x", "age": 1000000000000000000})",
           R"({"name": "x", "age": "1"})",
           R"({"name": 1})",
           R"({"name": null})",
           R"({"name": "x", "name": "y"})",
           R"({"age": 1})",
           R"({"name": "x", "pets": [1]})",
           R"({"name": "x", "pets": ["a",]})",
           R"({"name": "x",})",
           R"({"name": "x")",
           R"({"name": "x)",
           R"({"name" "x"})",
           R"({name: "x"})",
           R"({"name": "x"} {})",
           R"(["x"])",
           R"(nullx)",
           "",
       }) {
    EXPECT_EQ(Plain(json), "other") << json;
  }
  // Deep nesting is the general parser's, which has no stack to lose.
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_EQ(Plain(absl::StrCat(R"({"other": )", deep, R"(, "name": "x"})")), "other");
}

}  // namespace
}  // namespace modelexport
