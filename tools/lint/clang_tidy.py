"""clang_tidy.py FILE...: clang-tidy over the files, a process for each core. Exits non-zero with findings.

Most of what clang-tidy does for a file is to read what it includes and to look for mistakes there, so files are read in
groups: one translation unit includes several of them. Files of which one may change what a name means in another do not
meet in a group, and a group that does not compile is read again, file by file.

Flags are fixed rather than asked of Bazel for each file: all libraries but onnx lie where the compiler looks anyway.
"""

from __future__ import annotations

import concurrent.futures
import functools
import os
import pathlib
import re
import subprocess
import sys
import tempfile

MOST = 12  # Files in a group.
FLAGS = ["-xc++", "-std=c++17", "-iquote", ".", "-iquote", ".bazel/bin"]
# What clang-tidy says of findings that it does not show, in the headers of others.
COUNTS = re.compile(r"^(\d+ warnings?( and \d+ errors?)? (generated|treated as errors?)|Error while processing .*)")
COMPILER = "[clang-diagnostic-error]"


@functools.lru_cache(maxsize=None)
def read(path: str) -> str:
    return pathlib.Path(path).read_text()


# At the beginning of a line, as clang-format leaves what stands in a namespace.
DEFINED = [
    re.compile(r"^(?:class|struct|union|enum(?: class)?) (\w+)", re.M),
    re.compile(r"^using (\w+) =", re.M),
    re.compile(r"^#define (\w+)", re.M),
    re.compile(r"^(?!using |#)[A-Za-z][^;(={/]*?(?<!::)\b(\w+)(?:\[\w*\])?(?: =|\(|\{|;)", re.M),
]
ENUMERATORS = re.compile(r"^(?:constexpr )?enum\b(?! class)[^{;]*\{([^}]*)\}", re.M)
INCLUDED = re.compile(r'^#include "([^"]+)"', re.M)


@functools.lru_cache(maxsize=None)
def defined(path: str) -> frozenset[str]:
    """The names that the file may define outside of classes and functions; a few too many."""
    names = {name for pattern in DEFINED for name in pattern.findall(read(path))}
    if path.endswith(".cc"):
        names.update(*(re.findall(r"\w+", values) for values in ENUMERATORS.findall(read(path))))
    return frozenset(names)


@functools.lru_cache(maxsize=None)
def included(path: str) -> frozenset[str]:
    """The headers of this repository that the file includes, directly or not."""
    headers = {header for header in INCLUDED.findall(read(path)) if os.path.exists(header)}
    return frozenset(headers.union(*map(included, headers)))


@functools.lru_cache(maxsize=None)
def mentioned(path: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", read(path)))


def may_change(a: str, b: str) -> bool:
    """Whether a name in `a` may mean something else where `b` was read before."""
    brought = defined(b).union(*(defined(header) for header in included(b) - included(a)))
    return bool(mentioned(a) & brought) or re.search(r"^using namespace", read(b), re.M) is not None


def grouped(paths: list[str]) -> list[list[str]]:
    """Each path in one group; those that include onnx by themselves, as its headers are large."""
    groups: list[list[str]] = []
    for path in paths:
        for group in groups:
            fits = len(group) < MOST and includes_onnx(group[0]) == includes_onnx(path)
            if fits and not any(may_change(path, other) or may_change(other, path) for other in group):
                group.append(path)
                break
        else:
            groups.append([path])
    return groups


@functools.lru_cache(maxsize=None)
def includes_onnx(path: str) -> bool:
    return re.search(r'^#include [<"]onnx/', read(path), re.M) is not None


def onnx_flags() -> list[str]:
    """onnx's own headers are in its repository, its protobuf ones are generated."""
    subprocess.run(["./bazelw", "build", "--show_result=0", "@onnx//:generated_protos"], check=True, stdout=sys.stderr)
    base, bin_ = (
        subprocess.run(["bazel", "info", key], check=True, capture_output=True, text=True).stdout.strip()
        for key in ("output_base", "bazel-bin")
    )
    where = ["-isystem", f"{base}/external/onnx", "-isystem", f"{bin_}/external/onnx/generated"]
    return [*where, "-DONNX_ML=1", "-DONNX_NAMESPACE=onnx"]


def tidy(path: str, flags: list[str]) -> str:
    """What was found in the translation unit; "" if it is clean."""
    shown = r"--header-filter=(modelexport|tests|tools)/.*\.(h|cc)$"
    command = ["clang-tidy-14", "--quiet", "--config-file=.clang-tidy", shown, path, "--", *flags]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    found = [line for line in (done.stdout + done.stderr).splitlines() if not COUNTS.match(line)]
    return "\n".join(found) or f"{path}: clang-tidy ended with exit status {done.returncode}"


def tidy_group(paths: list[str], flags: list[str], folder: str) -> str:
    if len(paths) > 1:
        unit = pathlib.Path(folder, f"{paths[0].replace('/', '_')}_and_others.cc")
        headers = sorted(set().union(*map(included, paths)))  # First, so that none sees the names of a source.
        unit.write_text("".join(f'#include "{path}"\n' for path in [*headers, *paths]))
        found = tidy(str(unit), flags)
        if COMPILER not in found:
            return found
        print(f"clang-tidy: read one by one, as they do not compile together: {' '.join(paths)}", file=sys.stderr)
    return "\n".join(filter(None, (tidy(path, flags) for path in paths)))


def main(paths: list[str]) -> int:
    flags = FLAGS + (onnx_flags() if any(map(includes_onnx, paths)) else [])
    status = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(lambda group: tidy_group(group, flags, folder), grouped(paths)):
            if found:
                print(found, flush=True)
                status = 1
    return status


if __name__ == "__main__":
    os.chdir(pathlib.Path(__file__).resolve().parents[2])
    sys.exit(main(sys.argv[1:]))
