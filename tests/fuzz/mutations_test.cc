// Mutations change an input, leave most inputs readable, and are the same for equal seeds.

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/testing/model_text.h"
#include "nlohmann/json.hpp"
#include "tests/fuzz/mutate_json.h"
#include "tests/fuzz/mutate_message.h"

namespace modelexport::fuzz {
namespace {

constexpr uint32_t kSeeds = 500;

Random Seeded(uint32_t seed) {
  return Random(seed, [](std::string* bytes) { bytes->append("~"); });
}

// Of `kSeeds` mutations, how many are different texts, and how many of these can be read.
template <typename Mutate, typename IsReadable>
std::string Outcome(const std::string& input, const Mutate& mutate, const IsReadable& is_readable) {
  std::set<std::string> different;
  size_t readable = 0;
  for (uint32_t seed = 0; seed < kSeeds; ++seed) {
    Random random = Seeded(seed);
    Random same = Seeded(seed);
    const std::string mutated = mutate(input, input, &random);
    EXPECT_EQ(mutated, mutate(input, input, &same)) << seed;
    if (mutated != input && different.insert(mutated).second) readable += is_readable(mutated);
  }
  // Rounded down.
  return absl::StrCat(different.size() / 50 * 50, " different, ",
                      100 * readable / different.size() / 10 * 10, " % readable");
}

TEST(Mutations, OfAModel) {
  const std::string model = testing::Model(R"(
    main (float[1, 4] x) => (y) <float[4] b = {1, 2, 3, 4}> {
      [first] h = Add (x, b) {"key": "value"}
      y = If (c) <then_branch = yes () => (t) { t = Relu (h) }>
    })");
  EXPECT_EQ(Outcome(model, MutateMessage,
                    [](const std::string& mutated) {
                      const auto source = BytesInMemory(mutated);
                      return ModelIndex::Build(*source, {}).ok();
                    }),
            "200 different, 70 % readable");
}

TEST(Mutations, OfJson) {
  const std::string text = R"({"modules": [{"path": "", "calls": 1}, {"path": "a.b", "aliases":
      ["c", "d"]}], "note": "\"]", "none": null})";
  EXPECT_EQ(Outcome(text, MutateJson,
                    [](const std::string& mutated) { return nlohmann::json::accept(mutated); }),
            "200 different, 80 % readable");
}

TEST(Mutations, OfWhatIsNeither) {
  Random random = Seeded(1);
  EXPECT_EQ(MutateMessage("\xff", "", &random), "\xff~");
  EXPECT_EQ(MutateMessage("", "", &random), "~");
  EXPECT_EQ(MutateJson(" ", "", &random), " ~");
}

}  // namespace
}  // namespace modelexport::fuzz
