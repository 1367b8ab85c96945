#include "modelexport/base/fault.h"

#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(Fault, AStatusWithoutOneIsAboutTheInput) {
  EXPECT_EQ(FaultOf(absl::NotFoundError("x")), Fault::kInput);
}

TEST(Fault, TheFirstFaultStaysThroughAnnotation) {
  absl::Status status = WithFault(absl::DataLossError("disk full"), Fault::kOutput);
  status = Annotate(WithFault(status, Fault::kUsage), "out.onnx");
  EXPECT_EQ(FaultOf(status), Fault::kOutput);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(status.message(), "out.onnx: disk full");
}

TEST(Fault, AHintFollowsTheMessage) {
  const absl::Status status = WithFault(absl::DataLossError("disk full"), Fault::kOutput);
  EXPECT_EQ(AddHint(status, "delete a file").message(), "disk full; delete a file");
  EXPECT_EQ(FaultOf(AddHint(status, "delete a file")), Fault::kOutput);
}

TEST(Fault, OkStaysOk) {
  EXPECT_TRUE(WithFault(absl::OkStatus(), Fault::kOutput).ok());
  EXPECT_TRUE(Annotate(absl::OkStatus(), "x").ok());
  EXPECT_TRUE(AddHint(absl::OkStatus(), "x").ok());
}

}  // namespace
}  // namespace modelexport
