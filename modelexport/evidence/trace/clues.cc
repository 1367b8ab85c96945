#include "modelexport/evidence/trace/clues.h"

#include <algorithm>
#include <cmath>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/evidence/tensors/part_sizes.h"

namespace modelexport {
namespace {

// Chosen on public models (docs/matching.md).
constexpr float kReads = 8;           // The operator reads a tensor that the node reads,
constexpr float kReadsOther = -6;     // or others do.
constexpr float kReadsNear = 5.6f;    // It reads what was computed from that tensor,
constexpr float kPerDistance = 0.8f;  // and less for each operator between.
constexpr float kSameShape = 2.5f;    // It reads tensors of the shapes that the node reads.
constexpr float kOtherShape = -1;
constexpr size_t kMaxReaders = 64;     // More readers say nothing,
constexpr size_t kMaxOfShape = 512;    // nor more readers of a shape,
constexpr size_t kMaxNear = 2048;      // nor more that read what was computed.
constexpr int64_t kLeastElements = 9;  // Smaller tensors have the shapes of all the world.

using Shape = std::vector<int64_t>;

double CountOf(const Shape& essence) {
  double elements = 1;
  for (int64_t dim : essence) elements *= static_cast<double>(dim);
  return elements;
}

}  // namespace

// The operators that read tensors of a shape; and the shapes of stored values.
struct Clues::Shapes {
  Shapes(const SourceRun& source, const GraphView& graph_view) : graph(graph_view) {
    const Hierarchy& hierarchy = source.hierarchy();
    for (size_t t = 0; t < hierarchy.tensors().size(); ++t) {
      std::vector<uint32_t>& ops = readers[Essence(hierarchy.tensors()[t].shape)];
      for (uint32_t op : source.readers(TensorId(t))) ops.push_back(op);
    }
    for (auto& [shape, ops] : readers) {
      std::sort(ops.begin(), ops.end());
      ops.erase(std::unique(ops.begin(), ops.end()), ops.end());
    }
    for (const TensorRecord& tensor : graph.index().tensors()) {
      if (tensor.role == TensorRecord::Role::kAttribute &&
          graph.op_type(tensor.node) == "Constant" && !graph.outputs(tensor.node).empty()) {
        constants[graph.outputs(tensor.node)[0]] = Essence(graph.index().dims(tensor));
      }
    }
  }

  // Of what is stored or given, also in another form; empty otherwise.
  Shape ShapeOf(ValueId id, const Image& image) const {
    const ValueId origin = image.origin(id);
    if (!origin.valid()) return {};
    const auto constant = constants.find(origin);
    if (constant != constants.end()) return constant->second;
    const auto given = image.given().find(origin);
    if (given != image.given().end()) return given->second;
    const uint32_t tensor = graph.value(origin).tensor;
    if (tensor == Value::kNoTensor) return {};
    return Essence(graph.index().dims(graph.index().tensors()[tensor]));
  }

  const GraphView& graph;
  absl::flat_hash_map<Shape, std::vector<uint32_t>> readers;
  absl::flat_hash_map<ValueId, Shape> constants;
};

Clues::Clues(const SourceRun& source, const Image& image, HeldTensors held,
             absl::Span<const Anchor> anchors, const std::atomic<bool>* cancelled)
    : source_(source),
      image_(image),
      anchors_(anchors),
      anchored_(image.size()),
      bounded_(image.size()),
      makes_result_(image.size()),
      has_tensors_read_(source.size()) {
  const Shapes shapes(source, image.graph());
  Rows<TensorId> read;
  for (size_t i = 0; i < image.size(); ++i) {
    if (IsCancelled(cancelled)) return;  // At each: some look at thousands of operators.
    base_ = 0;
    row_.clear();
    const std::vector<TensorId> tensors = TensorsOf(image.node(i), held);
    for (const TensorId tensor : tensors) read.Append(tensor);
    read.EndRow();
    WeighTensors(tensors);
    const bool knows_tensors = !row_.empty();
    if (!knows_tensors) WeighShapes(image.node(i), held, shapes);
    EndImage(!tensors.empty() || !row_.empty());
    is_of_other_.push_back(IsReadByNone(tensors) || IsInUnlistedBody(image.node(i)));
  }
  FindAnchors();
  FindPossible(cancelled);
  tensors_ahead_ = std::make_unique<const TensorsAhead>(source, image, read, cancelled);
}

std::vector<TensorId> Clues::TensorsOf(NodeId node, HeldTensors held) const {
  std::vector<TensorId> tensors;
  for (ValueId input : image_.graph().inputs(node)) {
    if (!input.valid()) continue;
    for (TensorId tensor : held(input)) tensors.push_back(tensor);
  }
  return tensors;
}

bool Clues::IsReadByNone(const std::vector<TensorId>& tensors) const {
  const auto is_read = [&](TensorId tensor) { return !source_.readers(tensor).empty(); };
  return source_.knows_reads() && !tensors.empty() &&
         std::none_of(tensors.begin(), tensors.end(), is_read);
}

bool Clues::IsInUnlistedBody(NodeId node) const {
  if (!source_.has_unlisted_bodies()) return false;
  const ModelIndex& index = image_.graph().index();
  return index.graph(index.graph_of(node)).kind == GraphRecord::Kind::kBody;
}

void Clues::WeighTensors(const std::vector<TensorId>& tensors) {
  std::vector<uint32_t> readers;
  bool too_many = false;
  for (TensorId tensor : tensors) {
    const absl::Span<const uint32_t> some = source_.readers(tensor);
    too_many = too_many || some.size() > kMaxReaders;
    if (some.size() == 1) has_tensors_read_[some[0]] = true;
    if (!too_many) readers.insert(readers.end(), some.begin(), some.end());
  }
  std::sort(readers.begin(), readers.end());
  readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
  if (readers.empty() || too_many || readers.size() > kMaxReaders) return;
  const float many = std::pow(static_cast<float>(readers.size()), -0.25f);
  base_ = kReadsOther * many * many;
  for (uint32_t op : readers) row_.push_back({op, (kReads - kReadsOther) * many});
  // A folded node may read what the source computes from the tensor.
  std::vector<NearOp> far;
  for (uint32_t op : readers) {
    const absl::Span<const NearOp> behind = source_.behind(op);
    if (far.size() + behind.size() <= kMaxNear) far.insert(far.end(), behind.begin(), behind.end());
  }
  std::sort(far.begin(), far.end(), [](const NearOp& a, const NearOp& b) {
    return a.op != b.op ? a.op < b.op : a.distance < b.distance;
  });
  for (size_t i = 0; i < far.size(); ++i) {
    if (i > 0 && far[i].op == far[i - 1].op) continue;
    if (std::binary_search(readers.begin(), readers.end(), far[i].op)) continue;
    row_.push_back({far[i].op, (kReadsNear - kReadsOther) * many *
                                   std::pow(kPerDistance, static_cast<float>(far[i].distance))});
  }
}

void Clues::WeighShapes(NodeId node, HeldTensors held, const Shapes& shapes) {
  double elements = 0;
  absl::flat_hash_map<uint32_t, double> matched;
  absl::flat_hash_set<Shape> seen;
  for (ValueId input : image_.graph().inputs(node)) {
    if (!input.valid() || !held(input).empty()) continue;
    const Shape shape = shapes.ShapeOf(input, image_);
    if (CountOf(shape) < kLeastElements) continue;
    elements += CountOf(shape);
    if (!seen.insert(shape).second) continue;
    const auto readers = shapes.readers.find(shape);
    if (readers == shapes.readers.end() || readers->second.size() > kMaxOfShape) continue;
    for (uint32_t op : readers->second) matched[op] += CountOf(shape);
  }
  if (matched.empty()) return;
  base_ = kOtherShape;
  for (const auto& [op, found] : matched) {
    row_.push_back({op, static_cast<float>(kSameShape * found / elements) - kOtherShape});
  }
}

void Clues::EndImage(bool reads_tensors) {
  bases_.push_back(base_);
  uint32_t only = kNone;
  if (base_ <= kReadsOther && !row_.empty()) only = row_[0].op;
  only_op_.push_back(only);
  for (const Weight& weight : row_) weights_.Append(weight);
  weights_.EndRow();
  reads_tensors_.push_back(reads_tensors);
}

void Clues::FindAnchors() {
  if (anchors_.empty()) return;
  // The operators of each call and module, as far as one is of interest.
  const Hierarchy& hierarchy = source_.hierarchy();
  std::vector<uint32_t> in_call(hierarchy.calls().size());
  std::vector<uint32_t> in_module(hierarchy.modules().size());
  std::vector<uint32_t> below(hierarchy.modules().size());
  ops_of_call_.resize(hierarchy.calls().size(), {kNone, 0});
  for (size_t op = 0; op < source_.size(); ++op) {
    const CallId call = hierarchy.ops()[op].call;
    ++in_call[call.index()];
    ++in_module[source_.call(op).module.index()];
    std::pair<uint32_t, uint32_t>& ops = ops_of_call_[call.index()];
    ops = {std::min<uint32_t>(ops.first, op), static_cast<uint32_t>(op)};
  }
  below = in_module;
  for (size_t m = below.size(); m-- > 1;) {
    below[hierarchy.modules()[m].parent.index()] += below[m];
  }
  for (size_t i = 0; i < image_.size(); ++i) {
    const Anchor& anchor = anchors_[image_.node(i).index()];
    if (!anchor.module.valid()) {
      bounded_[i] = anchor.within.valid() && below[anchor.within.index()] > 0;
      continue;
    }
    if (anchor.op.valid()) {
      anchored_[i] = makes_result_[i] = true;
      only_op_[i] = static_cast<uint32_t>(anchor.op.index());
    } else if (!anchor.exact) {
      anchored_[i] = below[anchor.module.index()] > 0;
    } else if (anchor.call.valid()) {
      anchored_[i] = in_call[anchor.call.index()] > 0;
      if (in_call[anchor.call.index()] == 1) only_op_[i] = ops_of_call_[anchor.call.index()].first;
    } else {
      anchored_[i] = in_module[anchor.module.index()] > 0;
    }
  }
}

void Clues::FindPossible(const std::atomic<bool>* cancelled) {
  std::vector<uint32_t> made(image_.size(), kNone);
  for (size_t i = 0; i < made.size(); ++i) {
    if (makes_result_[i]) made[i] = only_op_[i];
  }
  possible_ = PossibleOps(source_, image_, made, cancelled);
  for (size_t i = 0; i < made.size(); ++i) {
    if (possible_[i].size() == 1 && !anchored_[i]) only_op_[i] = possible_[i][0];
  }
}

std::pair<uint32_t, uint32_t> Clues::AllowedOps(size_t image) const {
  if (anchored_[image]) {
    const Anchor& anchor = anchors_[image_.node(image).index()];
    const uint32_t op = static_cast<uint32_t>(anchor.op.index());
    if (anchor.op.valid()) return {op, op};
    if (anchor.exact && anchor.call.valid()) return ops_of_call_[anchor.call.index()];
  } else if (!possible_[image].empty()) {
    return {possible_[image].front(), possible_[image].back()};
  }
  return {0, static_cast<uint32_t>(source_.size()) - 1};
}

// Whether the operator ran in the module or below it.
bool Clues::IsBelow(size_t op, ModuleId module) const {
  return source_.module_ranges().IsAncestorOrSelf(module, source_.call(op).module);
}

bool Clues::Forbids(size_t image, size_t op) const {
  if (!anchored_[image]) {
    const absl::Span<const uint32_t> possible = possible_[image];
    if (!possible.empty()) return !std::binary_search(possible.begin(), possible.end(), op);
    return bounded_[image] && !IsBelow(op, anchors_[image_.node(image).index()].within);
  }
  const Anchor& anchor = anchors_[image_.node(image).index()];
  if (anchor.op.valid()) return anchor.op.index() != op;
  if (!anchor.exact) return !IsBelow(op, anchor.module);
  if (anchor.call.valid()) return source_.hierarchy().ops()[op].call != anchor.call;
  return source_.call(op).module != anchor.module;
}

}  // namespace modelexport
