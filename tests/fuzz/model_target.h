// A target that takes a hierarchy and a model: it defines Try() alone.
#ifndef MODELEXPORT_TESTS_FUZZ_MODEL_TARGET_H_
#define MODELEXPORT_TESTS_FUZZ_MODEL_TARGET_H_

#include "tests/fuzz/oracles.h"

namespace modelexport::fuzz {

// Each such target defines it.
void Try(const TriedFiles& files);

}  // namespace modelexport::fuzz

#endif  // MODELEXPORT_TESTS_FUZZ_MODEL_TARGET_H_
