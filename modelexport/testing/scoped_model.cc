#include "modelexport/testing/scoped_model.h"

#include "absl/strings/str_cat.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"

namespace modelexport::testing {
namespace {

constexpr int kPairsInLayer = 20;
constexpr const char* kScopes[] = {"attention/self/query", "attention/self/key",
                                   "attention/self/value", "attention/output/dense",
                                   "intermediate/dense",   "output/dense"};
constexpr int kNumScopes = sizeof(kScopes) / sizeof(kScopes[0]);

// An Add and a Relu in one scope; the exporter numbers what repeats there.
std::string NameOf(int node) {
  const int pair = node / 2, layer = pair / kPairsInLayer;
  const int repeat = pair % kPairsInLayer / kNumScopes;
  return absl::StrCat("/encoder/layer.", layer, "/", kScopes[pair % kPairsInLayer % kNumScopes],
                      node % 2 == 0 ? "/Add" : "/Relu", repeat == 0 ? "" : "_",
                      repeat == 0 ? "" : absl::StrCat(repeat));
}

std::string Node(int node, const std::string& input, const std::string& output) {
  std::string bytes;
  AppendBytesField(node_proto::kInput, input, &bytes);
  if (node % 2 == 0) AppendBytesField(node_proto::kInput, "c", &bytes);
  AppendBytesField(node_proto::kOutput, output, &bytes);
  AppendBytesField(node_proto::kName, NameOf(node), &bytes);
  AppendBytesField(node_proto::kOpType, node % 2 == 0 ? "Add" : "Relu", &bytes);
  return bytes;
}

void AppendModule(const std::string& path, int calls, std::string* json) {
  absl::StrAppend(json, ", {\"path\": \"", path, "\", \"class\": \"my.Block\", \"calls\": ", calls,
                  "}");
}

}  // namespace

std::string ScopedModel(int nodes) {
  std::string graph, model, input = "x";
  for (int node = 0; node < nodes; ++node) {
    const std::string output = absl::StrCat(NameOf(node), "_output_0");
    AppendBytesField(graph_proto::kNode, Node(node, input, output), &graph);
    input = output;
  }
  AppendVarintField(model_proto::kIrVersion, 10, &model);
  AppendBytesField(model_proto::kGraph, graph, &model);
  return model;
}

std::string ScopedSidecar(int nodes) {
  std::string json =
      R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [{"path": "", "calls": 1})";
  AppendModule("encoder", 1, &json);
  AppendModule("encoder.layer", 0, &json);
  for (int layer = 0; 2 * kPairsInLayer * layer < nodes; ++layer) {
    const std::string path = absl::StrCat("encoder.layer.", layer);
    AppendModule(path, 1, &json);
    for (const char* module :
         {"attention", "attention.self", "attention.self.query", "attention.self.key",
          "attention.self.value", "attention.output", "attention.output.dense", "intermediate",
          "intermediate.dense", "output", "output.dense"}) {
      AppendModule(absl::StrCat(path, ".", module), 1, &json);
    }
  }
  return json + "]}";
}

}  // namespace modelexport::testing
