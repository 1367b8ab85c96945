// A run and a graph from text, with everything that aligning them needs; for tests.
#ifndef MODELEXPORT_EVIDENCE_TRACE_TEST_CASE_H_
#define MODELEXPORT_EVIDENCE_TRACE_TEST_CASE_H_

#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/evidence/trace/clues.h"
#include "modelexport/evidence/trace/image.h"
#include "modelexport/evidence/trace/source_run.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {

// A value of the graph holds the tensor of the same name.
struct AlignmentCase {
  AlignmentCase(absl::string_view hierarchy_lines, absl::string_view model,
                std::vector<Anchor> settled = {})
      : hierarchy(testing::HierarchyOf(hierarchy_lines)),
        graph(model),
        source(hierarchy),
        image(graph.view()),
        anchors(std::move(settled)),
        clues(
            source, image, [this](ValueId value) { return HeldBy(value); }, anchors) {}

  std::vector<TensorId> HeldBy(ValueId value) const {
    const TensorId tensor = hierarchy.FindTensor(graph.view().name(value));
    return tensor.valid() ? std::vector<TensorId>{tensor} : std::vector<TensorId>();
  }

  const Hierarchy hierarchy;
  const testing::TextGraph graph;
  const SourceRun source;
  const Image image;
  const std::vector<Anchor> anchors;
  const Clues clues;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_TEST_CASE_H_
