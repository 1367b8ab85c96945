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

}  // namespace

SplicePlan::SplicePlan(const ModelIndex& index, absl::Span<const Edit> edits) : edits_(edits) {
  if (!std::is_sorted(edits.begin(), edits.end(), Before)) {
    sorted_.assign(edits.begin(), edits.end());
    std::stable_sort(sorted_.begin(), sorted_.end(), Before);
    edits_ = sorted_;
  }
  output_size_ = index.source().size() + ResizeMessages(index);
  // They were made from the back; with bodies they are out of order even so.
  std::reverse(lengths_.begin(), lengths_.end());
  const auto before = [](const Length& a, const Length& b) { return a.begin < b.begin; };
  if (std::is_sorted(lengths_.begin(), lengths_.end(), before)) return;
  std::sort(lengths_.begin(), lengths_.end(), before);
}

// Bodies stand behind the graphs that hold them, so that from the back each message is met when
// the growth of all that lies in it is known. Returns the growth of the file.
int64_t SplicePlan::ResizeMessages(const ModelIndex& index) {
  std::vector<int64_t> node_growth;
  ResizeInLargePages(index.nodes().size(), &node_growth);
  int64_t file_growth = 0;
  for (const Edit& edit : edits_) {
    (edit.node.valid() ? node_growth[edit.node.index()] : file_growth) += GrowthOf(edit.splice);
    new_bytes_ += edit.splice.bytes.size();
  }
  const std::vector<GraphRecord>& graphs = index.graphs();
  ReserveInLargePages(edits_.size() + 3 * graphs.size(), &lengths_);
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
  Length length;
  length.begin = message.length().begin;
  length.old_size = message.length_size;
  const char* const end = EncodeVarint(old_size + content_growth, length.bytes);
  length.new_size = static_cast<uint8_t>(end - length.bytes);
  new_bytes_ += length.new_size;
  lengths_.push_back(length);
  return content_growth + length.new_size - length.old_size;
}

// Merges edits and lengths, which never begin at the same offset.
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
