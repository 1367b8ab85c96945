#include "modelexport/commands/gathered_data.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/files/external_data.h"
#include "modelexport/files/folder.h"
#include "modelexport/onnx/external_range.h"

namespace modelexport {
namespace {

// Runtimes map large tensors into memory, which takes pages; for small ones a line of the cache is
// enough.
constexpr uint64_t kPage = 4096, kLine = 64;

class Gatherer {
 public:
  Gatherer(const GraphView& graph, const CopyRequest& request)
      : index_(graph.index()),
        request_(request),
        content_(std::make_shared<GatheredSource>(absl::StrCat(request.model, "'s data"))) {
    data_.path = absl::StrCat(request.output, ".data");
  }

  absl::StatusOr<GatheredData> Run(absl::Span<const uint32_t> tensors) {
    for (uint32_t t : tensors) {
      const TensorRecord& tensor = index_.tensors()[t];
      if (!tensor.external_location.valid()) continue;
      const std::string place = absl::StrCat(
          request_.model, ": tensor \"", absl::Utf8SafeCHexEscape(index_.text(tensor.name)), "\"");
      MX_RETURN_IF_ERROR(Annotate(Add(t, tensor), place));
    }
    if (!data_.tensors.empty()) data_.content = content_;
    return std::move(data_);
  }

 private:
  absl::Status Add(uint32_t t, const TensorRecord& tensor) {
    MX_ASSIGN_OR_RETURN(ExternalRange range, ReadExternalRange(index_, tensor));
    MX_ASSIGN_OR_RETURN(const auto file, Open(range.location));
    const uint64_t left = file->size() - std::min(range.offset, file->size());
    if (range.offset > file->size() || range.length.value_or(left) > left) {
      return absl::InvalidArgumentError(absl::StrCat(
          "external data goes past the end of \"", absl::Utf8SafeCHexEscape(range.location), "\""));
    }
    range.length = range.length.value_or(left);
    range.offset = NewOffset(file, range);
    range.location = data_.path.substr(FolderOf(data_.path).size());
    MX_ASSIGN_OR_RETURN(data_.tensors[t], WithExternalRange(index_, tensor, range));
    return absl::OkStatus();
  }

  absl::StatusOr<std::shared_ptr<const ByteSource>> Open(const std::string& location) {
    std::shared_ptr<const ByteSource>& file = files_[location];
    if (file == nullptr) {
      MX_ASSIGN_OR_RETURN(file, OpenExternalData(FolderOf(request_.model), location));
    }
    return file;
  }

  uint64_t NewOffset(const std::shared_ptr<const ByteSource>& file, const ExternalRange& range) {
    const auto added =
        offsets_.emplace(std::make_tuple(file.get(), range.offset, *range.length), 0);
    if (added.second) {
      added.first->second = content_->Append(file, {range.offset, range.offset + *range.length},
                                             *range.length < kPage ? kLine : kPage);
    }
    return added.first->second;
  }

  const ModelIndex& index_;
  const CopyRequest& request_;
  const std::shared_ptr<GatheredSource> content_;
  absl::flat_hash_map<std::string, std::shared_ptr<const ByteSource>> files_;  // By location.
  absl::flat_hash_map<std::tuple<const ByteSource*, uint64_t, uint64_t>, uint64_t> offsets_;
  GatheredData data_;
};

}  // namespace

absl::StatusOr<GatheredData> GatherData(const GraphView& graph, absl::Span<const uint32_t> tensors,
                                        const CopyRequest& request) {
  return Gatherer(graph, request).Run(tensors);
}

}  // namespace modelexport
