#include "modelexport/modules/module_figures.h"

#include <algorithm>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "modelexport/base/group_by_row.h"
#include "modelexport/modules/ancestors.h"
#include "modelexport/modules/tensor_uses.h"
#include "modelexport/onnx/tensor_elements.h"

namespace modelexport {
namespace {

constexpr size_t kTopOperators = 3;

// Counts of operators as they grow, with the most frequent ones.
class OperatorCounter {
 public:
  explicit OperatorCounter(const ModelIndex* index) : index_(index) {}

  void Add(StringId op_type, size_t count) {
    Offer({index_->text(op_type), counts_[op_type] += count});
  }

  // Takes time in proportion to the smaller of both.
  void Merge(OperatorCounter&& other) {
    if (other.counts_.size() > counts_.size()) std::swap(*this, other);
    for (const auto& [op_type, count] : other.counts_) Add(op_type, count);
  }

  const std::vector<OperatorCount>& top() const { return top_; }

 private:
  // Counts only grow, so one that is not among the top and does not grow stays out.
  void Offer(const OperatorCount& grown) {
    const auto old = std::find_if(top_.begin(), top_.end(), [&](const OperatorCount& count) {
      return count.first == grown.first;
    });
    if (old != top_.end()) top_.erase(old);
    const auto place = std::find_if(top_.begin(), top_.end(), [&](const OperatorCount& count) {
      return count.second < grown.second ||
             (count.second == grown.second && count.first > grown.first);
    });
    top_.insert(place, grown);
    if (top_.size() > kTopOperators) top_.pop_back();
  }

  const ModelIndex* index_;
  absl::flat_hash_map<StringId, size_t> counts_;
  std::vector<OperatorCount> top_;
};

// Sums modulo 2^64: what is counted too often is subtracted further up.
struct TensorSums {
  uint64_t parameters = 0, bytes = 0;
  uint64_t no_parameters = 0, no_bytes = 0;  // Tensors for which these are not known.
  uint64_t shared = 0;                       // Tensors that others read too.

  void Add(const TensorSums& other, uint64_t times = 1) {
    parameters += times * other.parameters;
    bytes += times * other.bytes;
    no_parameters += times * other.no_parameters;
    no_bytes += times * other.no_bytes;
    shared += times * other.shared;
  }

  void Subtract(const TensorSums& other) { Add(other, ~uint64_t{0}); }

  void Give(Quantity* quantity) const {
    quantity->parameters = parameters;
    quantity->bytes = bytes;
    if (no_parameters > 0) quantity->parameters.reset();
    if (no_bytes > 0) quantity->bytes.reset();
  }
};

TensorSums SizeOf(const ModelIndex& index, uint32_t position) {
  const TensorRecord& tensor = index.tensors()[position];
  const absl::optional<uint64_t> elements = NumElements(index, tensor);
  const absl::optional<uint64_t> bytes = StoredBytes(index, tensor);
  TensorSums sums;
  sums.parameters = elements.value_or(0);
  sums.bytes = bytes.value_or(0);
  sums.no_parameters = elements.has_value() ? 0 : 1;
  sums.no_bytes = bytes.has_value() ? 0 : 1;
  return sums;
}

class FigureCounter {
 public:
  FigureCounter(const OwnedGraph& owned, const ModuleRows& rows)
      : owned_(owned),
        rows_(rows),
        ancestors_(ParentsOf(rows)),
        own_(rows.rows().size()),
        total_(rows.rows().size()) {
    figures_.rows.resize(rows.rows().size());
  }

  FiguresOfModel Run() {
    CountNodes();
    MarkShared();
    CountOperators();
    CountTensors();
    SumUp();
    return std::move(figures_);
  }

 private:
  static std::vector<uint32_t> ParentsOf(const ModuleRows& rows) {
    std::vector<uint32_t> parents;
    parents.reserve(rows.rows().size());
    for (const ModuleRow& row : rows.rows()) parents.push_back(row.parent);
    return parents;
  }

  uint32_t RowOf(NodeId node) const { return rows_.row_of(owned_.owner(node).module); }

  ModuleFigures& FiguresOfOwner(NodeId node) {
    return owned_.IsAttributed(node) ? figures_.rows[RowOf(node)] : figures_.unattributed;
  }

  void CountNodes() {
    for (size_t n = 0; n < owned_.owners.size(); ++n) {
      const size_t evidence = static_cast<size_t>(owned_.owners[n].evidence);
      for (ModuleFigures* figures : {&FiguresOfOwner(NodeId(n)), &figures_.all}) {
        ++figures->own.nodes;
        ++figures->evidence[evidence];
      }
    }
  }

  // Marks the rows on the ways from the modules of each node to the one around them all.
  void MarkShared() {
    std::vector<uint32_t> least_depth(figures_.rows.size(), UINT32_MAX);
    for (size_t n = 0; n < owned_.owners.size(); ++n) {
      const absl::Span<const AlsoModule> also = owned_.also_of(NodeId(n));
      if (also.empty()) continue;
      std::vector<uint32_t> rows = {RowOf(NodeId(n))};
      for (const AlsoModule& other : also) rows.push_back(rows_.row_of(other.module));
      uint32_t around = rows[0];
      for (const uint32_t row : rows) around = ancestors_.Common(around, row);
      for (const uint32_t row : rows) {
        least_depth[row] = std::min(least_depth[row], rows_.row(around).depth);
      }
    }
    // From the back, so that all below a row come before it.
    for (size_t row = least_depth.size(); row-- > 0;) {
      if (least_depth[row] >= rows_.row(row).depth) continue;
      figures_.rows[row].shares_nodes = true;
      uint32_t& parent = least_depth[rows_.row(row).parent];
      parent = std::min(parent, least_depth[row]);
    }
  }

  // Rows are met from the back, so that all below one are complete. Merging the smaller counter
  // into the larger moves each count as often as the logarithm of the nodes.
  void CountOperators() {
    const ModelIndex& index = owned_.graph.index();
    const Rows<NodeId> nodes = NodesByRow();
    std::vector<std::unique_ptr<OperatorCounter>> counters(figures_.rows.size());
    OperatorCounter all(&index), unattributed(&index);
    for (size_t row = counters.size(); row-- > 0;) {
      std::unique_ptr<OperatorCounter> counter = std::move(counters[row]);
      if (counter == nullptr) counter = std::make_unique<OperatorCounter>(&index);
      for (NodeId node : nodes[row]) counter->Add(index.node(node).op_type, 1);
      figures_.rows[row].top_operators = counter->top();
      std::unique_ptr<OperatorCounter>& parent = counters[rows_.row(row).parent];
      if (row == 0) {
        all = std::move(*counter);
      } else if (parent == nullptr) {
        parent = std::move(counter);
      } else {
        parent->Merge(std::move(*counter));
      }
    }
    for (NodeId node : nodes[counters.size()]) unattributed.Add(index.node(node).op_type, 1);
    figures_.unattributed.top_operators = unattributed.top();
    all.Merge(std::move(unattributed));
    figures_.all.top_operators = all.top();
  }

  // The last one has those that are not attributed.
  Rows<NodeId> NodesByRow() const {
    const uint32_t num_rows = static_cast<uint32_t>(figures_.rows.size());
    std::vector<std::pair<uint32_t, NodeId>> pairs;
    pairs.reserve(owned_.owners.size());
    for (size_t n = 0; n < owned_.owners.size(); ++n) {
      pairs.emplace_back(owned_.IsAttributed(NodeId(n)) ? RowOf(NodeId(n)) : num_rows, NodeId(n));
    }
    return GroupByRow(pairs, num_rows + 1);
  }

  void CountTensors() {
    const TensorUses uses = FindTensorUses(owned_.graph);
    for (size_t i = 0; i < uses.tensors.size(); ++i) {
      const TensorSums size = SizeOf(owned_.graph.index(), uses.tensors[i]);
      of_file_.Add(size);
      std::vector<uint32_t> readers;  // Rows, each once.
      bool elsewhere = uses.readers[i].empty();
      for (NodeId node : uses.readers[i]) {
        if (owned_.IsAttributed(node)) {
          readers.push_back(RowOf(node));
        } else {
          elsewhere = true;
        }
      }
      std::sort(readers.begin(), readers.end());
      readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
      if (elsewhere) AddUnattributed(size, !readers.empty());
      AddToRows(size, readers, elsewhere);
    }
  }

  void AddUnattributed(const TensorSums& size, bool shared) {
    of_unattributed_.Add(size);
    if (shared) ++of_unattributed_.shared;
  }

  // Rows are in an order in which each is followed by those below it: so the subtree of any row
  // has, of the readers, a run, and one less of the ancestors common to neighbours in it.
  void AddToRows(TensorSums size, const std::vector<uint32_t>& readers, bool elsewhere) {
    const bool shared = readers.size() > 1 || (elsewhere && !readers.empty());
    for (uint32_t row : readers) own_[row].Add(size);
    size.shared = shared ? 1 : 0;
    for (size_t i = 0; i < readers.size(); ++i) {
      total_[readers[i]].Add(size);
      if (i > 0) total_[ancestors_.Common(readers[i - 1], readers[i])].Subtract(size);
    }
    // From here on up, all of its readers are within.
    if (shared && !elsewhere) --total_[ancestors_.Common(readers.front(), readers.back())].shared;
  }

  void SumUp() {
    for (size_t row = figures_.rows.size(); row-- > 0;) {
      ModuleFigures& figures = figures_.rows[row];
      figures.total.nodes += figures.own.nodes;
      own_[row].Give(&figures.own);
      total_[row].Give(&figures.total);
      figures.shares_parameters = total_[row].shared != 0;
      if (row == 0) break;
      const uint32_t parent = rows_.row(row).parent;
      figures_.rows[parent].total.nodes += figures.total.nodes;
      total_[parent].Add(total_[row]);
      for (size_t k = 0; k < figures.evidence.size(); ++k) {
        figures_.rows[parent].evidence[k] += figures.evidence[k];
      }
    }
    of_unattributed_.Give(&figures_.unattributed.own);
    figures_.unattributed.shares_parameters = of_unattributed_.shared != 0;
    figures_.unattributed.total = figures_.unattributed.own;
    of_file_.Give(&figures_.all.own);
    figures_.all.total = figures_.all.own;
  }

  const OwnedGraph& owned_;
  const ModuleRows& rows_;
  const Ancestors ancestors_;
  FiguresOfModel figures_;
  std::vector<TensorSums> own_, total_;  // By row.
  TensorSums of_unattributed_, of_file_;
};

}  // namespace

FiguresOfModel FiguresOf(const OwnedGraph& owned, const ModuleRows& rows) {
  return FigureCounter(owned, rows).Run();
}

}  // namespace modelexport
