// The two inputs of every command, read: a model, and the hierarchy of its source model.
#ifndef MODELEXPORT_OWNERSHIP_INPUTS_H_
#define MODELEXPORT_OWNERSHIP_INPUTS_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/base/stages.h"
#include "modelexport/graph/loaded_model.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

struct InputRequest {
  std::string model;  // A path.
  // A path, of another tagged model too, or one of the words of read_hierarchy.h; "":
  // DefaultSource(), or the root module alone where nothing in the model speaks of modules.
  std::string hierarchy;

  // Keys of node and model metadata whose values are read (IndexOptions::load).
  std::vector<std::string> load;
};

struct Inputs {
  LoadedModel model;
  std::unique_ptr<const Hierarchy> hierarchy;
  std::string source;  // The request's `hierarchy`, or the word that was chosen (SourceFor()).
  std::vector<std::string> notes;  // What was assumed.
};

// Runs the stages "hierarchy", "index" and "graph". Of two faulty inputs the hierarchy's error is
// returned; errors name the file and the place in it. A large model is indexed on a second thread
// while the hierarchy is read. Once the run is cancelled the stages end soon, with kCancelled, and
// so does whoever reads the file again.
absl::StatusOr<Inputs> ReadInputs(const InputRequest& request, const Stages& stages);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_INPUTS_H_
