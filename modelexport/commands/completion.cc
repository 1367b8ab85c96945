#include "modelexport/commands/completion.h"

#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {
namespace {

struct Shell {
  absl::string_view name;
  absl::string_view script;
};

// The scripts ask the program itself for its commands, flags and the words of a flag, so they stay
// true when it changes. Elsewhere paths are completed.
constexpr Shell kShells[] = {
    {"bash", R"sh(_modelexport_words() {
  if [[ $1 == '' ]]; then
    modelexport help 2>/dev/null | sed -n 's/^  \([a-z_]*\) .*/\1/p'
  elif [[ $2 == '' ]]; then
    modelexport "$1" --help 2>/dev/null | sed -n 's/^  \(--[a-z_0-9]*=\{0,1\}\).*/\1/p'
  else
    modelexport "$1" --help 2>/dev/null | sed -n "s/^  $2=\([a-z_|]*\)$/\1/p" | tr '|' '\n'
  fi
}
_modelexport() {
  local line=${COMP_LINE:0:COMP_POINT} words current
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=${words[-1]}
  if ((${#words[@]} <= 2)); then
    COMPREPLY=($(compgen -W "$(_modelexport_words '' '') help" -- "$current"))
  elif [[ $current == --*=* ]]; then
    COMPREPLY=($(compgen -W "$(_modelexport_words "${words[1]}" "${current%%=*}")" -- "${current#*=}"))
    ((${#COMPREPLY[@]})) || COMPREPLY=($(compgen -f -- "${current#*=}"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$(_modelexport_words "${words[1]}" '')" -- "$current"))
    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  elif [[ ${words[1]} == help ]]; then
    COMPREPLY=($(compgen -W "$(_modelexport_words '' '') findings" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _modelexport modelexport
)sh"},
    {"zsh", R"sh(#compdef modelexport
_modelexport() {
  local current=${words[CURRENT]} command=${words[2]}
  local -a found
  if ((CURRENT == 2)) || [[ $command == help ]]; then
    found=(${(f)"$(modelexport help 2>/dev/null | sed -n 's/^  \([a-z_]*\) .*/\1/p')"})
    ((CURRENT == 2)) && found+=(help) || found+=(findings)
    compadd -a found
  elif [[ $current == --*=* ]]; then
    found=(${(f)"$(modelexport $command --help 2>/dev/null |
      sed -n "s/^  ${current%%=*}=\([a-z_|]*\)$/\1/p" | tr '|' '\n')"})
    compset -P '*='
    if ((${#found})); then compadd -a found; else _files; fi
  elif [[ $current == -* ]]; then
    found=(${(f)"$(modelexport $command --help 2>/dev/null |
      sed -n 's/^  \(--[a-z_0-9]*=\{0,1\}\).*/\1/p')"})
    compadd -S '' -a found
  else
    _files
  fi
}
compdef _modelexport modelexport
)sh"},
    {"fish", R"sh(function __modelexport_commands
    modelexport help 2>/dev/null | sed -n 's/^  \([a-z_]*\) .*/\1/p'
end
function __modelexport_flags
    set -l words (commandline -opc)
    set -l text (modelexport $words[2] --help 2>/dev/null)
    set -l flag (string match -r '^--[a-z_0-9]+=' -- (commandline -ct))
    if test -z "$flag"
        string match -rg '^  (--[a-z_0-9]+=?)' -- $text
        return
    end
    set -l line (string match -rg "^  $flag([a-z_|]+)\$" -- $text)
    if test -n "$line"
        printf "$flag%s\n" (string split '|' -- $line)
    else
        printf "$flag%s\n" (__fish_complete_path (string replace -- $flag '' (commandline -ct)))
    end
end
complete -c modelexport -n __fish_use_subcommand -f -a '(__modelexport_commands) help'
complete -c modelexport -n '__fish_seen_subcommand_from help' -f -a '(__modelexport_commands) findings'
complete -c modelexport -n 'not __fish_use_subcommand; and string match -q -- "-*" (commandline -ct)' -f -a '(__modelexport_flags)'
)sh"},
};

CommandHelp Help() {
  return {
      "bash|zsh|fish",
      "Prints a script by which the shell completes commands, flags, their values and paths.\n\n"
      "For bash: source <(modelexport completion bash). For zsh the same, after compinit. For "
      "fish: modelexport completion fish | source.",
      "Exit code: 0 done; 2 wrong usage.", "bash"};
}

absl::Status RunCompletion(const Console& console, const Arguments& arguments) {
  if (arguments.size() != 1) {
    return UsageError(
        absl::StrCat("one shell is wanted, bash, zsh or fish, not ", arguments.size()));
  }
  for (const Shell& shell : kShells) {
    if (shell.name != arguments[0]) continue;
    *console.out << shell.script;
    return absl::OkStatus();
  }
  return UsageError(absl::StrCat(arguments[0], ": is none of bash, zsh, fish"));
}

}  // namespace

int CompletionCommand(const Console& console, const Arguments& arguments) {
  return RunCommand(console, Help(), {}, arguments,
                    [&](const auto& rest) { return RunCompletion(console, rest); });
}

}  // namespace modelexport
