// What the page of `view` knows of a model, as a plain value: modules, nodes, values, figures.
//
// Members that are numbers of something are positions in the list of it; kNone is none.
#ifndef MODELEXPORT_VIEW_VIEW_DATA_H_
#define MODELEXPORT_VIEW_VIEW_DATA_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/optional.h"
#include "modelexport/modules/module_figures.h"
#include "modelexport/tags/evidence_kind.h"

namespace modelexport {

struct ViewData {
  static constexpr int64_t kNone = -1;

  struct Module {
    std::string path;        // "" is the root.
    std::string class_name;  // "" if unknown.
    std::string class_path;  // As `tag` writes it.
    int64_t parent = kNone;
    absl::optional<int64_t> calls;  // Absent: not recorded.
    bool called = true;             // Module::MayHaveBeenCalled().
    Quantity own, total;            // As `analyze` counts them.
    bool shares_parameters = false;
  };

  struct Call {
    int64_t module = kNone;
    int64_t parent = kNone;  // The call that it was made in.
  };

  // The main graph, a function, or a body.
  struct Graph {
    std::string place;  // As GraphView::Place(); "" is the main graph.
    int64_t first_node = 0, num_nodes = 0;
    int64_t parent = kNone;                // Of bodies: the node.
    std::vector<int64_t> inputs, outputs;  // Values.
  };

  struct Node {
    std::string name;
    int64_t op = 0;          // Of `operators`.
    int64_t module = kNone;  // kNone: nothing attributes it to one.
    int64_t call = kNone;
    EvidenceKind evidence = EvidenceKind::kNone;
    bool constant = false;                 // FindConstantNodes().
    std::vector<int64_t> inputs, outputs;  // Values; kNone where one is left out.
    std::vector<std::pair<std::string, std::string>> attributes;
    std::string reason;  // Why it is of `module`; "" where only `evidence` says.
  };

  // A module whose work a node does besides that of its own, and why that is known.
  struct Also {
    int64_t node = kNone;
    int64_t module = kNone;
    std::string reason;
  };

  struct Value {
    std::string name;
    int64_t type = 0;  // Of `types`.
  };

  // A tensor that the model stores.
  struct Weight {
    int64_t value = kNone;
    absl::optional<uint64_t> elements, bytes;  // Absent: unknown.
  };

  // A figure of each node that somebody measured or computed: MACs, microseconds.
  struct Metric {
    std::string key, title, unit;
    std::vector<absl::optional<double>> of_nodes;  // By node; absent: unknown.
  };

  // A word for each node.
  struct Marks {
    std::string key, title;
    std::vector<std::string> words;  // From what needs no attention to what needs it most.
    std::vector<int64_t> of_nodes;   // By node: of `words`.
  };

  std::string model;   // The file's name, without its folder.
  std::string source;  // Where the modules are from.
  std::vector<std::string> notes;

  std::vector<Module> modules;  // Each is followed by those below it; the first is the root.
  Quantity unattributed;        // Nodes of no module, with what they read.
  Quantity all;
  std::vector<Call> calls;  // In the order entered.
  std::vector<Graph> graphs;
  std::vector<std::string> operators;  // As "MatMul", "com.microsoft.Gelu".
  std::vector<Node> nodes;
  std::vector<Also> also;          // In the order of nodes.
  std::vector<std::string> types;  // As "float[N, 3]"; "?" is unknown.
  std::vector<Value> values;
  std::vector<Weight> weights;
  std::vector<Metric> metrics;
  std::vector<Marks> marks;
};

}  // namespace modelexport

#endif  // MODELEXPORT_VIEW_VIEW_DATA_H_
