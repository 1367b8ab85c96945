"""Debian's Abseil under the labels of its own repository."""

load(":debian_library.bzl", "check_installed")

# Public labels of github.com/abseil/abseil-cpp, by package. Add what you need:
# each stands for the whole library here, and for itself with a consumer's own
# @com_google_absl, so list in `deps` every one whose header you include.
_TARGETS = {
    "absl/algorithm": ["algorithm", "container"],
    "absl/base": ["base", "core_headers", "endian"],
    "absl/cleanup": ["cleanup"],
    "absl/container": [
        "btree",
        "fixed_array",
        "flat_hash_map",
        "flat_hash_set",
        "inlined_vector",
        "node_hash_map",
        "node_hash_set",
    ],
    "absl/flags": ["config", "flag", "marshalling", "parse", "reflection", "usage"],
    "absl/functional": ["any_invocable", "bind_front", "function_ref"],
    "absl/hash": ["hash", "hash_testing"],
    "absl/memory": ["memory"],
    "absl/meta": ["type_traits"],
    "absl/numeric": ["bits", "int128"],
    "absl/status": ["status", "statusor"],
    "absl/strings": ["cord", "str_format", "strings"],
    "absl/synchronization": ["synchronization"],
    "absl/time": ["time"],
    "absl/types": ["any", "compare", "optional", "span", "variant"],
    "absl/utility": ["utility"],
}

_SYSTEM = """
cc_library(
    name = "system",
    hdrs = glob(["include/absl/**/*.h", "include/absl/**/*.inc"]),
    includes = ["include"],
    linkopts = {linkopts},
    visibility = ["//:__subpackages__"],
)
"""

_ALIAS = """
alias(
    name = "{name}",
    actual = "//:system",
    visibility = ["//visibility:public"],
)
"""

def _archives(ctx):
    found = ctx.execute(["sh", "-c", "ls /usr/lib/*/libabsl_*.a"])
    if found.return_code:
        fail("No libabsl_*.a in /usr/lib: run ./bazelw, or: apt-get install libabsl-dev")
    names = [path.split("/")[-1][len("lib"):-len(".a")] for path in found.stdout.splitlines()]
    return [name for name in names if "random" not in name]

def _impl(ctx):
    check_installed(ctx, "libabsl-dev", "/usr/include/absl/strings/string_view.h")
    ctx.symlink("/usr/include/absl", "include/absl")

    # The archives depend on each other in an order that only their .pc files know. By their file
    # names, as "-labsl_..." would take the shared libraries: 50 of them cost a program 5 ms.
    linkopts = ["-Wl,--start-group"] + ["-l:lib%s.a" % name for name in _archives(ctx)] + [
        "-Wl,--end-group",
        "-lpthread",
        "-ldl",
    ]
    ctx.file("BUILD.bazel", _SYSTEM.format(linkopts = repr(linkopts)))
    for package, names in _TARGETS.items():
        ctx.file(package + "/BUILD.bazel", "".join([_ALIAS.format(name = name) for name in names]))

debian_absl = repository_rule(implementation = _impl, local = True)
