// bazel run -c opt //modelexport/evidence/names:scope_name_matcher_benchmark
#include <cstdint>

#include "benchmark/benchmark.h"
#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/testing/scoped_model.h"

namespace modelexport {
namespace {

void Match(benchmark::State& state, EvidenceKind kind) {
  const int nodes = static_cast<int>(state.range(0));
  const auto source = BytesInMemory(testing::ScopedModel(nodes));
  const auto index = ModelIndex::Build(*source, {});
  const GraphView graph(*index);
  const auto hierarchy = ParseSidecar(testing::ScopedSidecar(nodes));
  const ScopeNameMatcher matcher(kind);
  for (auto _ : state) {
    const MatchResult result = matcher.Match({graph, *hierarchy});
    if (result.offer.resolved < graph.num_nodes()) state.SkipWithError("names do not resolve");
  }
  state.SetItemsProcessed(state.iterations() * nodes);
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(source->size()));
}

void BM_MatchNodeNames(benchmark::State& state) { Match(state, EvidenceKind::kNodeName); }
BENCHMARK(BM_MatchNodeNames)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

void BM_MatchValueNames(benchmark::State& state) { Match(state, EvidenceKind::kValueName); }
BENCHMARK(BM_MatchValueNames)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace modelexport
