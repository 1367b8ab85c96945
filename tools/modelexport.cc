// All commands in one program: modelexport COMMAND ARGUMENTS [flags]
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "modelexport/base/nearest.h"
#include "modelexport/base/version.h"
#include "modelexport/commands/commands.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/reports.h"
#include "modelexport/validation/finding.h"
#include "modelexport/view/page/empty_page.h"
#include "tools/runner.h"

namespace modelexport::tools {
namespace {

std::string Usage() {
  std::string text = "usage: modelexport COMMAND ARGUMENTS [flags]\n\n";
  for (const Command& command : kCommands) {
    absl::StrAppendFormat(&text, "  %-10s %-18s %s\n", command.name, command.arguments,
                          command.summary);
  }
  return text +
         "\nmodelexport help COMMAND says more about each, modelexport help findings about\n"
         "what validation finds; --version prints the version.\n";
}

std::string NoSuchCommand(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.push_back(command.name);
  return absl::StrCat(Printable(name), ": no such command", DidYouMean(name, names));
}

int Run(const std::string& name, const Arguments& arguments) {
  for (const Command& command : kCommands) {
    if (command.name == name) {
      return RunOnConsole(command.run, absl::StrCat("modelexport ", name), arguments,
                          EmptyViewPage());
    }
  }
  std::cerr << "modelexport: " << (name.empty() ? "a command is wanted" : NoSuchCommand(name))
            << "\n"
            << Usage();
  return 2;
}

int Main(Arguments arguments) {
  if (arguments.empty()) return Run("", {});
  const std::string name = arguments[0];
  arguments.erase(arguments.begin());
  if (name == "--version" || name == "version") {
    std::cout << "modelexport " << kVersion << "\n";
    return EndOutput("modelexport", 0);
  }
  if (name != "help" && name != "--help" && name != "-h") return Run(name, arguments);
  if (!arguments.empty() && arguments[0] != "findings") return Run(arguments[0], {"--help"});
  std::cout << (arguments.empty() ? Usage() : RenderText(FindingCodes()));
  return EndOutput("modelexport", 0);
}

}  // namespace
}  // namespace modelexport::tools

int main(int argc, char** argv) { return modelexport::tools::Main({argv + 1, argv + argc}); }
