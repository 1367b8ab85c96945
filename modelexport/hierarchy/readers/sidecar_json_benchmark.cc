// bazel run -c opt //modelexport/hierarchy/readers:sidecar_json_benchmark
#include <string>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/hierarchy/readers/sidecar_writer.h"

namespace modelexport {
namespace {

// About 75 bytes for each module, in layers of ten.
std::string SidecarOf(int modules) {
  std::string json =
      R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [{"path": ""})";
  for (int i = 0; i < modules - 1; ++i) {
    absl::StrAppend(&json, R"(, {"path": "layers.)", i / 10);
    if (i % 10 > 0) absl::StrAppend(&json, ".m", i % 10);
    absl::StrAppend(&json, R"(", "class": "torch.nn.modules.linear.Linear", "calls": 1})");
  }
  return json + "]}";
}

void BM_ParseSidecar(benchmark::State& state) {
  const std::string json = SidecarOf(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(ParseSidecar(json));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(json.size()));
}
BENCHMARK(BM_ParseSidecar)->Arg(100)->Arg(10000)->Arg(300000)->Unit(benchmark::kMillisecond);

void BM_RenderEmbedded(benchmark::State& state) {
  const absl::StatusOr<Hierarchy> hierarchy =
      ParseSidecar(SidecarOf(static_cast<int>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(RenderEmbedded(*hierarchy));
}
BENCHMARK(BM_RenderEmbedded)->Arg(300000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace modelexport
