// bazel run -c opt //modelexport/edits:edit_list_benchmark
#include <cstdint>
#include <memory>
#include <vector>

#include "benchmark/benchmark.h"
#include "modelexport/edits/edit_list.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/testing/scoped_model.h"

namespace modelexport {
namespace {

// A large model and its modules, one after the other, as owners.
class Inputs {
 public:
  explicit Inputs(benchmark::State& state)
      : source_(BytesInMemory(testing::ScopedModel(static_cast<int>(state.range(0))))),
        index_(*ModelIndex::Build(*source_, {EditList::KeysToLoad()})),
        hierarchy_(*ParseSidecar(testing::ScopedSidecar(static_cast<int>(state.range(0))))),
        owners_(index_.nodes().size()) {
    const size_t modules = hierarchy_.modules().size();
    for (size_t i = 0; i < owners_.size(); ++i) {
      owners_[i].module = ModuleId(i * modules / owners_.size());
      owners_[i].evidence = EvidenceKind::kNodeName;
    }
  }

  EditList Edits() const {
    return EditList(index_, hierarchy_, owners_, {}, PresetSet::Default(), InjectionOptions());
  }
  const ModelIndex& index() const { return index_; }

  // Bytes are those of the model.
  void CountInto(benchmark::State* state) const {
    state->SetItemsProcessed(state->iterations() * state->range(0));
    state->SetBytesProcessed(state->iterations() * static_cast<int64_t>(source_->size()));
  }

 private:
  const std::unique_ptr<ByteSource> source_;
  const ModelIndex index_;
  const Hierarchy hierarchy_;
  std::vector<Owner> owners_;
};

void BM_EditList(benchmark::State& state) {
  const Inputs inputs(state);
  for (auto _ : state) benchmark::DoNotOptimize(inputs.Edits());
  inputs.CountInto(&state);
}
BENCHMARK(BM_EditList)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

void BM_SplicePlan(benchmark::State& state) {
  const Inputs inputs(state);
  const EditList edits = inputs.Edits();
  for (auto _ : state) {
    benchmark::DoNotOptimize(SplicePlan(inputs.index(), edits.edits()));
  }
  inputs.CountInto(&state);
}
BENCHMARK(BM_SplicePlan)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace modelexport
