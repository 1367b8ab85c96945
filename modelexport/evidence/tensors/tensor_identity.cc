#include "modelexport/evidence/tensors/tensor_identity.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/quoted.h"
#include "modelexport/evidence/tensors/carried_tensors.h"
#include "modelexport/evidence/tensors/merged_tensors.h"
#include "modelexport/evidence/tensors/split_tensors.h"
#include "modelexport/evidence/tensors/stored_content.h"
#include "modelexport/evidence/tensors/stored_values.h"
#include "modelexport/evidence/tensors/tensor_readers.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

// Which values a node that is not settled reads, itself or through carriers. Readers stand behind
// what they read, so that one pass from the back follows chains.
std::vector<bool> ReadByOpenNodes(const GraphView& graph, const std::vector<bool>& settled) {
  std::vector<bool> is_read(graph.values().size());
  for (size_t n = graph.num_nodes(); n-- > 0;) {
    const NodeId node(n);
    const auto inputs = graph.inputs(node);
    if (ChangesFormAlone(graph.op_type(node))) {
      const auto outputs = graph.outputs(node);
      const bool passes_on = !inputs.empty() && inputs[0].valid() && !outputs.empty() &&
                             outputs[0].valid() && is_read[outputs[0].index()];
      if (passes_on) is_read[inputs[0].index()] = true;
    } else if (settled.empty() || !settled[n]) {
      for (const ValueId input : inputs) {
        if (input.valid()) is_read[input.index()] = true;
      }
    }
  }
  return is_read;
}

// Those that no name resolves to, and those that are tied: of these one copy may have lost its
// name.
std::vector<bool> Wanted(const CarriedTensors& carried, const Hierarchy& hierarchy,
                         size_t num_values) {
  std::vector<bool> wanted(hierarchy.tensors().size(), true);
  for (size_t v = 0; v < num_values; ++v) {
    const TensorId named = carried.of(ValueId(v));
    if (named.valid()) wanted[named.index()] = !hierarchy.tensor(named).aliases.empty();
  }
  return wanted;
}

// By node, whether there is nothing more to know of its owner.
std::vector<bool> NeedsNoMore(const MatchContext& context) {
  std::vector<size_t> calls_of(context.hierarchy.modules().size());
  for (const Call& call : context.hierarchy.calls()) ++calls_of[call.module.index()];
  std::vector<bool> needs_no_more(context.graph.num_nodes());
  for (const Candidate& candidate : context.settled()) {
    needs_no_more[candidate.node.index()] =
        candidate.exact && (candidate.call.valid() || calls_of[candidate.module.index()] <= 1);
  }
  return needs_no_more;
}

}  // namespace

TensorIdentity::TensorIdentity(const GraphView& graph, const Hierarchy& hierarchy,
                               DataFolder folder, const std::vector<bool>& settled,
                               const std::atomic<bool>* cancelled)
    : entries_(1), entry_of_(graph.values().size()) {
  if (hierarchy.tensors().empty()) return;
  const CarriedTensors carried(graph, hierarchy, cancelled);
  if (carried.num_named() > 0) TakeNames(carried, graph, hierarchy, cancelled);
  if (IsCancelled(cancelled)) return;
  Compare(carried, graph, hierarchy, std::move(folder), settled, cancelled);
  CarryOn(graph);
}

void TensorIdentity::TakeNames(const CarriedTensors& carried, const GraphView& graph,
                               const Hierarchy& hierarchy, const std::atomic<bool>* cancelled) {
  const TensorReaders readers(hierarchy);
  const MergedTensors merged(graph, carried, readers, cancelled);
  absl::flat_hash_map<const TensorId*, uint32_t> entry_of_span;
  for (size_t v = 0; v < entry_of_.size(); ++v) {
    if (EndsEarly(cancelled, v)) return;
    const TensorId named = carried.of(ValueId(v));
    if (!named.valid()) continue;
    const absl::Span<const TensorId> tensors = merged.of(named);
    if (tensors.size() > TensorSearch::kMaxAlternatives) continue;
    uint32_t& entry = entry_of_span[tensors.data()];
    if (entry == 0) entry = AddEntry(Source::kName, {{tensors.begin(), tensors.end()}});
    entry_of_[v] = entry;
  }
}

void TensorIdentity::Compare(const CarriedTensors& carried, const GraphView& graph,
                             const Hierarchy& hierarchy, DataFolder folder,
                             const std::vector<bool>& settled, const std::atomic<bool>* cancelled) {
  const std::vector<bool> wanted = Wanted(carried, hierarchy, entry_of_.size());
  if (std::find(wanted.begin(), wanted.end(), true) == wanted.end()) return;
  const std::vector<bool> is_read = ReadByOpenNodes(graph, settled);
  const TensorSearch search(hierarchy, wanted);
  const StoredValues values(graph, std::move(folder), cancelled);
  std::vector<UnknownValue> rest;
  size_t num_unreadable = 0;
  for (size_t v = 0; v < entry_of_.size(); ++v) {
    if (IsCancelled(cancelled)) return;
    const ValueId id(v);
    if (entry_of_[v] != 0 || !is_read[v]) continue;
    absl::optional<StoredValue> value = values.Find(id);
    if (!value.has_value()) continue;
    StoredContent content(graph, values, id, *std::move(value));
    absl::StatusOr<HeldParts> parts = search.Find(content);
    if (!parts.ok()) {
      if (num_unreadable++ > 0) continue;
      notes_.push_back(absl::StrCat(Quoted(graph.name(id)),
                                    " cannot be compared by content: ", parts.status().message()));
    } else if (!parts->empty()) {
      ++num_found_;
      entry_of_[v] = AddEntry(Source::kContent, *std::move(parts));
    } else {
      rest.push_back({id, std::move(content)});
    }
  }
  for (SplitTensor& split : FindSplitTensors(search, rest, cancelled)) {
    num_found_ += split.pieces.size();
    const uint32_t entry = AddEntry(Source::kContent, {std::move(split.tensors)}, true);
    for (const ValueId piece : split.pieces) entry_of_[piece.index()] = entry;
  }
  if (num_unreadable > 1) {
    absl::StrAppend(&notes_.back(), "; and ", num_unreadable - 1, " more");
  }
  if (search.num_too_many() > 0) {
    notes_.push_back(absl::StrCat(
        search.num_too_many(), " stored values, or parts of one, are like more than ",
        TensorSearch::kMaxAlternatives, " tensors, or have the size and minimum of more than ",
        TensorSearch::kMaxCompared, " others; none was named"));
  }
}

// Nodes stand behind those that they read, so that one pass follows chains.
void TensorIdentity::CarryOn(const GraphView& graph) {
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    const NodeId node(n);
    if (!ChangesFormAlone(graph.op_type(node)) || graph.inputs(node).empty()) continue;
    const ValueId input = graph.inputs(node)[0];
    if (!input.valid() || graph.outputs(node).empty()) continue;
    const ValueId output = graph.outputs(node)[0];
    if (!output.valid() || entry_of_[output.index()] != 0) continue;
    entry_of_[output.index()] = entry_of_[input.index()];
  }
}

uint32_t TensorIdentity::AddEntry(Source source, HeldParts parts, bool is_piece) {
  entries_.push_back({source, std::move(parts), is_piece});
  return static_cast<uint32_t>(entries_.size() - 1);
}

const TensorIdentity& TensorsOf(const MatchContext& context) {
  return context.Share<TensorIdentity>([&context] {
    return std::make_unique<const TensorIdentity>(context.graph, context.hierarchy,
                                                  context.folder(), NeedsNoMore(context),
                                                  context.cancelled());
  });
}

}  // namespace modelexport
