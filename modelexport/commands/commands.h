// All commands of the programs: a new one is a row here, with its header.
#ifndef MODELEXPORT_COMMANDS_COMMANDS_H_
#define MODELEXPORT_COMMANDS_COMMANDS_H_

#include "modelexport/commands/analyze.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/compare.h"
#include "modelexport/commands/completion.h"
#include "modelexport/commands/explain.h"
#include "modelexport/commands/extract.h"
#include "modelexport/commands/profile.h"
#include "modelexport/commands/rename.h"
#include "modelexport/commands/select.h"
#include "modelexport/commands/strip.h"
#include "modelexport/commands/tag.h"
#include "modelexport/commands/tap.h"
#include "modelexport/commands/validate.h"
#include "modelexport/commands/view.h"

namespace modelexport {

struct Command {
  const char* name;
  int (*run)(const Console& console, const Arguments& arguments);  // Returns the exit code.
  const char* arguments;
  const char* summary;
};

// In the order of `modelexport help`.
inline constexpr Command kCommands[] = {
    {"tag", TagCommand, "IN HIERARCHY OUT", "tags the nodes of IN with their modules"},
    {"strip", StripCommand, "IN OUT", "removes the tags of a file, and nothing else"},
    {"rename", RenameCommand, "IN OUT", "names the nodes of a file by their modules"},
    {"validate", ValidateCommand, "IN", "checks the tags of a file"},
    {"explain", ExplainCommand, "IN HIERARCHY NODE", "shows why a node has its module"},
    {"analyze", AnalyzeCommand, "IN", "prints a table of the modules of a file"},
    {"profile", ProfileCommand, "IN --events=FILE", "where the time goes, module by module"},
    {"select", SelectCommand, "IN PATTERN...", "prints the nodes of modules, for other tools"},
    {"extract", ExtractCommand, "IN OUT --module=M", "writes one module as a model of its own"},
    {"tap", TapCommand, "IN [OUT]", "makes the outputs of modules outputs of the model"},
    {"compare", CompareCommand, "A B", "what differs between two models, module by module"},
    {"view", ViewCommand, "IN -o OUT.html", "a page that shows modules and their graph"},
    {"completion", CompletionCommand, "SHELL", "prints a script for the shell's completion"},
};

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_COMMANDS_H_
