// A model from text (model_text.h) with its index and view.
#ifndef MODELEXPORT_TESTING_TEXT_GRAPH_H_
#define MODELEXPORT_TESTING_TEXT_GRAPH_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/testing/model_text.h"

namespace modelexport::testing {

//   const TextGraph graph("main (x) => (y) { y = Relu (x) }");
//   EXPECT_EQ(graph.view().op_type(NodeId(0)), "Relu");
class TextGraph {
 public:
  // `load` has the metadata keys whose values are to be read. An error fails the running test,
  // which goes on with a graph without nodes.
  explicit TextGraph(absl::string_view text, std::vector<std::string> load = {})
      : source_(BytesInMemory(Model(text))),
        index_(Index(*source_, {std::move(load)})),
        view_(index_) {}
  TextGraph(const TextGraph&) = delete;
  TextGraph& operator=(const TextGraph&) = delete;

  const ByteSource& source() const { return *source_; }
  const ModelIndex& index() const { return index_; }
  const GraphView& view() const { return view_; }

 private:
  static ModelIndex Index(const ByteSource& source, const IndexOptions& options) {
    absl::StatusOr<ModelIndex> index = ModelIndex::Build(source, options);
    if (index.ok()) return *std::move(index);
    ADD_FAILURE() << index.status().message();
    static const ByteSource* const kEmpty = BytesInMemory(Model("empty () => () {}")).release();
    return *ModelIndex::Build(*kEmpty, options);
  }

  const std::unique_ptr<ByteSource> source_;
  const ModelIndex index_;
  const GraphView view_;
};

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_TEXT_GRAPH_H_
