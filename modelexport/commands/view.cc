#include "modelexport/commands/view.h"

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/read_costs.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/commands/same_file.h"
#include "modelexport/files/output_file.h"
#include "modelexport/render/printable.h"
#include "modelexport/view/view_json.h"
#include "modelexport/view/view_page.h"

namespace modelexport {
namespace {

absl::Status Write(const ViewRequest& request, absl::string_view page) {
  MX_ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> out,
                      OutputFile::Create(request.output, request.sources.cancelled));
  MX_RETURN_IF_ERROR(out->Append(page));
  return out->Commit(Sync::kWhenReplacing);
}

}  // namespace

absl::StatusOr<ViewOutcome> View(const ViewRequest& request) {
  if (AreSameFile(request.sources.model, request.output)) {
    return UsageError(absl::StrCat(request.output, ": is IN, and the page would replace it"));
  }
  MX_ASSIGN_OR_RETURN(const ViewData data, CollectView(request.sources));
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

FlagSetter SetPath(std::string* target) {
  return [target](const std::string& value) {
    if (value.empty()) return absl::InvalidArgumentError("is empty");
    *target = UserPath(value);
    return absl::OkStatus();
  };
}

Flag ViewDimFlag(DimValues* dims) {
  Flag flag = DimFlag(dims);
  flag.help =
      "The value of a dimension that has a name in IN's inputs, such as batch=1, for MACs; may be "
      "given several times. Default: none.";
  return flag;
}

std::vector<Flag> MakeFlags(ViewFlags* flags) {
  return {
      {"out", "OUT.html", "The page that is written; -o OUT.html is the same.",
       SetPath(&flags->request.output)},
      SourceFlag(&flags->request.sources.hierarchy),
      ViewDimFlag(&flags->request.sources.shapes.dims),
      {"events", "FILE",
       "A profile of IN in any form that `modelexport profile` takes: sizes and colours by time. "
       "Default: none.",
       SetPath(&flags->request.sources.events)},
      {"compare", "OTHER.onnx",
       "Another version of IN: colours show which nodes are those of OTHER, as far as names and "
       "wiring prove it. Default: none.",
       SetPath(&flags->request.sources.compare)},
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
      R"(Exit code: 0 done; 1 the sidecar or the profile is of another model; 2 wrong usage; 3 an input is missing or
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
  request.sources.model = UserPath(arguments[0]);
  request.empty_page = console.view_page;
  request.sources.shapes.inference = console.inference;
  request.sources.cancelled = console.cancel_on_signals();
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
