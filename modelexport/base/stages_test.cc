#include "modelexport/base/stages.h"

#include <atomic>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace modelexport {
namespace {

class StagesTest : public ::testing::Test {
 protected:
  // The stages that began, then those that were timed.
  std::string Told() const {
    std::string text = begun_ + "|";
    for (const StageTime& time : times_) text += " " + time.name;
    return text;
  }

  std::atomic<bool> cancelled_{false};
  std::string begun_;
  std::vector<StageTime> times_;
  Stages stages_{
      {&cancelled_, [this](absl::string_view name) { begun_ += std::string(name) + " "; }},
      &times_};
};

TEST_F(StagesTest, EachIsAnnouncedAndTimed) {
  EXPECT_TRUE(stages_.Run("a", [] { return absl::OkStatus(); }).ok());
  EXPECT_TRUE(stages_.Run("b", [] { return absl::OkStatus(); }).ok());
  EXPECT_EQ(Told(), "a b | a b");
}

TEST_F(StagesTest, AnErrorIsReturnedAndNotTimed) {
  EXPECT_EQ(stages_.Run("a", [] { return absl::InternalError("broken"); }),
            absl::InternalError("broken"));
  EXPECT_EQ(Told(), "a |");
}

TEST_F(StagesTest, NoneBeginsAfterACancellation) {
  EXPECT_TRUE(stages_
                  .Run("a",
                       [this] {
                         cancelled_ = true;
                         return absl::OkStatus();
                       })
                  .ok());
  bool ran = false;
  EXPECT_EQ(stages_.Run("b",
                        [&] {
                          ran = true;
                          return absl::OkStatus();
                        }),
            absl::CancelledError("cancelled"));
  EXPECT_FALSE(ran);
  EXPECT_EQ(Told(), "a | a");
}

TEST(Stages, NeedNoOptions) {
  EXPECT_TRUE(Stages().Run("a", [] { return absl::OkStatus(); }).ok());
}

}  // namespace
}  // namespace modelexport
