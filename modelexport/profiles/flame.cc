#include "modelexport/profiles/flame.h"

#include <algorithm>
#include <utility>

namespace modelexport {

namespace {

Flame FlameOf(const Kernel& kernel, double part) {
  Flame flame;
  flame.frames = {kernel.name};
  flame.time = part * kernel.own;
  return flame;
}

}  // namespace

std::vector<Flame> FlamesOf(const std::vector<Kernel>& kernels, const KernelShares& shares,
                            const ModuleRows& rows) {
  constexpr double kRounding = 1e-9;
  std::vector<Flame> flames;
  for (size_t k = 0; k < kernels.size(); ++k) {
    double left = 1;
    for (const KernelShare& share : shares.of_kernel[k]) {
      left -= share.part;
      Flame& flame = flames.emplace_back(FlameOf(kernels[k], share.part));
      for (uint32_t row = rows.row_of(share.module); row != 0; row = rows.row(row).parent) {
        flame.frames.push_back(rows.Name(row));
      }
      flame.frames.push_back("(root)");
      std::reverse(flame.frames.begin(), flame.frames.end());
    }
    if (left < kRounding) continue;
    flames.push_back(FlameOf(kernels[k], left));
    flames.back().frames.insert(flames.back().frames.begin(), "(not attributed)");
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
