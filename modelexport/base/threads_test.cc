#include "modelexport/base/threads.h"

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(RunBoth, RunsTheFirstOnThisThreadAndTheSecondOnAnother) {
  std::thread::id first, second;
  RunBoth([&] { first = std::this_thread::get_id(); },
          [&] { second = std::this_thread::get_id(); });
  EXPECT_EQ(first, std::this_thread::get_id());
  EXPECT_NE(second, std::thread::id());
  EXPECT_NE(second, first);
}

TEST(Start, GivesWhatTheWorkReturns) {
  for (const bool worth_a_thread : {false, true}) {
    std::future<std::thread::id> id = Start(worth_a_thread, std::this_thread::get_id);
    EXPECT_EQ(id.get() != std::this_thread::get_id(), worth_a_thread);
  }
}

TEST(Start, WaitsInTheDestructor) {
  bool done = false;
  {
    const std::future<void> work = Start(true, [&done] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      done = true;
    });
  }
  EXPECT_TRUE(done);
}

TEST(RunBoth, ThrowsOnWhatEitherThrows) {
  int ran = 0;
  const auto count = [&ran] { ++ran; };
  const auto fail = [](const char* what) { return [what] { throw std::runtime_error(what); }; };
  const auto thrown = [](auto first, auto second) -> std::string {
    try {
      RunBoth(first, second);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "nothing";
  };
  EXPECT_EQ(thrown(count, fail("second")), "second");
  EXPECT_EQ(ran, 1);
  EXPECT_EQ(thrown(fail("first"), fail("second")), "first");
  EXPECT_EQ(thrown(count, count), "nothing");
}

}  // namespace
}  // namespace modelexport
