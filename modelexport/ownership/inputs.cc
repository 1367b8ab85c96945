#include "modelexport/ownership/inputs.h"

#include <algorithm>
#include <cstdint>
#include <future>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/base/threads.h"
#include "modelexport/ownership/read_hierarchy.h"

namespace modelexport {
namespace {

bool LooksLikeJson(const std::string& path) {
  constexpr uint64_t kEnough = 64;
  const auto file = OpenFile(path);
  if (!file.ok()) return false;
  const auto begin = (*file)->ReadString({0, std::min(kEnough, (*file)->size())});
  return begin.ok() && absl::StartsWith(absl::StripLeadingAsciiWhitespace(*begin), "{");
}

// Whether the hierarchy is what the model itself says.
bool IsOfModel(absl::string_view hierarchy) {
  return hierarchy.empty() || hierarchy == kTagsHierarchy || hierarchy == kEmbeddedHierarchy ||
         hierarchy == kNamesHierarchy;
}

class InputReader {
 public:
  explicit InputReader(const InputRequest& request)
      : request_(request), embedded_(IsOfModel(request.hierarchy)) {}

  // An error of the model waits for Index(), so that the hierarchy's comes first.
  absl::Status ReadHierarchy() {
    opened_ = OpenModel();
    inputs_.source = request_.hierarchy;
    if (!embedded_ && opened_.ok()) {
      indexing_ =
          Start(inputs_.model.source->size() >= kWorthAThread, [this] { return BuildIndex(); });
    }
    absl::StatusOr<Hierarchy> read =
        embedded_ ? ReadEmbedded() : ReadHierarchyFile(request_.hierarchy);
    if (!read.ok()) return Hinted(read.status());
    inputs_.hierarchy = std::make_unique<const Hierarchy>(*std::move(read));
    return absl::OkStatus();
  }

  absl::Status Index() {
    MX_RETURN_IF_ERROR(opened_);
    if (indexing_.valid()) return indexing_.get();
    return inputs_.model.index == nullptr ? BuildIndex() : absl::OkStatus();
  }

  absl::Status ViewGraph() {
    inputs_.model.graph = std::make_unique<GraphView>(*inputs_.model.index);
    return absl::OkStatus();
  }

  Inputs Take() { return std::move(inputs_); }

 private:
  absl::Status OpenModel() {
    MX_ASSIGN_OR_RETURN(inputs_.model.source, OpenFile(request_.model));
    return absl::OkStatus();
  }

  absl::Status BuildIndex() {
    absl::StatusOr<ModelIndex> index = ModelIndex::Build(*inputs_.model.source, {request_.load});
    MX_RETURN_IF_ERROR(index.status());
    inputs_.model.index = std::make_unique<ModelIndex>(*std::move(index));
    return absl::OkStatus();
  }

  absl::StatusOr<Hierarchy> ReadEmbedded() {
    MX_RETURN_IF_ERROR(Index());
    MX_ASSIGN_OR_RETURN(const absl::string_view source,
                        SourceFor(*inputs_.model.index, request_.hierarchy));
    inputs_.source = std::string(source);
    return ReadHierarchyOf(*inputs_.model.index, source);
  }

  // With a hint where the model, and not the hierarchy, looks like JSON.
  absl::Status Hinted(const absl::Status& status) const {
    if (embedded_ || !LooksLikeJson(request_.model) || LooksLikeJson(request_.hierarchy)) {
      return status;
    }
    absl::Status hinted(status.code(),
                        absl::StrCat(status.message(), "; are IN and HIERARCHY swapped?"));
    status.ForEachPayload([&hinted](absl::string_view type, const absl::Cord& payload) {
      hinted.SetPayload(type, payload);
    });
    return hinted;
  }

  const InputRequest& request_;
  const bool embedded_;  // Whether the hierarchy is what the model itself says.
  Inputs inputs_;
  absl::Status opened_;
  std::future<absl::Status> indexing_;  // Last: the thread ends before what it fills goes.
};

}  // namespace

absl::StatusOr<Inputs> ReadInputs(const InputRequest& request, const Stages& stages) {
  InputReader reader(request);
  // The smaller file first: it fails faster. If that is the model, it is indexed in its own stage.
  MX_RETURN_IF_ERROR(stages.Run("hierarchy", [&] { return reader.ReadHierarchy(); }));
  MX_RETURN_IF_ERROR(stages.Run("index", [&] { return reader.Index(); }));
  MX_RETURN_IF_ERROR(stages.Run("graph", [&] { return reader.ViewGraph(); }));
  return reader.Take();
}

}  // namespace modelexport
