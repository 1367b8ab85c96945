#include "modelexport/commands/view.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/external_references.h"
#include "modelexport/commands/infer_infos.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/commands/same_file.h"
#include "modelexport/files/folder.h"
#include "modelexport/files/output_file.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/render/printable.h"
#include "modelexport/view/read_view_data.h"
#include "modelexport/view/view_json.h"
#include "modelexport/view/view_page.h"

namespace modelexport {
namespace {

// The types of all values, inferred where they are not declared.
absl::StatusOr<std::vector<ValueType>> TypesOf(const GraphView& graph,
                                               const TypeInference& inference,
                                               std::vector<std::string>* notes) {
  MX_ASSIGN_OR_RETURN(const Declarations declared, Declarations::Read(graph.index()));
  std::vector<ValueId> values;
  for (size_t v = 0; v < graph.values().size(); ++v) values.push_back(ValueId(v));
  MX_ASSIGN_OR_RETURN(std::vector<ValueInfo> infos,
                      InferInfos(graph, declared, values, inference, notes));
  std::vector<ValueType> types;
  types.reserve(infos.size());
  for (ValueInfo& info : infos) types.push_back(std::move(info.type));
  return types;
}

absl::StatusOr<ViewData> Collect(const ViewRequest& request) {
  MX_ASSIGN_OR_RETURN(OwnedModel owned,
                      ReadOwned(request.model, request.hierarchy, request.cancelled));
  MX_RETURN_IF_ERROR(RefuseDataFile(request.model, owned.graph(), request.output));
  MX_ASSIGN_OR_RETURN(const std::vector<ValueType> types,
                      TypesOf(owned.graph(), request.inference, &owned.notes));
  MX_ASSIGN_OR_RETURN(ViewData data, ReadViewData(OwnedGraph::Of(owned), types, request.cancelled));
  data.model = request.model.substr(FolderOf(request.model).size());
  data.source = owned.source.substr(FolderOf(owned.source).size());
  data.notes = std::move(owned.notes);
  return data;
}

absl::Status Write(const ViewRequest& request, absl::string_view page) {
  MX_ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> out,
                      OutputFile::Create(request.output, request.cancelled));
  MX_RETURN_IF_ERROR(out->Append(page));
  return out->Commit(Sync::kWhenReplacing);
}

}  // namespace

absl::StatusOr<ViewOutcome> View(const ViewRequest& request) {
  MX_RETURN_IF_ERROR(RefuseSameFile({"--out", request.output},
                                    {{"IN", request.model}, {"--hierarchy", request.hierarchy}}));
  MX_ASSIGN_OR_RETURN(const ViewData data, Collect(request));
  MX_ASSIGN_OR_RETURN(const std::string page, FillPage(request.empty_page, ToJson(data)));
  MX_RETURN_IF_ERROR(Write(request, page));
  return ViewOutcome{data.nodes.size(), data.modules.size()};
}

// The command line.

namespace {

struct ViewFlags {
  ViewRequest request;
  bool quiet = false;
};

std::vector<Flag> MakeFlags(ViewFlags* flags) {
  return {
      {"out", "OUT.html", "The page that is written; -o OUT.html is the same.",
       [flags](const std::string& value) {
         if (value.empty()) return absl::InvalidArgumentError("is empty");
         flags->request.output = UserPath(value);
         return absl::OkStatus();
       }},
      SourceFlag(&flags->request.hierarchy),
      {"quiet", "", "Prints nothing but errors. Default: false.", SetBool(&flags->quiet)},
  };
}

CommandHelp Help() {
  return {
      "IN.onnx -o OUT.html [flags]",
      R"(Writes a page that shows IN in a browser: the tree of its modules with their figures, and their
graph, in which modules open and close. The page is one file, needs no network, and has nothing of
the weights.
)",
      R"(Exit code: 0 done; 1 the sidecar is of another model; 2 wrong usage; 3 an input is missing or
malformed; 4 the page could not be written.
)",
      "testdata/resnet50/torchscript/model.onnx -o resnet50.html"};
}

std::string Counted(size_t count, absl::string_view word) {
  return absl::StrCat(count, " ", word, count == 1 ? "" : "s");
}

absl::Status RunView(const Console& console, const Arguments& arguments, ViewFlags* flags) {
  ViewRequest& request = flags->request;
  if (arguments.size() != 1) {
    return UsageError(absl::StrCat("one path is wanted, IN, not ", arguments.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN"}, arguments));
  if (request.output.empty()) return UsageError("-o OUT.html is wanted");
  if (console.view_page.empty()) return absl::UnimplementedError("this program has no page");
  request.model = UserPath(arguments[0]);
  request.empty_page = console.view_page;
  request.inference = console.inference;
  request.cancelled = console.cancel_on_signals();
  MX_ASSIGN_OR_RETURN(const ViewOutcome outcome, View(request));
  if (flags->quiet) return absl::OkStatus();
  *console.out << Printable(request.output) << ": " << Counted(outcome.nodes, "node") << ", "
               << Counted(outcome.modules, "module") << "\n";
  return absl::OkStatus();
}

}  // namespace

int ViewCommand(const Console& console, const Arguments& arguments) {
  ViewFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& rest) { return RunView(console, rest, &flags); });
}

}  // namespace modelexport
