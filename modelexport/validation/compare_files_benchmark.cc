// bazel run -c opt //modelexport/validation:compare_files_benchmark
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "modelexport/validation/check_tags.h"
#include "modelexport/validation/compare_files.h"
#include "modelexport/validation/test_model.h"

namespace modelexport {
namespace {

using testing::Field;

// Nodes of about 170 bytes, as torch exports them, each with `tag` besides.
std::string ModelOf(int64_t nodes, absl::string_view tag) {
  const std::string attribute = Field(5, absl::StrCat(Field(1, "axis"), testing::Number(3, 2)));
  std::string graph;
  for (int64_t i = 0; i < nodes; ++i) {
    const std::string name = absl::StrCat("/encoder/layer.0/attention/self/MatMul_", i);
    const std::string value = absl::StrCat(name, "_output_0");
    graph += testing::Node("MatMul", absl::StrCat(Field(1, value), Field(1, "x"), Field(2, value),
                                                  Field(3, name), attribute, tag));
  }
  return testing::Model(graph);
}

std::string Tag(absl::string_view evidence) {
  return testing::Tag("block.0", "/Net/Block.0", evidence);
}

void Compare(benchmark::State& state, const std::string& original, const std::string& tagged) {
  const auto in = BytesInMemory(original);
  const auto out = BytesInMemory(tagged);
  for (auto _ : state) {
    Findings findings;
    if (!CompareFiles(*in, *out, {}, &findings).ok() || findings.errors() > 0) {
      state.SkipWithError("findings");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(original.size() + tagged.size()));
}

void BM_CompareTagged(benchmark::State& state) {
  Compare(state, ModelOf(state.range(0), ""), ModelOf(state.range(0), Tag("trace")));
}
BENCHMARK(BM_CompareTagged)->Arg(1000)->Arg(1000000)->Unit(benchmark::kMillisecond);

// Entries replaced: each node is compared field by field.
void BM_CompareTaggedAgain(benchmark::State& state) {
  Compare(state, ModelOf(state.range(0), Tag("node_name")), ModelOf(state.range(0), Tag("trace")));
}
BENCHMARK(BM_CompareTaggedAgain)->Arg(1000)->Arg(1000000)->Unit(benchmark::kMillisecond);

void BM_CheckTags(benchmark::State& state) {
  const auto source = BytesInMemory(ModelOf(state.range(0), Tag("trace")));
  const Hierarchy hierarchy = testing::SmallHierarchy();
  for (auto _ : state) {
    Findings findings;
    TagCounts counts;
    if (!CheckTags(*source, {&hierarchy}, &findings, &counts).ok() || findings.errors() > 0) {
      state.SkipWithError("findings");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_CheckTags)->Arg(1000)->Arg(1000000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace modelexport
