// Lines of the form "label       text", which all reports consist of.
#ifndef MODELEXPORT_RENDER_LABELLED_H_
#define MODELEXPORT_RENDER_LABELLED_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/base/stages.h"

namespace modelexport {

// One line, whatever is in `text`: names of a model can hold line feeds and other control
// characters.
std::string Line(absl::string_view label, absl::string_view text);

// A line for each of the first `most` texts, with the label before the first, and one that counts
// the others.
std::string Lines(absl::string_view label, const std::vector<std::string>& texts,
                  size_t most = static_cast<size_t>(-1));

// How the validation of `level` ended; "" if the run did not get there.
std::string ValidationLine(absl::string_view level, const std::vector<std::string>& findings);

// The stages in milliseconds; "" without stages.
std::string TimeLine(const std::vector<StageTime>& stages);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_LABELLED_H_
