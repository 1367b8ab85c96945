// measure COMMAND ARGUMENTS...: runs a command without its standard output and prints "SECONDS
// KILOBYTES", the time from its start to its end and the most memory that it had at once. Ends with
// its exit code.
//
// A program of its own because the memory counted for a process includes what the one that started
// it had: this one has next to nothing.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include <cstdio>

static double Now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

int main(int argc, char** argv) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  const double begin = Now();
  pid_t child;
  if (argc < 2 || posix_spawnp(&child, argv[1], &actions, nullptr, argv + 1, environ) != 0) {
    std::fprintf(stderr, "measure: cannot run %s\n", argc < 2 ? "nothing" : argv[1]);
    return 127;
  }
  int status = 0;
  rusage usage;
  if (wait4(child, &status, 0, &usage) != child) return 127;
  std::printf("%.6f %ld\n", Now() - begin, usage.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
