"""Debian's Abseil under the labels of its own repository."""

# Labels of github.com/abseil/abseil-cpp that this project uses, by package.
_TARGETS = {
    "absl/algorithm": ["container"],
    "absl/cleanup": ["cleanup"],
    "absl/container": ["fixed_array", "flat_hash_map", "flat_hash_set", "inlined_vector"],
    "absl/functional": ["function_ref"],
    "absl/hash": ["hash"],
    "absl/status": ["status", "statusor"],
    "absl/strings": ["cord", "str_format", "strings"],
    "absl/time": ["time"],
    "absl/types": ["optional", "span"],
}

def _impl(ctx):
    ctx.symlink("/usr/include/absl", "include/absl")
    found = ctx.execute(["sh", "-c", "ls /usr/lib/*/libabsl_*.a"])
    if found.return_code:
        fail("Debian's libabsl-dev is not installed; run ./bazelw, or: apt-get install libabsl-dev")
    libraries = []
    for path in found.stdout.strip().split("\n"):
        name = path.split("/")[-1][len("lib"):-len(".a")]
        if "random" not in name and "test" not in name:
            libraries.append("-l" + name)

    # The archives depend on each other in an order that only their .pc files know.
    linkopts = ["-Wl,--start-group"] + libraries + ["-Wl,--end-group", "-lpthread", "-ldl"]
    ctx.file("BUILD.bazel", """
cc_library(
    name = "system",
    hdrs = glob(["include/absl/**/*.h", "include/absl/**/*.inc"]),
    includes = ["include"],
    linkopts = %s,
    visibility = ["//visibility:public"],
)
""" % repr(linkopts))
    for package, names in _TARGETS.items():
        ctx.file(package + "/BUILD.bazel", "".join([
            'alias(name = "%s", actual = "//:system", visibility = ["//visibility:public"])\n' % name
            for name in names
        ]))

system_absl = repository_rule(implementation = _impl, local = True)
