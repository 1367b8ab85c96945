// What standard output can show.
#ifndef MODELEXPORT_TOOLS_TERMINAL_H_
#define MODELEXPORT_TOOLS_TERMINAL_H_

#include <cstddef>

namespace modelexport::tools {

// In characters: what COLUMNS says, else the width of the terminal, else 80.
size_t WidthOfOutput();

// Whether it is a terminal that knows escape sequences, and NO_COLOR (https://no-color.org) is not
// set to anything.
bool OutputShowsColours();

}  // namespace modelexport::tools

#endif  // MODELEXPORT_TOOLS_TERMINAL_H_
