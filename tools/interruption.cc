#include "tools/interruption.h"

#include <csignal>
#include <initializer_list>

namespace modelexport::tools {
namespace {

std::atomic<bool> g_cancelled{false};
volatile std::sig_atomic_t g_signal = 0;

void OnSignal(int signal) {
  g_signal = signal;
  g_cancelled = true;
}

}  // namespace

const std::atomic<bool>* CancelOnSignals() {
  static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (std::signal(signal, OnSignal) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
  return &g_cancelled;
}

void FailOnTooLargeFiles() { std::signal(SIGXFSZ, SIG_IGN); }

void EndBySignal() {
  if (g_signal == 0) return;
  std::signal(g_signal, SIG_DFL);
  std::raise(g_signal);
}

}  // namespace modelexport::tools
