#include "modelexport/profiles/flame.h"

#include <algorithm>
#include <utility>

#include "modelexport/profiles/module_times.h"

namespace modelexport {

std::vector<Flame> FlamesOf(const std::vector<Kernel>& kernels, const std::vector<uint32_t>& row_of,
                            const ModuleRows& rows) {
  std::vector<Flame> flames;
  flames.reserve(kernels.size());
  for (size_t k = 0; k < kernels.size(); ++k) {
    Flame& flame = flames.emplace_back();
    flame.time = kernels[k].own;
    flame.frames = {kernels[k].name};
    if (row_of[k] == kNoRow) {
      flame.frames.push_back("(not attributed)");
    } else {
      for (uint32_t row = row_of[k]; row != 0; row = rows.row(row).parent) {
        flame.frames.push_back(rows.Name(row));
      }
      flame.frames.push_back("(root)");
    }
    std::reverse(flame.frames.begin(), flame.frames.end());
  }
  return flames;
}

std::vector<FlameSpan> SpansOf(const std::vector<Flame>& flames) {
  std::vector<FlameSpan> spans;
  std::vector<size_t> open;  // Spans of modules around the last flame.
  double now = 0;
  for (const Flame& flame : flames) {
    const size_t modules = flame.frames.size() - 1;
    size_t shared = 0;
    while (shared < std::min(modules, open.size()) &&
           spans[open[shared]].name == flame.frames[shared]) {
      ++shared;
    }
    open.resize(shared);
    for (; shared < modules; ++shared) {
      open.push_back(spans.size());
      spans.push_back({flame.frames[shared], false, now, 0});
    }
    const double time = std::max(flame.time, 0.0);
    spans.push_back({flame.frames.back(), true, now, time});
    now += time;
    for (size_t span : open) spans[span].duration = now - spans[span].begin;
  }
  return spans;
}

}  // namespace modelexport
