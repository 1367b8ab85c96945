#include "modelexport/ownership/inputs.h"

#include <algorithm>
#include <cstdint>
#include <future>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/types/optional.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/base/threads.h"
#include "modelexport/hierarchy/hierarchy_builder.h"
#include "modelexport/hierarchy/readers/embedded_hierarchy.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/ownership/owners_from_tags.h"
#include "modelexport/ownership/read_hierarchy.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/tags/keys.h"

namespace modelexport {
namespace {

bool LooksLikeJson(const std::string& path) {
  constexpr uint64_t kEnough = 64;
  const auto file = OpenFile(path);
  if (!file.ok()) return false;
  const auto begin = (*file)->ReadString({0, std::min(kEnough, (*file)->size())});
  return begin.ok() && absl::StartsWith(absl::StripLeadingAsciiWhitespace(*begin), "{");
}

// What ReadEmbeddedHierarchy() says of a model with kHierarchyKey, without an index; absent if the
// model has none. Where the model around it is malformed, or cannot be read, that is the error.
using OwnSidecar = absl::optional<absl::StatusOr<Hierarchy>>;

OwnSidecar ReadOwnSidecar(const ByteSource& source, const std::atomic<bool>* cancelled) {
  using namespace string_entry_proto;
  Cursor cursor(source);
  Field entry, field;
  while (cursor.Next(&entry)) {
    if (entry.number != model_proto::kMetadata || entry.type != WireType::kBytes) continue;
    Range key, value;
    const Cursor::Message message(cursor, entry);
    while (cursor.Next(&field)) {
      if (field.type != WireType::kBytes) continue;
      if (field.number == kKey) key = field.payload();
      if (field.number == kValue) value = field.payload();
    }
    if (cursor.Bytes(key) != kHierarchyKey) continue;
    const absl::StatusOr<std::string> sidecar = source.ReadString(value);
    if (!sidecar.ok()) return sidecar.status();
    return ParseOwnSidecar(*sidecar, cancelled);
  }
  if (!cursor.status().ok()) return cursor.status();
  return absl::nullopt;
}

class InputReader {
 public:
  InputReader(const InputRequest& request, const std::atomic<bool>* cancelled)
      : request_(request), embedded_(IsOfModel(request.hierarchy)), cancelled_(cancelled) {}

  // An error of the model waits for Index(), so that the hierarchy's comes first.
  absl::Status ReadHierarchy() {
    opened_ = inputs_.model.Open(request_.model, cancelled_);
    inputs_.source = request_.hierarchy;
    if (opened_.ok()) {
      indexing_ =
          Start(inputs_.model.source->size() >= kWorthAThread, [this] { return BuildIndex(); });
    }
    absl::StatusOr<Hierarchy> read = embedded_                         ? ReadEmbedded()
                                     : IsModelFile(request_.hierarchy) ? ReadTagged()
                                                                       : ReadSidecar();
    MX_RETURN_IF_ERROR(CheckCancelled(cancelled_));
    if (!read.ok()) return Hinted(read.status());
    inputs_.hierarchy = std::make_unique<const Hierarchy>(*std::move(read));
    return absl::OkStatus();
  }

  absl::Status Index() {
    MX_RETURN_IF_ERROR(opened_);
    MX_RETURN_IF_ERROR(indexed_);
    if (indexing_.valid()) return indexing_.get();
    return inputs_.model.index == nullptr ? BuildIndex() : absl::OkStatus();
  }

  absl::Status ViewGraph() { return inputs_.model.ViewGraph(cancelled_); }

  Inputs Take() { return std::move(inputs_); }

 private:
  absl::Status BuildIndex() {
    const absl::Status built = inputs_.model.BuildIndex(request_.load);
    MX_RETURN_IF_ERROR(CheckCancelled(cancelled_));
    return built;
  }

  absl::StatusOr<Hierarchy> ReadEmbedded() {
    MX_RETURN_IF_ERROR(opened_);
    OwnSidecar own;  // While the index is built.
    if (request_.hierarchy != kNamesHierarchy) {
      own = ReadOwnSidecar(*inputs_.model.source, cancelled_);
    }
    MX_RETURN_IF_ERROR(Index());
    MX_ASSIGN_OR_RETURN(const absl::string_view source,
                        SourceFor(*inputs_.model.index, request_.hierarchy, cancelled_));
    inputs_.source = std::string(source);
    const ModelIndex& index = *inputs_.model.index;
    const bool is_own =
        source == kEmbeddedHierarchy || (source == kTagsHierarchy && HasTags(index));
    if (own.has_value() && is_own) {
      if (!own->ok()) return Annotate(own->status(), index.source().name());
      return *std::move(own);
    }
    absl::StatusOr<Hierarchy> read = ReadHierarchyOf(index, source, cancelled_);
    if (request_.hierarchy.empty() && absl::IsNotFound(read.status())) return RootAlone();
    return read;
  }

  // For a model in which nothing speaks of modules. Whoever asks for one source gets its error.
  absl::StatusOr<Hierarchy> RootAlone() {
    inputs_.notes.emplace_back(
        "nothing in the file names modules; --hierarchy=FILE says which there are");
    HierarchyBuilder builder;
    MX_RETURN_IF_ERROR(builder.AddModule({""}));
    return std::move(builder).Build();
  }

  absl::StatusOr<Hierarchy> ReadSidecar() const {
    return ReadHierarchyFile(request_.hierarchy, cancelled_);
  }

  // An error of the model waits here too.
  absl::StatusOr<Hierarchy> ReadTagged() {
    const auto model = [this]() -> const ModelIndex* {
      indexed_ = Index();
      return indexed_.ok() ? inputs_.model.index.get() : nullptr;
    };
    return ReadTaggedFile(request_.hierarchy, model, cancelled_);
  }

  // With a hint where the model, and not the hierarchy, looks like JSON.
  absl::Status Hinted(const absl::Status& status) const {
    if (embedded_ || !LooksLikeJson(request_.model) || LooksLikeJson(request_.hierarchy)) {
      return status;
    }
    return AddHint(status, "are IN and HIERARCHY swapped?");
  }

  const InputRequest& request_;
  const bool embedded_;  // Whether the hierarchy is what the model itself says.
  const std::atomic<bool>* const cancelled_;
  Inputs inputs_;
  absl::Status opened_, indexed_;
  std::future<absl::Status> indexing_;  // Last: the thread ends before what it fills goes.
};

}  // namespace

absl::StatusOr<Inputs> ReadInputs(const InputRequest& request, const Stages& stages) {
  InputReader reader(request, stages.cancelled());
  // The smaller file first: it fails faster. If that is the model, it is indexed in its own stage.
  MX_RETURN_IF_ERROR(stages.Run("hierarchy", [&] { return reader.ReadHierarchy(); }));
  MX_RETURN_IF_ERROR(stages.Run("index", [&] { return reader.Index(); }));
  MX_RETURN_IF_ERROR(stages.Run("graph", [&] { return reader.ViewGraph(); }));
  return reader.Take();
}

}  // namespace modelexport
