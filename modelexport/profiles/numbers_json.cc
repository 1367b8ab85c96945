#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/nearest.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/json/schema_json.h"
#include "modelexport/profiles/profile_forms.h"

namespace modelexport {
namespace {

enum Id : int { kTop, kNodes, kNode, kValue };

constexpr JsonSchema kValueSchema = {kValue, kJsonNumber};
constexpr JsonSchema kNodeSchema = {kNode, kJsonObject, {}, nullptr, &kValueSchema};
constexpr JsonMember kTopMembers[] = {
    {"nodes", {kNodes, kJsonObject, {}, nullptr, &kNodeSchema}, /*required=*/true},
};
constexpr JsonSchema kTopSchema = {kTop, kJsonObject, kTopMembers};

struct Figure {
  size_t node, metric;
  double value;
};

class NumbersSink final : public JsonSink {
 public:
  void OnName(int id, absl::string_view name) override {
    if (id == kNode) {
      is_new_ = seen_.try_emplace(std::string(name), nodes.size()).second;
      nodes.emplace_back(name);
    } else {
      metric_ = metrics_.try_emplace(std::string(name), metrics.size()).first->second;
      if (metric_ == metrics.size()) metrics.emplace_back(name);
    }
  }

  void OnNumber(int, double value) override {
    if (!figures.empty() && figures.back().node == nodes.size() - 1) {
      for (size_t i = figures.size(); i-- > 0 && figures[i].node == nodes.size() - 1;) {
        if (figures[i].metric == metric_) twice_ = true;
      }
    }
    figures.push_back({nodes.size() - 1, metric_, value});
  }

  absl::Status OnEnd(int id) override {
    if (id != kNode) return absl::OkStatus();
    const absl::string_view what = !is_new_ ? "the node" : "a metric";
    if (is_new_ && !twice_) {
      num_complete = nodes.size();
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(
        absl::StrCat("$.nodes", JsonStep(nodes.back()), ": ", what, " is given twice"));
  }

  std::vector<std::string> nodes, metrics;
  std::vector<Figure> figures;
  size_t num_complete = 0;  // Of `nodes`, from the front: the last one may be cut.

 private:
  absl::flat_hash_map<std::string, size_t> seen_, metrics_;
  size_t metric_ = 0;
  bool is_new_ = true, twice_ = false;
};

absl::StatusOr<size_t> ChooseMetric(const std::vector<std::string>& metrics,
                                    const std::string& wanted) {
  for (size_t i = 0; i < metrics.size(); ++i) {
    if (metrics[i] == wanted) return i;
  }
  if (wanted.empty() && metrics.size() == 1) return 0;
  const std::string there = absl::StrCat("; there are ", absl::StrJoin(metrics, ", "));
  if (metrics.empty()) return absl::InvalidArgumentError("no node has a number");
  if (wanted.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("has several metrics, so --metric must name one", there));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "metric \"", wanted, "\": there is none of this name", DidYouMean(wanted, metrics), there));
}

}  // namespace

absl::StatusOr<Profile> ReadNumbers(const ByteSource& source, const ProfileOptions& options) {
  NumbersSink sink;
  const absl::Status read = ReadJson(source, kTopSchema, &sink, options.cancelled);
  if (!read.ok() && !absl::IsDataLoss(read)) return read;
  MX_ASSIGN_OR_RETURN(const size_t metric, ChooseMetric(sink.metrics, options.metric));
  Profile profile;
  profile.metric = sink.metrics[metric];
  for (const Figure& figure : sink.figures) {
    if (figure.metric != metric || figure.node >= sink.num_complete) continue;
    Kernel& kernel = profile.kernels.emplace_back();
    kernel.name = sink.nodes[figure.node];
    kernel.own = figure.value;
    kernel.executions = 1;
  }
  if (!read.ok()) {
    profile.notes.push_back("the file ends in the middle: what is before that was read");
  }
  return profile;
}

}  // namespace modelexport
