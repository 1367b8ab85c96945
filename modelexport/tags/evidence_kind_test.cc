#include "modelexport/tags/evidence_kind.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

// The order is that of docs/tags.md: resolution compares kinds by it.
TEST(EvidenceKind, NamesStrongestFirst) {
  std::string names;
  for (int i = 0; i < kNumEvidenceKinds; ++i) {
    absl::StrAppend(&names, NameOf(static_cast<EvidenceKind>(i)), " ");
  }
  EXPECT_EQ(names,
            "scope_metadata node_name value_name fx_name parameter fingerprint trace dataflow "
            "inherited carried none ");
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
