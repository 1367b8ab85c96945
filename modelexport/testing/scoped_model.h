// A model of any size for benchmarks, with its sidecar: a chain of Add and Relu in the layers of an
// encoder, about 40 nodes and 12 modules in each, named as the TorchScript exporter names them.
#ifndef MODELEXPORT_TESTING_SCOPED_MODEL_H_
#define MODELEXPORT_TESTING_SCOPED_MODEL_H_

#include <string>

namespace modelexport::testing {

// The serialized model. The same number of nodes gives the same bytes.
std::string ScopedModel(int nodes);

// JSON of the schema modelexport.hierarchy, with every module that those nodes ran in.
std::string ScopedSidecar(int nodes);

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_SCOPED_MODEL_H_
