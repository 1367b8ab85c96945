#include "modelexport/commands/placement_file.h"

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {
namespace {

enum Id { kFile, kEvents, kEvent, kCategory, kEventName, kArguments, kProvider, kOther, kNode };

constexpr unsigned kNoList = kJsonNull | kJsonInteger | kJsonNumber | kJsonString | kJsonObject;

const JsonMember kArgumentMembers[] = {{"provider", {kProvider, kJsonString}}};
const JsonMember kEventMembers[] = {
    {"cat", {kCategory, kJsonString | kJsonNull}},
    {"name", {kEventName, kJsonString | kJsonNull}},
    {"args", {kArguments, kNoList, kArgumentMembers}},
};
const JsonSchema kEventSchema = {kEvent, kJsonObject, kEventMembers};
const JsonSchema kNodeName = {kNode, kJsonString};
const JsonSchema kNodeNames = {kOther, kJsonList | kNoList, {}, &kNodeName};
const JsonMember kFileMembers[] = {{"traceEvents", {kEvents, kJsonList, {}, &kEventSchema}}};
const JsonSchema kFileSchema = {kFile, kJsonObject | kJsonList, kFileMembers, &kEventSchema,
                                &kNodeNames};

// Providers by the names of nodes.
class PlacementSink : public JsonSink {
 public:
  void OnString(int id, absl::string_view value) override {
    if (id == kCategory) category_ = std::string(value);
    if (id == kEventName) event_ = std::string(value);
    if (id == kProvider) provider_ = std::string(value);
    if (id == kNode) Place(value, member_);
  }

  void OnName(int /*id*/, absl::string_view name) override { member_ = std::string(name); }

  absl::Status OnEnd(int id) override {
    if (id != kEvent) return absl::OkStatus();
    absl::string_view name = event_;
    if (category_ == "Node" && !provider_.empty() && absl::ConsumeSuffix(&name, "_kernel_time")) {
      Place(name, provider_);
    }
    category_.clear();
    event_.clear();
    provider_.clear();
    return absl::OkStatus();
  }

  const absl::flat_hash_map<std::string, std::string>& providers() const { return providers_; }

 private:
  // "" is the provider of what has several.
  void Place(absl::string_view node, absl::string_view provider) {
    if (node.empty()) return;
    absl::ConsumeSuffix(&provider, "ExecutionProvider");
    std::string& placed = providers_.try_emplace(node, provider).first->second;
    if (placed != provider) placed.clear();
  }

  absl::flat_hash_map<std::string, std::string> providers_;
  std::string category_, event_, provider_;  // Of the event that is read.
  std::string member_;
};

// As "placement: 3 of 75 nodes are not in FILE".
void AddNote(size_t count, size_t all, absl::string_view what, PlacedNodes* placed) {
  if (count > 0) placed->notes.push_back(absl::StrCat("placement: ", count, " of ", all, what));
}

}  // namespace

absl::StatusOr<PlacedNodes> ReadPlacement(const std::string& path, const GraphView& graph,
                                          const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> file, OpenFile(path, cancelled));
  MX_ASSIGN_OR_RETURN(const std::string json, file->ReadString({0, file->size()}));
  PlacementSink sink;
  const absl::Status read = ReadJson(json, kFileSchema, &sink, cancelled);
  if (!read.ok()) return Annotate(read, path);
  PlacedNodes placed{NodeLabels(graph.num_nodes()), {}};
  absl::flat_hash_set<absl::string_view> found;  // Names of the file.
  size_t several = 0, elsewhere = 0;
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    const NodeId node(n);
    const auto provider = sink.providers().find(graph.name(node));
    if (provider == sink.providers().end()) {
      ++elsewhere;
      continue;
    }
    found.insert(provider->first);
    if (provider->second.empty()) {
      ++several;
    } else {
      placed.providers.Set(node, provider->second);
    }
  }
  if (found.empty() && graph.num_nodes() > 0) {
    return WithFault(absl::FailedPreconditionError(absl::StrCat(
                         path, ": none of its ", sink.providers().size(),
                         " names is that of a node of ", graph.index().source().name())),
                     Fault::kJudged);
  }
  const size_t nodes = graph.num_nodes(), names = sink.providers().size();
  AddNote(elsewhere, nodes, absl::StrCat(" nodes are not in ", path), &placed);
  AddNote(several, nodes, absl::StrCat(" nodes have several providers in ", path), &placed);
  AddNote(names - found.size(), names, absl::StrCat(" names in ", path, " are no node's"), &placed);
  return placed;
}

}  // namespace modelexport
