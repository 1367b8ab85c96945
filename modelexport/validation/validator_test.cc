#include "modelexport/validation/validator.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/tags/keys.h"
#include "modelexport/validation/test_model.h"
#include "modelexport/wire/model_index.h"

namespace modelexport {
namespace {

using absl::StrCat;
using testing::Field;
using testing::Replaced;
using testing::SmallHierarchy;
using testing::SmallModel;
using wire::BytesInMemory;
using wire::ByteSource;
using wire::Range;

// Fails to read from an offset on, and counts what is read.
class TestSource final : public ByteSource {
 public:
  TestSource(std::string bytes, uint64_t readable)
      : bytes_(BytesInMemory(std::move(bytes))), readable_(readable) {}

  absl::string_view name() const override { return "test.onnx"; }
  uint64_t size() const override { return bytes_->size(); }
  absl::Status Read(Range range, char* destination) const override {
    if (range.end > readable_) return absl::DataLossError("test.onnx: bad disk");
    read_ += range.size();
    return bytes_->Read(range, destination);
  }
  uint64_t read() const { return read_; }

 private:
  const std::unique_ptr<ByteSource> bytes_;
  const uint64_t readable_;
  mutable uint64_t read_ = 0;
};

ValidationResult ValidateBytes(const std::string& original, const std::string& tagged,
                               ValidationLevel level = ValidationLevel::kStandard) {
  const auto in = BytesInMemory(original);
  const auto out = BytesInMemory(tagged);
  ValidationRequest request;
  request.tagged = out.get();
  request.original = in.get();
  request.level = level;
  absl::StatusOr<ValidationResult> result = Validate(request);
  EXPECT_TRUE(result.ok()) << result.status();
  return *std::move(result);
}

// The ranges of entries that begin with our prefix, and of payloads of tensors.
std::vector<Range> ToleratedRanges(const std::string& model) {
  const auto source = BytesInMemory(model);
  const auto index = wire::ModelIndex::Build(*source, {});
  std::vector<Range> ranges;
  for (size_t i = 0; i < index->nodes().size(); ++i) {
    for (const wire::MetadataEntry& entry : index->metadata(wire::NodeId(i))) {
      if (IsOwnKey(index->text(entry.key))) ranges.push_back({entry.range.begin, entry.range.end});
    }
  }
  for (const wire::MetadataEntry& entry : index->model_metadata()) {
    if (IsOwnKey(index->text(entry.key))) ranges.push_back({entry.range.begin, entry.range.end});
  }
  for (const char* payload :
       {"bodydata", "constant", "listdata", "sparse!!", "indices!", "weights!"}) {
    for (size_t at = model.find(payload); at != model.npos; at = model.find(payload, at + 1)) {
      ranges.push_back({at, at + 8});
    }
  }
  return ranges;
}

bool Contains(const std::vector<Range>& ranges, uint64_t offset) {
  for (const Range& range : ranges) {
    if (range.begin <= offset && offset < range.end) return true;
  }
  return false;
}

TEST(Validate, AGoodFilePasses) {
  const ValidationResult result = ValidateBytes(SmallModel(false), SmallModel(true));
  EXPECT_EQ(result.findings.ToText(), "");
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(result.counts.tagged, 8);
  EXPECT_EQ(
      ValidateBytes(SmallModel(false), SmallModel(true), ValidationLevel::kFull).findings.ToText(),
      "");
}

TEST(Validate, NeedsNoOriginal) {
  const auto out = BytesInMemory(SmallModel(true));
  ValidationRequest request;
  request.tagged = out.get();
  EXPECT_TRUE(Validate(request)->ok());
}

TEST(Validate, RunsAllChecks) {
  const std::string tagged =
      Replaced(Replaced(SmallModel(true), "/block.0/Add", "/block.1/Add"), "act", "axt");
  const Findings findings = ValidateBytes(SmallModel(false), tagged).findings;
  EXPECT_EQ(findings.count("tag.submodule"), 1);
  EXPECT_EQ(findings.count("diff.bytes"), 1);
}

TEST(Validate, WarningsDoNotFail) {
  const std::string tagged = Replaced(SmallModel(true), "trace", "Trace");
  const ValidationResult result = ValidateBytes(SmallModel(false), tagged);
  EXPECT_EQ(result.findings.ToText(),
            "warning tag.evidence function:my:F:#0: unknown value \"Trace\"\n");
  EXPECT_TRUE(result.ok());
}

TEST(Validate, TheGivenHierarchyCounts) {
  const Hierarchy hierarchy = SmallHierarchy();
  const auto out =
      BytesInMemory(Field(7, testing::Node("A", testing::Tag("block.0", "/Net/Block.0"))));
  ValidationRequest request;
  request.tagged = out.get();
  request.hierarchy = &hierarchy;
  EXPECT_EQ(Validate(request)->findings.ToText(),
            "error model.presets model: no modelexport.presets\n");
}

TEST(Validate, PayloadsAreForLevelFull) {
  const std::string tagged = Replaced(SmallModel(true), "weights!", "weightz!");
  EXPECT_TRUE(ValidateBytes(SmallModel(false), tagged).ok());
  EXPECT_EQ(ValidateBytes(SmallModel(false), tagged, ValidationLevel::kFull)
                .findings.count("diff.payload"),
            1);
}

// Whatever bit turns over outside our entries and the payloads, comparing finds it; wherever else
// outside payloads, checking the tags does.
TEST(Validate, EveryFlippedBitIsFound) {
  const std::string original = SmallModel(false);
  const std::string tagged = SmallModel(true);
  const std::vector<Range> tolerated = ToleratedRanges(tagged);
  int judged = 0;
  for (size_t i = 0; i < tagged.size(); ++i) {
    if (Contains(tolerated, i)) continue;
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = tagged;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      const ValidationResult result = ValidateBytes(original, flipped);
      EXPECT_FALSE(result.ok()) << "byte " << i << " bit " << bit;
      ++judged;
    }
  }
  EXPECT_GT(judged, 3000);
}

TEST(Validate, EveryTruncationIsFound) {
  const std::string original = SmallModel(false);
  const std::string tagged = SmallModel(true);
  for (size_t size = 0; size < tagged.size(); ++size) {
    EXPECT_FALSE(ValidateBytes(original, tagged.substr(0, size)).ok()) << size << " bytes";
  }
}

TEST(Validate, WhatCannotBeReadIsAnError) {
  const std::string tagged = SmallModel(true);
  for (const uint64_t readable : {uint64_t{0}, tagged.size() - 1}) {
    const TestSource source(tagged, readable);
    ValidationRequest request;
    request.tagged = &source;
    EXPECT_EQ(Validate(request).status(), absl::DataLossError("test.onnx: bad disk"));
    const auto good = BytesInMemory(tagged);
    request.original = &source;
    request.tagged = good.get();
    EXPECT_EQ(Validate(request).status(), absl::DataLossError("test.onnx: bad disk"));
  }
}

TEST(Validate, AMalformedFileIsAFindingAndNotCompared) {
  EXPECT_EQ(ValidateBytes(SmallModel(false), "\x3a\x05").findings.ToText(),
            "error file.malformed file: byte 0: field 7 has length 5, past the end of its message "
            "at byte 2\n");
}

TEST(Validate, AMalformedOriginalIsAnError) {
  const auto in = BytesInMemory("\x3a\x05", "in.onnx");
  const auto out = BytesInMemory(SmallModel(true));
  ValidationRequest request;
  request.original = in.get();
  request.tagged = out.get();
  EXPECT_EQ(Validate(request).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(Validate(request).status().message(), "in.onnx: byte 0"));
}

TEST(Validate, CanBeCancelled) {
  const auto out = BytesInMemory(SmallModel(true));
  std::atomic<bool> cancelled{true};
  ValidationRequest request;
  request.tagged = out.get();
  request.cancelled = &cancelled;
  EXPECT_EQ(Validate(request).status().code(), absl::StatusCode::kCancelled);
}

TEST(Validate, ReadsNoWeights) {
  const std::string weights(20 << 20, 'w');
  const std::string tensor = StrCat(Field(8, "w"), Field(9, weights));
  const std::string node = Field(5, StrCat(Field(1, "value"), Field(5, tensor)));
  const auto model = [&](absl::string_view tag) {
    return StrCat(Field(7, StrCat(testing::Node("Constant", StrCat(node, tag)), Field(5, tensor))),
                  testing::ModelEntry(kPresetsKey, "modelexport"));
  };
  const Hierarchy hierarchy = SmallHierarchy();
  const TestSource in(model(""), UINT64_MAX);
  const TestSource out(model(testing::Tag("", "/Net")), UINT64_MAX);
  ValidationRequest request;
  request.tagged = &out;
  request.original = &in;
  request.hierarchy = &hierarchy;
  EXPECT_EQ(Validate(request)->findings.ToText(), "");
  EXPECT_LT(in.read() + out.read(), 1 << 20);
  request.level = ValidationLevel::kFull;
  EXPECT_TRUE(Validate(request)->ok());
  EXPECT_GT(in.read() + out.read(), 4 * weights.size());
}

}  // namespace
}  // namespace modelexport
