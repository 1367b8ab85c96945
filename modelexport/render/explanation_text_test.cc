#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/render/reports.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;

Explanation Small() {
  Explanation explanation;
  explanation.place = "#3";
  explanation.op_type = "Add";
  explanation.outputs = {"a", "b"};
  explanation.strategy = "auto";
  return explanation;
}

TEST(Explanation, WithAllThatMayBeSaid) {
  Explanation explanation = Small();
  explanation.name = "/q/Add";
  explanation.owner = "layer.0.q";
  explanation.call = 1;
  explanation.evidence = EvidenceKind::kNodeName;
  explanation.confidence = 0.975f;
  explanation.candidates = {
      {EvidenceKind::kNodeName, "layer.0.q", 1, true, true, "node name \"/q/Add\""},
      {EvidenceKind::kParameter, "layer", absl::nullopt, false, false, "reads \"w\""}};
  explanation.conflicts = {"one says this, another that"};
  explanation.notes = {"names were aligned"};
  explanation.also = {{"", "one reason"}, {"layer.0.k", "another"}};
  EXPECT_EQ(RenderText(explanation), R"(node        #3 Add "/q/Add"
makes       a, b
owner       layer.0.q, call 1
evidence    node_name
confidence  97.5 %
strategy    auto
also        (root): one reason
also        layer.0.k: another
note        names were aligned
conflict    one says this, another that

candidates, strongest first; * won
* node_name: layer.0.q, call 1
    node name "/q/Add"
  parameter: at least layer
    reads "w"
)");
}

TEST(Explanation, NothingSpeaksForTheNode) {
  EXPECT_EQ(RenderText(Small()), R"(node        #3 Add
makes       a, b
owner       (root)
evidence    none
confidence  0.0 %
strategy    auto

candidates, strongest first; * won
* none: nothing speaks for the node
)");
}

TEST(Explanation, SaysWhatDecidedWhereNoCandidateWon) {
  Explanation explanation = Small();
  explanation.evidence = EvidenceKind::kDataflow;
  EXPECT_THAT(RenderText(explanation), HasSubstr("\n* dataflow: the owners of the nodes before"));
  explanation.neighbours = {"after #2 Add of a", "before #4 Relu of (root)"};
  EXPECT_THAT(RenderText(explanation),
              HasSubstr("restrict it\n    after #2 Add of a\n    before #4 Relu of (root)\n"));
  explanation.evidence = EvidenceKind::kInherited;
  EXPECT_THAT(RenderText(explanation), HasSubstr("\n* inherited: from the node that it serves"));
  explanation.evidence = EvidenceKind::kNodeName;
  EXPECT_THAT(RenderText(explanation), HasSubstr("\n* node_name: the innermost module around all"));
}

TEST(Explanation, OwnersInFunctions) {
  Explanation explanation = Small();
  explanation.caller = "layer.0";
  explanation.owner = "q";
  EXPECT_THAT(RenderText(explanation),
              HasSubstr("\nowner       q, below the owner of the node that calls the function\n"));
  explanation.owner = "";
  EXPECT_THAT(RenderText(explanation), HasSubstr("\nowner       (itself), below the owner"));
  explanation.tagged = false;
  EXPECT_THAT(RenderText(explanation),
              HasSubstr("\nowner       none: nothing calls the function that the node is in\n"));
}

}  // namespace
}  // namespace modelexport
