// bazel run -c opt //modelexport/onnx:model_index_benchmark
#include <cstdint>
#include <string>

#include "benchmark/benchmark.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/testing/scoped_model.h"

namespace modelexport {
namespace {

void BM_BuildModelIndex(benchmark::State& state) {
  const std::string model = testing::ScopedModel(static_cast<int>(state.range(0)));
  const auto source = BytesInMemory(model);
  for (auto _ : state) {
    const auto index = ModelIndex::Build(*source, {});
    if (!index.ok()) state.SkipWithError("not indexed");
    benchmark::DoNotOptimize(index);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(model.size()));
}
BENCHMARK(BM_BuildModelIndex)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace modelexport
