#include "modelexport/commands/profile.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/collect_view.h"
#include "modelexport/commands/measured_model.h"
#include "modelexport/commands/read_costs.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/commands/time_table.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/modules/pattern.h"
#include "modelexport/render/chrome_trace.h"
#include "modelexport/render/folded_stacks.h"
#include "modelexport/render/printable.h"
#include "modelexport/view/view_json.h"
#include "modelexport/view/view_page.h"

namespace modelexport {
namespace {

// That of --against.
MeasureRequest OtherRequest(const ProfileRequest& request) {
  MeasureRequest other = request.measure;
  other.events = request.against;
  if (!request.against_model.empty()) {
    other.model = request.against_model;
    other.hierarchy.clear();
  }
  return other;
}

}  // namespace

absl::StatusOr<ModuleProfile> ProfileModules(const ProfileRequest& request) {
  MX_ASSIGN_OR_RETURN(const Pattern pattern, Pattern::Parse(request.filter));
  MX_ASSIGN_OR_RETURN(const MeasuredModel measured, Measure(request.measure));
  std::unique_ptr<const MeasuredModel> other;
  if (!request.against.empty()) {
    MX_ASSIGN_OR_RETURN(MeasuredModel read, Measure(OtherRequest(request)));
    if (read.profile.metric != measured.profile.metric) {
      return absl::InvalidArgumentError(absl::StrCat(
          request.against, ": its figures are not what those of ", request.measure.events, " are"));
    }
    other = std::make_unique<const MeasuredModel>(std::move(read));
  }
  std::vector<bool> filter;
  if (!request.filter.empty()) {
    absl::StatusOr<std::vector<bool>> modules = pattern.Modules(OwnedGraph::Of(measured.owned));
    if (!modules.ok()) return Annotate(modules.status(), request.measure.model);
    filter = *std::move(modules);
  }
  std::vector<std::string> notes;
  std::vector<NodeCost> costs;
  if (request.costs) {
    MX_ASSIGN_OR_RETURN(costs, ReadNodeCosts(measured.owned.graph(), request.measure.shapes,
                                             request.measure.options.cancelled, &notes));
  }
  ModuleProfile profile = TabulateTimes(request, {measured, other.get(), filter, costs});
  profile.notes.insert(profile.notes.end(), notes.begin(), notes.end());
  return profile;
}

// The command line.

namespace {

// As many levels as a screen has room for in most models.
constexpr uint32_t kUsualDepth = 3;

enum class ProfileFormat : uint8_t { kText, kJson, kCsv, kMarkdown, kFolded, kTrace, kHtml };

struct ProfileFlags {
  ProfileRequest request;
  ProfileFormat format = ProfileFormat::kText;
  absl::optional<double> depth;
  double warmup = 1;
};

std::vector<Flag> MakeFlags(ProfileFlags* flags) {
  ProfileRequest& request = flags->request;
  return {
      {"events", "FILE",
       "What a profiler wrote while IN ran: that of ONNX Runtime, TensorRT, winml-cli, QNN or "
       "OpenVINO, or numbers by node.",
       SetString(&request.measure.events)},
      {"layers", "FILE", "Of TensorRT: what layers are made of, from trtexec --exportLayerInfo.",
       SetString(&request.measure.options.layers)},
      {"fused", "split|owner",
       "How the time of a layer is counted if it is made of nodes of several modules. split: "
       "divided among the nodes by their multiply-accumulates, equally if those of one node are "
       "not known; owner: all for the module of the node with the largest weight. Default: split.",
       SetWord<FusedLayers>(&request.measure.fused,
                            {{"split", FusedLayers::kSplit}, {"owner", FusedLayers::kOwner}})},
      SourceFlag(&request.measure.hierarchy),
      {"warmup", "N", "How many runs at the beginning are left out. Default: 1.",
       SetNumber(&flags->warmup, 0, 1e9)},
      {"depth", "N", "How many levels below the root are shown. Default: 3; all in JSON and CSV.",
       [flags](const std::string& value) {
         flags->depth.emplace();
         return SetNumber(&*flags->depth, 0, UINT32_MAX)(value);
       }},
      {"fold", "on|off",
       "Whether equal modules in a row are one row, with their times together. Default: off.",
       SetWord<Folding>(&request.folding, {{"on", Folding::kOn}, {"off", Folding::kOff}})},
      {"filter", "PATTERN",
       "Shows modules that match PATTERN (see `modelexport help select`), and those below them. "
       "Default: all.",
       [&request](const std::string& value) {
         request.filter = {value};
         return absl::OkStatus();
       }},
      {"sort", "total|own|module",
       "Sorts modules of one parent by their time, the greatest first, or leaves them in their "
       "order. Default: total.",
       SetWord<std::string>(&request.sort,
                            {{"total", "total"}, {"own", "own"}, {"module", "module"}})},
      {"against", "FILE",
       "Another profile, whose times are shown beside those of --events, by module.",
       SetString(&request.against)},
      {"against_model", "FILE", "The graph that ran there, if it is another one. Default: IN.",
       SetString(&request.against_model)},
      {"costs", "", "Adds a column of multiply-accumulates for each second, in GMAC/s.",
       SetBool(&request.costs)},
      DimFlag(&request.measure.shapes.dims),
      {"metric", "NAME", "Which figure of numbers by node is summed up. Default: the only one.",
       SetString(&request.measure.options.metric)},
      {"min_attributed", "SHARE",
       "Exit 1, without a table, if a smaller share of the time is attributed to modules: IN is "
       "then "
       "hardly the graph that ran. Default: 0.5.",
       SetNumber(&request.measure.min_attributed, 0, 1)},
      {"format", "text|json|csv|md|folded|trace|html",
       "folded: a line for each kernel and the modules around it, for flame graphs; trace: Chrome "
       "trace events, for Perfetto; html: the page of `modelexport view` with these times. "
       "Default: "
       "text.",
       SetWord<ProfileFormat>(&flags->format, {{"text", ProfileFormat::kText},
                                               {"json", ProfileFormat::kJson},
                                               {"csv", ProfileFormat::kCsv},
                                               {"md", ProfileFormat::kMarkdown},
                                               {"folded", ProfileFormat::kFolded},
                                               {"trace", ProfileFormat::kTrace},
                                               {"html", ProfileFormat::kHtml}})},
  };
}

CommandHelp Help() {
  return {
      "IN.onnx --events=FILE [flags]",
      R"(Prints where the time goes, by module: what a profiler measured while IN ran. IN must be
the graph that ran, and must be tagged. For an optimised model this is the file that ONNX Runtime
saved, tagged with the tagged original as HIERARCHY.
)",
      R"(Exit code: 0 done; 1 IN is not the graph that ran, or too little time is attributed, or a pattern
matches nothing; 2 wrong usage; 3 an input is missing or malformed.
)",
      "testdata/profiles/bert_tiny_extended.onnx "
      "--events=testdata/profiles/bert_tiny_extended.json"};
}

void Complete(ProfileFlags* flags) {
  ProfileRequest& request = flags->request;
  const bool for_people =
      flags->format == ProfileFormat::kText || flags->format == ProfileFormat::kMarkdown;
  request.tree = flags->format == ProfileFormat::kText;
  request.costs = request.costs || !request.measure.shapes.dims.empty();
  request.labels = flags->format != ProfileFormat::kJson;

  request.measure.options.warmup = static_cast<size_t>(flags->warmup);
  if (flags->depth.has_value()) {
    request.depth = static_cast<uint32_t>(*flags->depth);
  } else if (for_people) {
    request.depth = kUsualDepth;
  }
}

std::string Time(double microseconds) {
  return microseconds < 1e3   ? absl::StrFormat("%.1f us", microseconds)
         : microseconds < 1e6 ? absl::StrFormat("%.2f ms", microseconds / 1e3)
                              : absl::StrFormat("%.2f s", microseconds / 1e6);
}

std::string RunsText(const ModuleProfile& profile) {
  const KeptRuns& runs = profile.runs;
  if (!profile.metric.empty()) return absl::StrCat("sums of ", Printable(profile.metric));
  if (!runs.median.has_value()) return absl::StrCat("kernel time ", Time(profile.kernel_time));
  std::string text = absl::StrCat("mean of ", runs.kept, " of ", runs.seen, " runs");
  if (runs.warmup == 1) text += ", the first left out";
  if (runs.warmup > 1) absl::StrAppend(&text, ", the first ", runs.warmup, " left out");
  return absl::StrCat(text, "; kernel time of a run: ", Time(*runs.least), " to ", Time(*runs.most),
                      ", median ", Time(*runs.median));
}

// Rounding alone is no remainder.
std::string HowDivided(const ModuleProfile& profile) {
  const double rest = *profile.divided - profile.by_macs;
  if (profile.by_macs <= 0) return "divided equally among their nodes";
  const std::string by_macs = "divided among their nodes by multiply-accumulates";
  if (rest < 1e-9) return by_macs;
  return absl::StrCat(by_macs, ", ", absl::StrFormat("%.1f%%", 100 * rest), " equally");
}

// What the table does not say of itself.
void PrintNotes(const ModuleProfile& profile, FusedLayers fused, std::ostream* out) {
  *out << "\n" << RunsText(profile) << "\n";
  if (profile.attributed.has_value()) {
    *out << absl::StrFormat("%.1f%% attributed", 100 * *profile.attributed) << "; ";
  }
  *out << "modules from " << Printable(profile.source) << "\n";
  if (profile.divided.has_value()) {
    *out << absl::StrFormat("%.1f%%", 100 * *profile.divided)
         << " is of layers of several modules: "
         << (fused == FusedLayers::kSplit ? HowDivided(profile)
                                          : "of the module of the node with the largest weight")
         << " (own *)\n";
  }
  if (profile.shared.has_value()) {
    *out << absl::StrFormat("%.1f%%", 100 * *profile.shared)
         << " is of nodes that do the work of other modules too (kernels *)\n";
  }
  for (const std::string& note : profile.notes) *out << "note: " << Printable(note) << "\n";
}

std::string FoldedText(const ModuleProfile& profile) {
  std::vector<FoldedStack> stacks;
  stacks.reserve(profile.flames.size());
  for (const Flame& flame : profile.flames) {
    stacks.push_back({flame.frames, std::llround(std::min(flame.time, 9e18))});
  }
  return RenderFolded(stacks);
}

std::string TraceText(const ProfileRequest& request, const ModuleProfile& profile) {
  Trace trace;
  trace.program = "modelexport profile";
  const double runs = static_cast<double>(profile.runs.kept);
  for (const FlameSpan& span : SpansOf(profile.flames)) {
    trace.stages.push_back(
        {span.name, span.begin / runs, span.duration / runs, span.is_kernel ? "kernel" : "module"});
  }
  trace.about = {{"model", request.measure.model},
                 {"events", request.measure.events},
                 {"runs", absl::StrCat(profile.runs.kept)}};
  return RenderTrace(trace);
}

// All modules and nodes, whatever rows the table has.
absl::StatusOr<std::string> PageText(const ProfileRequest& request, absl::string_view empty_page) {
  ViewSources sources;
  sources.model = request.measure.model;
  sources.hierarchy = request.measure.hierarchy;
  sources.events = request.measure.events;
  sources.how_to_read_events = request.measure.options;
  sources.shapes = request.measure.shapes;
  sources.cancelled = request.measure.options.cancelled;
  MX_ASSIGN_OR_RETURN(const ViewData data, CollectView(sources));
  return FillPage(empty_page, ToJson(data));
}

absl::Status Print(const Console& console, const ProfileFlags& flags,
                   const ModuleProfile& profile) {
  const TextStyle style = {console.width, console.colours};
  switch (flags.format) {
    case ProfileFormat::kText:
      WriteTable(profile.table, TableFormat::kText, style, *console.out);
      PrintNotes(profile, flags.request.measure.fused, console.out);
      break;
    case ProfileFormat::kJson:
      WriteTable(profile.table, TableFormat::kJson, style, *console.out);
      break;
    case ProfileFormat::kCsv:
      WriteTable(profile.table, TableFormat::kCsv, style, *console.out);
      break;
    case ProfileFormat::kMarkdown:
      WriteTable(profile.table, TableFormat::kMarkdown, style, *console.out);
      break;
    case ProfileFormat::kFolded:
      *console.out << FoldedText(profile);
      break;
    case ProfileFormat::kTrace:
      *console.out << TraceText(flags.request, profile);
      break;
    case ProfileFormat::kHtml: {
      MX_ASSIGN_OR_RETURN(const std::string page, PageText(flags.request, console.view_page));
      *console.out << page;
    }
  }
  return absl::OkStatus();
}

absl::Status RunProfile(const Console& console, const Arguments& arguments, ProfileFlags* flags) {
  if (arguments.size() != 1) {
    return UsageError(absl::StrCat("one path is wanted, IN, not ", arguments.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN"}, arguments));
  ProfileRequest& request = flags->request;
  if (request.measure.events.empty()) return UsageError("--events is wanted");
  if (!request.against_model.empty() && request.against.empty()) {
    return UsageError("--against_model is of --against, which is not given");
  }
  if (flags->format == ProfileFormat::kHtml) {
    if (!request.against.empty()) return UsageError("--format=html shows no second profile");
    if (console.view_page.empty()) return absl::UnimplementedError("this program has no page");
  }
  request.measure.model = UserPath(arguments[0]);
  for (std::string* path : {&request.measure.events, &request.measure.options.layers,
                            &request.against, &request.against_model}) {
    if (!path->empty()) *path = UserPath(*path);
  }
  request.measure.shapes.inference = console.inference;
  request.measure.options.cancelled = console.cancel_on_signals();
  Complete(flags);
  MX_ASSIGN_OR_RETURN(const ModuleProfile profile, ProfileModules(flags->request));
  return Print(console, *flags, profile);
}

}  // namespace

int ProfileCommand(const Console& console, const Arguments& arguments) {
  ProfileFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& rest) { return RunProfile(console, rest, &flags); });
}

}  // namespace modelexport
