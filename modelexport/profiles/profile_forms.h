// The forms in which profilers write down what they measured, and what tells them apart.
//
// A new form is a function and a row here, the source file that defines the function, its test, and
// a section of docs/commands/profile.md.
#ifndef MODELEXPORT_PROFILES_PROFILE_FORMS_H_
#define MODELEXPORT_PROFILES_PROFILE_FORMS_H_

#include <atomic>
#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/profiles/profile.h"

namespace modelexport {

struct ProfileOptions {
  size_t warmup = 1;   // Runs at the beginning that are left out, where runs can be told apart.
  std::string metric;  // Of ReadNumbers(): which one; "": the only one.
  std::string layers;  // Of ReadTensorRtProfile(): a path; "": names of layers have to do.
  const std::atomic<bool>* cancelled = nullptr;  // Ends reading soon, with kCancelled; null: never.
};

// The readers below read by blocks: memory does not depend on the size of what profiles repeat or
// what is not used. Errors are kInvalidArgument and name the byte or the JSON path, but not the
// source. Events of ONNX Runtime and numbers by node that end too early are read as far as they go,
// with a note.

// Chrome trace events as ONNX Runtime writes them (SessionOptions.enable_profiling): an array, or
// an object with `traceEvents`. Kernels are the events of category "Node" whose names end in
// "_kernel_time", and runs those named "model_run". Others are not counted: fences, and kernels of
// devices (category "Kernel"), whose time is in that of their nodes.
absl::StatusOr<Profile> ReadOrtEvents(const ByteSource& source, const ProfileOptions& options);

// Anybody's figures: {"nodes": {NAME: {METRIC: VALUE, ...}, ...}}. A node without the metric is
// left out. Values are any numbers and are summed up.
absl::StatusOr<Profile> ReadNumbers(const ByteSource& source, const ProfileOptions& options);

// What TensorRT's trtexec writes by --exportProfile: times of layers. What layers are made of is
// read from options.layers, written by --exportLayerInfo, best with --profilingVerbosity=detailed;
// without that file, or where it does not say, from names of layers. The text is read as a whole.
absl::StatusOr<Profile> ReadTensorRtProfile(const ByteSource& source,
                                            const ProfileOptions& options);

// The traces of operators that winml-cli writes (perf --op-tracing) for QNN, OpenVINO and
// TensorRT-RTX. An error if its `status` is another than "ok". The n-th samples of all operators
// are taken for one run.
absl::StatusOr<Profile> ReadWinmlTrace(const ByteSource& source, const ProfileOptions& options);

// The CSV file of ONNX Runtime's QNN provider (profiling_level=detailed). Cycles of nodes become
// microseconds by the cycles and the time of their sample.
absl::StatusOr<Profile> ReadQnnProfile(const ByteSource& source, const ProfileOptions& options);

// The counters of OpenVINO's benchmark_app (-report_type average_counters or detailed_counters):
// layers that were executed.
absl::StatusOr<Profile> ReadOpenVinoCounters(const ByteSource& source,
                                             const ProfileOptions& options);

// What a text of a form has at its top.
struct ProfileForm {
  absl::string_view word;
  absl::string_view described;  // In messages.
  absl::StatusOr<Profile> (*read)(const ByteSource& source, const ProfileOptions& options);
  // Any of these tells it; "" does not.
  absl::string_view object_member;   // Of a JSON object.
  absl::string_view element_member;  // Of one of the first objects in a JSON array.
  absl::string_view first_line;      // How a text that is no JSON begins.
};

// The first that fits is taken.
inline constexpr ProfileForm kProfileForms[] = {
    {"onnxruntime", "ONNX Runtime's profile", ReadOrtEvents, "traceEvents", "cat", ""},
    {"tensorrt", "TensorRT's profile", ReadTensorRtProfile, "", "count", ""},
    {"winml", "winml-cli's trace of operators", ReadWinmlTrace, "operators", "", ""},
    {"qnn", "QNN's CSV", ReadQnnProfile, "", "", "Msg Timestamp,Message,Time,"},
    {"openvino", "OpenVINO's counters", ReadOpenVinoCounters, "", "", "layerName;execStatus;"},
    {"numbers", "numbers by node", ReadNumbers, "nodes", "", ""},
};

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_PROFILE_FORMS_H_
