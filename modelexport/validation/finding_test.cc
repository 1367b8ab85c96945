#include "modelexport/validation/finding.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(FindingCodes, HaveUniqueNamesAndOneSentenceEach) {
  std::set<absl::string_view> names;
  for (const FindingCode& code : FindingCodes()) {
    EXPECT_TRUE(names.insert(code.name).second) << code.name;
    EXPECT_TRUE(absl::EndsWith(code.meaning, ".")) << code.name;
    EXPECT_FALSE(absl::StrContains(code.meaning, ". ")) << code.name;
  }
}

TEST(Findings, NothingFoundIsNoText) {
  const Findings findings;
  EXPECT_EQ(findings.errors(), 0);
  EXPECT_EQ(findings.warnings(), 0);
  EXPECT_EQ(findings.count("tag.missing"), 0);
  EXPECT_EQ(findings.ToText(), "");
}

TEST(Findings, CountAllAndKeepTheFirstOfEachCode) {
  Findings findings;
  for (uint64_t i = 0; i < Findings::kKept + 3; ++i) {
    findings.Add("tag.missing", absl::StrCat("#", i), "no modelexport.tag");
  }
  findings.Add("tag.evidence", "#7", "unknown value \"x\"");
  EXPECT_EQ(findings.kept().size(), Findings::kKept + 1);
  EXPECT_EQ(findings.kept()[19].place, "#19");
  EXPECT_EQ(findings.count("tag.missing"), Findings::kKept + 3);
  EXPECT_EQ(findings.errors(), Findings::kKept + 3);
  EXPECT_EQ(findings.warnings(), 1);
  EXPECT_TRUE(absl::EndsWith(findings.ToText(),
                             "error tag.missing #19: no modelexport.tag\n"
                             "warning tag.evidence #7: unknown value \"x\"\n"
                             "error tag.missing: 3 more\n"))
      << findings.ToText();
}

// Whatever was there before, and whether the texts of one code are kept from one, both or neither.
TEST(Findings, AppendingIsAddingInOrder) {
  for (const uint64_t before : {0, 1, 15, 30}) {
    for (const uint64_t behind : {0, 1, 15, 30}) {
      Findings whole, front, back;
      for (uint64_t i = 0; i < before + behind; ++i) {
        Findings& part = i < before ? front : back;
        for (Findings* findings : {&whole, &part}) {
          findings->Add("tag.missing", absl::StrCat("#", i), "no modelexport.tag");
          if (i % 2 == 0) findings->Add("diff.bytes", absl::StrCat("#", i), "from byte 1");
        }
      }
      front.Append(back);
      EXPECT_EQ(front.ToText(), whole.ToText()) << before << " and " << behind;
      EXPECT_EQ(front.errors(), whole.errors()) << before << " and " << behind;
    }
  }
}

}  // namespace
}  // namespace modelexport
