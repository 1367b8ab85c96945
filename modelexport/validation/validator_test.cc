#include "modelexport/validation/validator.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "modelexport/base/threads.h"
#include "modelexport/hierarchy/readers/sidecar_writer.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/tags/keys.h"
#include "modelexport/validation/compare_files.h"
#include "modelexport/validation/test_model.h"

namespace modelexport {
namespace {

using absl::StrCat;
using testing::Field;
using testing::Replaced;
using testing::SmallHierarchy;
using testing::SmallModel;

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
  mutable std::atomic<uint64_t> read_{0};
};

absl::StatusOr<ModelVerdict> FindsNothing(const ByteSource&, const std::string&) {
  return ModelVerdict();
}

ValidationResult ValidateBytes(const std::string& original, const std::string& tagged,
                               ValidationLevel level = ValidationLevel::kStandard) {
  const auto in = BytesInMemory(original);
  const auto out = BytesInMemory(tagged);
  const Hierarchy hierarchy = SmallHierarchy();
  ValidationRequest request;
  request.tagged = out.get();
  request.original = in.get();
  request.hierarchy = &hierarchy;
  request.level = level;
  request.checker = FindsNothing;
  absl::StatusOr<ValidationResult> result = Validate(request);
  EXPECT_TRUE(result.ok()) << result.status();
  return *std::move(result);
}

std::vector<Range> OwnEntriesOf(const std::string& model) {
  const auto source = BytesInMemory(model);
  const auto index = ModelIndex::Build(*source, {});
  std::vector<Range> ranges;
  const auto add = [&](absl::Span<const MetadataEntry> entries) {
    for (const MetadataEntry& entry : entries) {
      if (IsOwnKey(index->text(entry.key))) ranges.push_back(entry.range.whole());
    }
  };
  for (size_t i = 0; i < index->nodes().size(); ++i) add(index->metadata(NodeId(i)));
  add(index->model_metadata());
  return ranges;
}

std::vector<Range> PayloadsOf(const std::string& model) {
  std::vector<Range> ranges;
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

std::string Flipped(std::string bytes, size_t offset, int bit) {
  bytes[offset] = static_cast<char>(bytes[offset] ^ (1 << bit));
  return bytes;
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
  std::string tagged = Replaced(SmallModel(true), "/block.0/Add", "/block.1/Add");
  tagged = Replaced(tagged, testing::NodeEntry(kSubmoduleKey, "act"),
                    testing::NodeEntry(kSubmoduleKey, "axt"));
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

TEST(Validate, FunctionsThatNothingCallsStayAsTheyWere) {
  const std::string tagged = Replaced(SmallModel(true), "left over", "left oveR");
  EXPECT_EQ(ValidateBytes(SmallModel(false), tagged).findings.ToText(),
            "error diff.bytes function:my:G:#0: NodeProto field 9: from byte 479 of the original, "
            "1255 here\n");
}

TEST(Validate, PayloadsAreForLevelFull) {
  const std::string tagged = Replaced(SmallModel(true), "weights!", "weightz!");
  EXPECT_TRUE(ValidateBytes(SmallModel(false), tagged).ok());
  EXPECT_EQ(ValidateBytes(SmallModel(false), tagged, ValidationLevel::kFull)
                .findings.count("diff.payload"),
            1);
}

// What Validate() finds, and what `checker` is asked about, at level full: the tagged file is in
// "out/", the original in "in/".
class ValidateWithChecker : public ::testing::Test {
 protected:
  ValidateWithChecker() {
    request_.tagged = tagged_.get();
    request_.level = ValidationLevel::kFull;
    request_.tagged_folder = "out/";
    request_.original_folder = "in/";
    request_.checker = [this](const ByteSource& model, const std::string& folder) {
      EXPECT_EQ(model.size(), (folder == "out/" ? tagged_ : original_)->size());
      asked_ += folder;
      return folder == "out/" ? of_tagged_ : of_original_;
    };
  }

  void CompareWithOriginal() { request_.original = original_.get(); }

  std::string Found() {
    const absl::StatusOr<ValidationResult> result = Validate(request_);
    return result.ok() ? result->findings.ToText() : StrCat(result.status().ToString(), "\n");
  }

  using Kind = ModelVerdict::Kind;
  const std::unique_ptr<ByteSource> tagged_ = BytesInMemory(SmallModel(true));
  const std::unique_ptr<ByteSource> original_ = BytesInMemory(SmallModel(false));
  ValidationRequest request_;
  absl::StatusOr<ModelVerdict> of_tagged_{{Kind::kValid, ""}};
  absl::StatusOr<ModelVerdict> of_original_{{Kind::kValid, ""}};
  std::string asked_;
};

TEST_F(ValidateWithChecker, IsAskedAtLevelFullAlone) {
  CompareWithOriginal();
  EXPECT_EQ(Found(), "");
  EXPECT_EQ(asked_, "out/");
  request_.level = ValidationLevel::kStandard;
  of_tagged_ = ModelVerdict{Kind::kInvalid, "no such operator"};
  EXPECT_EQ(Found(), "");
  EXPECT_EQ(asked_, "out/");
}

TEST_F(ValidateWithChecker, WhatTheOriginalHasNotIsAnError) {
  of_tagged_ = ModelVerdict{Kind::kInvalid, "no such operator"};
  EXPECT_EQ(Found(), "error onnx.checker model: no such operator\n");
  CompareWithOriginal();
  EXPECT_EQ(Found(), "error onnx.checker model: no such operator\n");
  of_original_ = ModelVerdict{Kind::kInvalid, "another thing"};
  EXPECT_EQ(Found(), "error onnx.checker model: no such operator\n");
  of_original_ = ModelVerdict{Kind::kNotChecked, "no such operator"};
  EXPECT_EQ(Found(), "error onnx.checker model: no such operator\n");
}

TEST_F(ValidateWithChecker, WhatTheOriginalHasTooIsAWarning) {
  CompareWithOriginal();
  of_tagged_ = ModelVerdict{Kind::kInvalid, "out/w.bin is not there"};
  of_original_ = ModelVerdict{Kind::kInvalid, "in/w.bin is not there"};
  EXPECT_EQ(Found(), "warning onnx.checker_before model: w.bin is not there\n");
  EXPECT_EQ(asked_, "out/in/");
}

TEST_F(ValidateWithChecker, WhatWasNotCheckedIsAWarning) {
  CompareWithOriginal();
  of_tagged_ = ModelVerdict{Kind::kNotChecked, "too large"};
  EXPECT_EQ(Found(), "warning onnx.unchecked model: too large\n");
  EXPECT_EQ(asked_, "out/");
  request_.checker = nullptr;
  EXPECT_EQ(Found(), "warning onnx.unchecked model: this program has no checker of models\n");
}

TEST_F(ValidateWithChecker, IsNotAskedAboutAMalformedFile) {
  const auto malformed = BytesInMemory("\x3a\x05");
  request_.tagged = malformed.get();
  EXPECT_EQ(Found().rfind("error file.malformed ", 0), 0);
  EXPECT_EQ(asked_, "");
}

TEST_F(ValidateWithChecker, ItsErrorsAreErrors) {
  of_tagged_ = absl::DataLossError("bad disk");
  EXPECT_EQ(Found(), "DATA_LOSS: bad disk\n");
}

TEST_F(ValidateWithChecker, CanBeCancelledWhileItReads) {
  std::atomic<bool> cancelled{false};
  request_.cancelled = &cancelled;
  request_.checker = [&](const ByteSource& model,
                         const std::string&) -> absl::StatusOr<ModelVerdict> {
    cancelled = true;
    return model.ReadString({0, 1}).status();
  };
  EXPECT_EQ(Found(), "CANCELLED: cancelled\n");
}

TEST(Validate, EveryFlippedBitIsFoundByComparing) {
  const auto original = BytesInMemory(SmallModel(false));
  const std::string tagged = SmallModel(true);
  const std::vector<Range> payloads = PayloadsOf(tagged);
  const std::vector<Range> entries = OwnEntriesOf(tagged);
  for (size_t i = 0; i < tagged.size(); ++i) {
    if (Contains(payloads, i) || Contains(entries, i)) continue;
    for (int bit = 0; bit < 8; ++bit) {
      Findings findings;
      const absl::Status status =
          CompareFiles(*original, *BytesInMemory(Flipped(tagged, i, bit)), {}, &findings);
      EXPECT_TRUE(status.ok()) << status;
      EXPECT_GT(findings.errors(), 0) << "byte " << i << " bit " << bit;
    }
  }
}

// The offset of the last byte of `part`, which `text` has once.
size_t EndOf(absl::string_view part, absl::string_view text) {
  EXPECT_EQ(text.find(part), text.rfind(part));
  return text.find(part) + part.size() - 1;
}

// In our entries too, but for what makes a tag as good as before: another call, or an entry without
// a value where an empty one is right.
TEST(Validate, EveryFlippedBitIsFound) {
  const std::string original = SmallModel(false);
  const std::string tagged = SmallModel(true);
  const std::vector<Range> payloads = PayloadsOf(tagged);
  std::string unfound;
  for (size_t i = 0; i < tagged.size(); ++i) {
    if (Contains(payloads, i)) continue;
    for (int bit = 0; bit < 8; ++bit) {
      const ValidationResult result = ValidateBytes(original, Flipped(tagged, i, bit));
      if (result.findings.kept().empty()) absl::StrAppend(&unfound, i, " bit ", bit, "\n");
    }
  }
  const size_t call = EndOf(testing::NodeEntry(kCallKey, "1"), tagged);
  const size_t root = EndOf(testing::NodeEntry(kModuleKey, ""), tagged) - 1;
  const size_t submodule = EndOf(StrCat(kSubmoduleKey, Field(2, "act")), tagged) - 4;
  EXPECT_EQ(unfound, StrCat(call, " bit 0\n",                                      //
                            root, " bit 3\n", root, " bit 5\n", root, " bit 6\n",  //
                            submodule, " bit 3\n", submodule, " bit 5\n", submodule, " bit 6\n"));
}

// But for the one that only leaves out the embedded hierarchy, as a flag may.
TEST(Validate, EveryTruncationIsFound) {
  const std::string original = SmallModel(false);
  const std::string tagged = SmallModel(true);
  std::vector<size_t> unfound;
  for (size_t size = 0; size < tagged.size(); ++size) {
    if (ValidateBytes(original, tagged.substr(0, size)).ok()) unfound.push_back(size);
  }
  const std::string embedded = testing::ModelEntry(kHierarchyKey, RenderEmbedded(SmallHierarchy()));
  EXPECT_EQ(unfound, std::vector<size_t>{tagged.size() - embedded.size()});
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

// Small files and large ones, of which tags are judged on one thread and bytes compared on another.
class ValidateOfAnySize : public ::testing::TestWithParam<uint64_t> {
 protected:
  // Padded behind all that counts.
  std::unique_ptr<ByteSource> File(absl::string_view op_type, absl::string_view node_fields,
                                   absl::string_view behind = "") const {
    const std::string model = testing::Model(testing::Node(op_type, node_fields));
    return BytesInMemory(StrCat(model, Field(6, std::string(GetParam(), 'd')), behind), "a.onnx");
  }

  absl::StatusOr<ValidationResult> Run(const ByteSource& original, const ByteSource& tagged) {
    ValidationRequest request;
    request.tagged = &tagged;
    request.original = &original;
    request.hierarchy = &hierarchy_;
    request.cancelled = &cancelled_;
    return Validate(request);
  }

  const Hierarchy hierarchy_ = SmallHierarchy();
  std::atomic<bool> cancelled_{false};
};

TEST_P(ValidateOfAnySize, FindsWrongTagsBeforeDifferences) {
  const auto in = File("Add", "");
  const auto out = File("Mul", testing::Tag("nowhere", "/Net"));
  EXPECT_EQ(Run(*in, *out)->findings.ToText(),
            "error tag.unknown_module #0: \"nowhere\" is no module\n"
            "error diff.bytes #0: NodeProto field 4: from byte 8 of the original, 8 here\n");
  EXPECT_EQ(Run(*in, *File("Add", testing::Tag("", "/Net")))->findings.ToText(), "");
}

TEST_P(ValidateOfAnySize, AMalformedFileHidesWhatTheOriginalIs) {
  const auto good = File("Add", testing::Tag("", "/Net"));
  const auto bad = File("Add", testing::Tag("", "/Net"), "\x3a\x05");
  const absl::StatusOr<ValidationResult> both = Run(*bad, *bad);
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->findings.errors(), 1);
  EXPECT_EQ(both->findings.count("file.malformed"), 1);
  EXPECT_EQ(Run(*bad, *good).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(ValidateOfAnySize, CanBeCancelled) {
  const auto good = File("Add", testing::Tag("", "/Net"));
  cancelled_ = true;
  EXPECT_EQ(Run(*good, *good).status().code(), absl::StatusCode::kCancelled);
}

INSTANTIATE_TEST_SUITE_P(, ValidateOfAnySize, ::testing::Values(0, kWorthAThread));

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
