#include "modelexport/tags/evidence_kind.h"

#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

// docs/matching.md has a section for each kind, with its word for a title.
TEST(EvidenceKind, EachHasItsSectionInTheManual) {
  std::string sections, words;
  std::ifstream manual("docs/matching.md");
  ASSERT_TRUE(manual.is_open());
  for (std::string line; std::getline(manual, line);) {
    if (absl::StartsWith(line, "### `")) absl::StrAppend(&sections, line, "\n");
  }
  for (const EvidenceFacts& facts : kEvidenceKinds) {
    absl::StrAppend(&words, "### `", facts.word, "`\n");
  }
  EXPECT_EQ(sections, words);
}

TEST(EvidenceKind, WhatResolutionAsksOfAKind) {
  EXPECT_TRUE(IsStrong(EvidenceKind::kFxName));
  EXPECT_FALSE(IsStrong(EvidenceKind::kParameter));
  EXPECT_FALSE(IsStrong(EvidenceKind::kNone));
  EXPECT_TRUE(IsFromOtherOwners(EvidenceKind::kDataflow));
  EXPECT_FALSE(IsFromOtherOwners(EvidenceKind::kTrace));
  EXPECT_FALSE(IsFromOtherOwners(EvidenceKind::kNone));
}

TEST(EvidenceKind, EachNameGivesItsKindBack) {
  for (int i = 0; i < kNumEvidenceKinds; ++i) {
    const EvidenceKind kind = static_cast<EvidenceKind>(i);
    EXPECT_EQ(EvidenceKindOf(NameOf(kind)), kind);
  }
}

TEST(EvidenceKind, OtherNamesAreNoKind) {
  for (absl::string_view name : {"", "NONE", "none ", "non", "from_the_future"}) {
    EXPECT_FALSE(EvidenceKindOf(name).has_value()) << name;
  }
}

}  // namespace
}  // namespace modelexport
