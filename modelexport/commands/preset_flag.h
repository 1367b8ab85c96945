// The flag --keys, for commands that write or remove metadata.
#ifndef MODELEXPORT_COMMANDS_PRESET_FLAG_H_
#define MODELEXPORT_COMMANDS_PRESET_FLAG_H_

#include <string>

#include "absl/status/statusor.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {

// All of them, as "modelexport, winml".
std::string PresetNames();

// The presets that the value of --keys names, separated by commas, in any order and as often as the
// user likes. An empty list or a name that there is not is an error with Fault::kUsage.
absl::StatusOr<PresetSet> ChoosePresets(const std::string& keys);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_PRESET_FLAG_H_
