// bazel run -c opt //modelexport/proto:cursor_benchmark
#include <cstdint>
#include <string>

#include "benchmark/benchmark.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/testing/scoped_model.h"

namespace modelexport {
namespace {

constexpr uint32_t kGraphField = 7;  // Of a ModelProto.

// Down to the fields of every node, and counts them.
int64_t WalkNodes(const ByteSource& source) {
  Cursor cursor(source);
  Field field;
  int64_t fields = 0;
  while (cursor.Next(&field)) {
    if (field.number != kGraphField) continue;
    const Cursor::Message graph(cursor, field);
    while (cursor.Next(&field)) {
      const Cursor::Message node(cursor, field);
      while (cursor.Next(&field)) ++fields;
    }
  }
  return cursor.status().ok() ? fields : 0;
}

// Items are the fields of nodes.
void BM_WalkNodes(benchmark::State& state) {
  const std::string model = testing::ScopedModel(static_cast<int>(state.range(0)));
  const auto source = BytesInMemory(model);
  int64_t fields = 0;
  for (auto _ : state) fields += WalkNodes(*source);
  if (fields == 0) state.SkipWithError("no fields");
  state.SetItemsProcessed(fields);
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(model.size()));
}
BENCHMARK(BM_WalkNodes)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace modelexport
