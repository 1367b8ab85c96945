// Damaged profiles of every form: each is read, or refused with a message, and soon. ONNX Runtime's
// are read in two ways, which must say the same.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/profiles/read_profile.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

// `bytes` with one to three of them changed, the same for equal seeds.
std::string Flipped(std::string bytes, uint32_t seed) {
  std::mt19937 random(seed);
  for (uint32_t i = 0; i <= seed % 3; ++i) {
    bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
  }
  return bytes;
}

// What was read, or the error.
std::string Read(std::string text) {
  const auto source = BytesInMemory(std::move(text), "profile");
  const absl::StatusOr<Profile> profile = ReadProfile(*source, ProfileOptions());
  if (!profile.ok()) {
    EXPECT_EQ(profile.status().code(), absl::StatusCode::kInvalidArgument) << profile.status();
    EXPECT_EQ(profile.status().message().substr(0, 9), "profile: ");
    return std::string(profile.status().message());
  }
  std::string read = absl::StrCat(profile->form, " ", profile->runs.seen, "/", profile->runs.kept,
                                  " ", profile->outside.value_or(-1), "\n");
  for (const Kernel& kernel : profile->kernels) {
    absl::StrAppend(&read, kernel.name, " ", kernel.op_type, " ", kernel.position.value_or(-1), " ",
                    kernel.parent, " ", kernel.own, " ", kernel.executions, "\n");
  }
  return absl::StrCat(read, absl::StrJoin(profile->notes, "\n"));
}

// The first lines of ONNX Runtime's profile of bert_tiny, with two of its runs.
std::string OrtLines() {
  std::string text = testing::ReadFile("testdata/profiles/bert_tiny_extended.json");
  const size_t run = text.find("\"model_run\"");
  const size_t end = text.find('\n', text.find("\"model_run\"", run + 1));
  text.resize(end);
  while (!text.empty() && text.back() != '}') text.pop_back();
  return text + "\n]\n";
}

// The same JSON, not in lines.
std::string OnOneLine(std::string text) {
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text;
}

TEST(HostileProfiles, LinesAndOtherTextsReadTheSame) {
  const std::string text = OrtLines();
  EXPECT_EQ(Read(text).substr(0, 16), "onnxruntime 2/1 ");
  EXPECT_EQ(Read(text), Read(OnOneLine(text)));
  size_t read = 0;
  constexpr int kSeeds = 400;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const std::string damaged = Flipped(text, seed);
    const std::string said = Read(damaged);
    const std::string said_of_one_line = Read(OnOneLine(damaged));
    // An end of line within a string is an error of its own.
    if (said.find("U+000A") == std::string::npos) {
      EXPECT_EQ(said, said_of_one_line) << seed;
    }
    read += said.substr(0, 11) == "onnxruntime";
  }
  EXPECT_GT(read, kSeeds / 20);
  EXPECT_LT(read, kSeeds);
}

TEST(HostileProfiles, OrtCutAnywhere) {
  const std::string text = OrtLines();
  for (size_t size = 1; size < text.size(); size += size < 4000 ? 1 : 397) {
    EXPECT_EQ(Read(text.substr(0, size)), Read(OnOneLine(text.substr(0, size)))) << size;
  }
}

TEST(HostileProfiles, OtherFormsCutOrChanged) {
  for (const char* const name :
       {"tensorrt.json", "winml.json", "qnn.csv", "openvino.csv", "tensorrt_layers.json"}) {
    const std::string text = testing::ReadFile(absl::StrCat("testdata/profiles/", name));
    for (size_t size = 1; size < text.size(); ++size) Read(text.substr(0, size));
    for (int seed = 0; seed < 1000; ++seed) Read(Flipped(text, seed));
  }
}

TEST(HostileProfiles, WrongTypes) {
  for (const absl::string_view value :
       {"null", "true", "-1", "1e999", "1.5", "\"x\"", "[]", "{}", "[[[[1]]]]", "NaN"}) {
    for (const absl::string_view member : {"cat", "name", "tid", "ts", "dur", "args"}) {
      const std::string event =
          absl::StrCat(R"({"cat":"Node","name":"a_kernel_time","tid":1,"ts":2,"dur":3,"args":{}})");
      const size_t begin = event.find(absl::StrCat("\"", member, "\":")) + member.size() + 3;
      const size_t end = event.find_first_of(member == "args" ? "}" : ",", begin);
      const std::string wrong =
          absl::StrCat("[\n", event.substr(0, begin), value,
                       event.substr(member == "args" ? end + 1 : end), "\n]\n");
      EXPECT_EQ(Read(wrong), Read(OnOneLine(wrong))) << wrong;
    }
  }
}

// Whatever is ignored may nest to any depth, and cost no stack.
TEST(HostileProfiles, DeepNesting) {
  constexpr int kDepth = 200000;
  const std::string deep = std::string(kDepth, '[') + std::string(kDepth, ']');
  EXPECT_EQ(Read(absl::StrCat("[\n", R"({"cat":"Node","name":"a_kernel_time","tid":1,"ts":2,)",
                              R"("dur":3,"other":)", deep, "}\n]\n")),
            "onnxruntime 1/1 -1\na  4294967295 4294967295 3 1\n"
            "it says of no run when it ended: all kernels count as one run");
  EXPECT_NE(Read(deep), "");
  EXPECT_NE(Read(std::string(kDepth, '{')), "");
}

}  // namespace
}  // namespace modelexport
