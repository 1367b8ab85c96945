#include "modelexport/wire/splice_plan.h"

#include <algorithm>

#include "modelexport/base/status_macros.h"
#include "modelexport/wire/encode.h"

namespace modelexport::wire {
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

// Where an insertion into a body meets the end of the node around it, the inner one comes first:
// bodies have the greater node numbers. What is inserted where bytes are erased stands before them.
bool Before(const Edit& a, const Edit& b) {
  if (a.splice.erase.begin != b.splice.erase.begin) {
    return a.splice.erase.begin < b.splice.erase.begin;
  }
  if (a.node == b.node) return a.splice.erase.size() == 0 && b.splice.erase.size() > 0;
  if (!a.node.valid()) return false;
  return !b.node.valid() || b.node < a.node;
}

bool Starts(const Splice& a, const Splice& b) { return a.erase.begin < b.erase.begin; }

}  // namespace

SplicePlan::SplicePlan(const ModelIndex& index, absl::Span<const Edit> edits) {
  std::vector<Edit> sorted;
  if (!std::is_sorted(edits.begin(), edits.end(), Before)) {
    sorted.assign(edits.begin(), edits.end());
    std::stable_sort(sorted.begin(), sorted.end(), Before);
    edits = sorted;
  }
  splices_.reserve(2 * edits.size() + 3 * index.graphs().size());
  output_size_ = index.source().size() + ResizeMessages(index, edits);
  // They were made from the back; nodes with bodies are out of order even so.
  std::reverse(splices_.begin(), splices_.end());
  if (!std::is_sorted(splices_.begin(), splices_.end(), Starts)) {
    std::sort(splices_.begin(), splices_.end(), Starts);
  }
  MergeIn(edits);
}

// From the back, so that it needs no room besides.
void SplicePlan::MergeIn(absl::Span<const Edit> edits) {
  size_t length = splices_.size();
  size_t edit = edits.size();
  splices_.resize(length + edit);
  while (edit > 0) {
    Splice& last = splices_[length + edit - 1];
    const bool length_stands_behind =
        length > 0 && Starts(edits[edit - 1].splice, splices_[length - 1]);
    last = length_stands_behind ? splices_[--length] : edits[--edit].splice;
  }
}

// Bodies stand behind the graphs that hold them, so that from the back each message is met when
// the growth of all that lies in it is known. Returns the growth of the file.
int64_t SplicePlan::ResizeMessages(const ModelIndex& index, absl::Span<const Edit> edits) {
  std::vector<int64_t> node_growth(index.nodes().size());
  int64_t file_growth = 0;
  for (const Edit& edit : edits) {
    (edit.node.valid() ? node_growth[edit.node.index()] : file_growth) += GrowthOf(edit.splice);
  }
  const std::vector<GraphRecord>& graphs = index.graphs();
  lengths_.reset(new char[kMaxVarintSize * (edits.size() + 3 * graphs.size())]);
  next_length_ = lengths_.get();
  int64_t attribute_growth = 0;
  for (size_t i = graphs.size(); i-- > 0;) {
    const GraphRecord& graph = graphs[i];
    int64_t growth = 0;
    for (size_t n = graph.first_node + graph.num_nodes; n-- > graph.first_node;) {
      if (node_growth[n] != 0) growth += Resize(index.nodes()[n].range, node_growth[n]);
    }
    growth = Resize(graph.range, growth);
    if (graph.kind != GraphRecord::Kind::kBody) {
      file_growth += growth;
      continue;
    }
    // The bodies of one attribute are neighbours.
    attribute_growth += growth;
    if (graphs[i - 1].attribute.begin == graph.attribute.begin) continue;
    node_growth[graph.parent.index()] += Resize(graph.attribute, attribute_growth);
    attribute_growth = 0;
  }
  return file_growth;
}

// Plans the new length prefix of a message whose content grows. Returns how much the whole field
// grows with it.
int64_t SplicePlan::Resize(const Framed& message, int64_t content_growth) {
  if (content_growth == 0) return 0;
  const uint64_t old_size = message.content().size();
  if (VarintSize(old_size) != message.length_size) lengths_were_minimal_ = false;
  char* const length = next_length_;
  next_length_ = EncodeVarint(old_size + content_growth, length);
  const Splice splice = {message.length(), {length, static_cast<size_t>(next_length_ - length)}};
  splices_.push_back(splice);
  return content_growth + GrowthOf(splice);
}

absl::Status SplicePlan::Write(const ByteSource& source, OutputFile& out) const {
  ForwardReader reader(source);
  uint64_t copied = 0;
  for (const Splice& splice : splices_) {
    MX_RETURN_IF_ERROR(reader.CopyTo({copied, splice.erase.begin}, out));
    MX_RETURN_IF_ERROR(out.Append(splice.bytes));
    copied = splice.erase.end;
  }
  return reader.CopyTo({copied, source.size()}, out);
}

}  // namespace modelexport::wire
