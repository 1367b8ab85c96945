// bazel run -c opt //modelexport/graph:graph_view_benchmark
#include <cstdint>
#include <string>

#include "benchmark/benchmark.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/testing/scoped_model.h"

namespace modelexport {
namespace {

void BM_GraphView(benchmark::State& state) {
  const auto source = BytesInMemory(testing::ScopedModel(static_cast<int>(state.range(0))));
  const auto index = ModelIndex::Build(*source, {});
  for (auto _ : state) benchmark::DoNotOptimize(GraphView(*index));
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(source->size()));
}
BENCHMARK(BM_GraphView)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace modelexport
