#include "modelexport/render/chrome_trace.h"

#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(Trace, HasAnEventForEachStage) {
  Trace trace;
  trace.program = "tag_onnx";
  trace.process = 7;
  trace.thread = 8;
  trace.stages = {{"index", 0, 1500}, {"write", 1502, 20}};
  trace.about = {{"model", "a \"b\".onnx"}, {"status", "OK"}};
  EXPECT_EQ(RenderTrace(trace), R"({"traceEvents": [
{"name":"process_name","ph":"M","pid":7,"tid":8,"args":{"name":"tag_onnx"}},
{"name":"index","cat":"stage","ph":"X","ts":0,"dur":1500,"pid":7,"tid":8},
{"name":"write","cat":"stage","ph":"X","ts":1502,"dur":20,"pid":7,"tid":8}
], "displayTimeUnit": "ms", "otherData": {"model":"a \"b\".onnx","status":"OK"}}
)");
}

TEST(Trace, IsJsonWhateverPathsAre) {
  Trace trace;
  trace.about = {{"model", "\xff.onnx"}};
  EXPECT_EQ(RenderTrace(trace), R"({"traceEvents": [
{"name":"process_name","ph":"M","pid":0,"tid":0,"args":{"name":""}}
], "displayTimeUnit": "ms", "otherData": {"model":")"
                                "\xEF\xBF\xBD"
                                R"(.onnx"}}
)");
}

}  // namespace
}  // namespace modelexport
