#include "modelexport/view/view_page.h"

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"
#include "modelexport/view/gzip.h"

namespace modelexport {
namespace {

TEST(FillPage, PutsTheDataInPlaceOfTheMark) {
  const std::string page = *FillPage("<a>@MODELEXPORT_VIEW_DATA@</a>", "{}");
  EXPECT_EQ(page, "<a>" + absl::Base64Escape(*Gzip("{}")) + "</a>");
}

TEST(FillPage, NothingOfTheDataIsMarkup) {
  const std::string page =
      *FillPage("@MODELEXPORT_VIEW_DATA@", "</script><!--\"'@MODELEXPORT_VIEW_DATA@\xff");
  EXPECT_EQ(page.find_first_of("<>!\"'&@"), std::string::npos) << page;
}

TEST(FillPage, RefusesAPageWithoutOneMark) {
  const std::string message = "the page of this program has no single @MODELEXPORT_VIEW_DATA@";
  EXPECT_EQ(FillPage("", "{}").status().message(), message);
  EXPECT_EQ(FillPage("@MODELEXPORT_VIEW_DATA@@MODELEXPORT_VIEW_DATA@", "{}").status().message(),
            message);
}

}  // namespace
}  // namespace modelexport
