#include "modelexport/onnx/splice_plan.h"

#include <algorithm>
#include <memory>

#include "modelexport/base/large_pages.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {
namespace {

int64_t GrowthOf(const Splice& splice) {
  return static_cast<int64_t>(splice.bytes.size()) - static_cast<int64_t>(splice.erase.size());
}

// Reads forward through a file in which most ranges are short and close to each other.
class ForwardReader {
 public:
  explicit ForwardReader(const ByteSource& source) : source_(source), window_(new char[kWindow]) {}

  absl::Status CopyTo(Range range, OutputFile& out) {
    if (range.size() >= kWindow) return out.AppendFrom(source_, range);
    while (range.begin < range.end) {
      if (range.begin < begin_ || range.begin >= end_) MX_RETURN_IF_ERROR(Load(range.begin));
      const uint64_t count = std::min(range.end, end_) - range.begin;
      MX_RETURN_IF_ERROR(out.Append({window_.get() + (range.begin - begin_), count}));
      range.begin += count;
    }
    return absl::OkStatus();
  }

 private:
  static constexpr uint64_t kWindow = 256 << 10;

  absl::Status Load(uint64_t begin) {
    begin_ = begin;
    end_ = std::min(begin + kWindow, source_.size());
    return source_.Read({begin_, end_}, window_.get());
  }

  const ByteSource& source_;
  std::unique_ptr<char[]> window_;
  uint64_t begin_ = 0;
  uint64_t end_ = 0;
};

// Greater for inner messages: each begins after the message around it. The model is around all.
uint64_t Depth(const ModelIndex& index, MessageRef message) {
  return message.is_model() ? 0 : ContentOf(index, message).begin;
}

// The order that the constructor documents. Of two messages that can be edited at one offset, one
// is around the other.
class Before {
 public:
  explicit Before(const ModelIndex& index) : index_(index) {}

  bool operator()(const Edit& a, const Edit& b) const {
    if (a.splice.erase.begin != b.splice.erase.begin) {
      return a.splice.erase.begin < b.splice.erase.begin;
    }
    if (a.message != b.message) {
      const uint64_t depth_a = Depth(index_, a.message), depth_b = Depth(index_, b.message);
      if (depth_a != depth_b) return depth_a > depth_b;
    }
    return a.splice.erase.size() == 0 && b.splice.erase.size() > 0;
  }

 private:
  const ModelIndex& index_;
};

}  // namespace

// By how many bytes the edits alone make the contents of messages grow, each counted in the
// innermost message that holds them.
class SplicePlan::Growth {
 public:
  explicit Growth(const ModelIndex& index) : graphs_(index.graphs().size()) {
    ResizeInLargePages(index.nodes().size(), &nodes_);
  }

  int64_t& of(MessageRef message) {
    switch (message.kind()) {
      case MessageRef::Kind::kNode:
        return nodes_[message.node().index()];
      case MessageRef::Kind::kGraph:
        return graphs_[message.graph().index()].graph;
      case MessageRef::Kind::kAttribute:
        return graphs_[message.graph().index()].attribute;
      case MessageRef::Kind::kModel:
        break;
    }
    return model_;
  }

  int64_t& node(size_t i) { return nodes_[i]; }
  int64_t graph(size_t i) const { return graphs_[i].graph; }
  int64_t attribute(size_t i) const { return graphs_[i].attribute; }
  int64_t model() const { return model_; }

 private:
  struct OfGraph {
    int64_t graph = 0;
    int64_t attribute = 0;  // Of edits that name the attribute by this body.
  };

  int64_t model_ = 0;
  std::vector<int64_t> nodes_;
  std::vector<OfGraph> graphs_;
};

SplicePlan::SplicePlan(const ModelIndex& index, absl::Span<const Edit> edits) : edits_(edits) {
  const Before before(index);
  if (!std::is_sorted(edits.begin(), edits.end(), before)) {
    sorted_.assign(edits.begin(), edits.end());
    std::stable_sort(sorted_.begin(), sorted_.end(), before);
    edits_ = sorted_;
  }
  output_size_ = index.source().size() + ResizeMessages(index);
  SortLengths();
}

// They were made from the last graph to the first, which is nearly the reverse of the file's order:
// bodies come after all other graphs in the index, but inside them in the file.
void SplicePlan::SortLengths() {
  std::reverse(lengths_.begin(), lengths_.end());
  const auto before = [](const Length& a, const Length& b) { return a.begin < b.begin; };
  if (std::is_sorted(lengths_.begin(), lengths_.end(), before)) return;
  std::sort(lengths_.begin(), lengths_.end(), before);
}

// The index has bodies after the graphs that hold them. So in a walk from the last graph to the
// first, the growth of all messages inside a message is known when the walk reaches it. Returns the
// growth of the file.
int64_t SplicePlan::ResizeMessages(const ModelIndex& index) {
  Growth growth(index);
  for (const Edit& edit : edits_) {
    growth.of(edit.message) += GrowthOf(edit.splice);
    new_bytes_ += edit.splice.bytes.size();
  }
  const std::vector<GraphRecord>& graphs = index.graphs();
  ReserveInLargePages(edits_.size() + 3 * graphs.size(), &lengths_);
  int64_t file_growth = growth.model();
  int64_t attribute_growth = 0;
  for (size_t i = graphs.size(); i-- > 0;) {
    const GraphRecord& graph = graphs[i];
    int64_t content_growth = growth.graph(i);
    for (size_t n = graph.first_node + graph.num_nodes; n-- > graph.first_node;) {
      if (growth.node(n) != 0) content_growth += Resize(index.nodes()[n].range, growth.node(n));
    }
    const int64_t graph_growth = Resize(graph.range, content_growth);
    if (graph.kind != GraphRecord::Kind::kBody) {
      file_growth += graph_growth;
      continue;
    }
    attribute_growth += growth.attribute(i) + graph_growth;
    // The bodies of one attribute are neighbours in the index: this one is not the first of them.
    if (graphs[i - 1].attribute.begin == graph.attribute.begin) continue;
    growth.node(graph.parent.index()) += Resize(graph.attribute, attribute_growth);
    attribute_growth = 0;
  }
  return file_growth;
}

// Plans the new length prefix of a message whose content grows by so many bytes. Returns by how
// many bytes the whole field grows.
int64_t SplicePlan::Resize(const Framed& message, int64_t content_growth) {
  if (content_growth == 0) return 0;
  const uint64_t old_size = message.content().size();
  if (VarintSize(old_size) != message.length_size) lengths_were_minimal_ = false;
  Length length;
  length.begin = message.length().begin;
  length.old_size = message.length_size;
  const char* const end = EncodeVarint(old_size + content_growth, length.bytes);
  length.new_size = static_cast<uint8_t>(end - length.bytes);
  new_bytes_ += length.new_size;
  lengths_.push_back(length);
  return content_growth + length.new_size - length.old_size;
}

// Merges edits and lengths. They never begin at one offset: a length prefix follows its key and is
// not part of any message's fields.
absl::Status SplicePlan::Visit(absl::FunctionRef<absl::Status(const Splice&)> visitor) const {
  auto length = lengths_.begin();
  const auto visit_lengths_before = [&](uint64_t offset) -> absl::Status {
    for (; length != lengths_.end() && length->begin < offset; ++length) {
      const Range erase = {length->begin, length->begin + length->old_size};
      MX_RETURN_IF_ERROR(visitor({erase, {length->bytes, length->new_size}}));
    }
    return absl::OkStatus();
  };
  for (const Edit& edit : edits_) {
    MX_RETURN_IF_ERROR(visit_lengths_before(edit.splice.erase.begin));
    MX_RETURN_IF_ERROR(visitor(edit.splice));
  }
  return visit_lengths_before(UINT64_MAX);
}

std::vector<Splice> SplicePlan::splices() const {
  std::vector<Splice> splices;
  splices.reserve(lengths_.size() + edits_.size());
  const auto add = [&splices](const Splice& splice) {
    splices.push_back(splice);
    return absl::OkStatus();
  };
  Visit(add).IgnoreError();  // Adding never fails.
  return splices;
}

absl::Status SplicePlan::Write(const ByteSource& source, OutputFile& out) const {
  ForwardReader reader(source);
  uint64_t copied = 0;
  const auto write = [&](const Splice& splice) -> absl::Status {
    MX_RETURN_IF_ERROR(reader.CopyTo({copied, splice.erase.begin}, out));
    copied = splice.erase.end;
    return out.Append(splice.bytes);
  };
  MX_RETURN_IF_ERROR(Visit(write));
  return reader.CopyTo({copied, source.size()}, out);
}

}  // namespace modelexport
