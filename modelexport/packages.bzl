"""The packages of modelexport in order, and how each is built: one library, its tests, its benchmarks."""

# Each may use those before it alone (docs/architecture.md).
_PACKAGES = [
    "base",
    "files",
    "proto",
    "onnx",
    "json",
    "graph",
    "hierarchy",
    "tags",
    "hierarchy/readers",
    "evidence",
    "evidence/names",
    "evidence/tensors",
    "evidence/trace",
    "resolution",
    "ownership",
    "modules",
    "profiles",
    "edits",
    "costs",
    "validation",
    "report",
    "render",
    "view",
    "commands",
]

# Pairs that the order would allow and the design does not.
_FORBIDDEN = [
    ("graph", "hierarchy"),
    ("evidence/names", "evidence/tensors"),
    ("evidence/names", "evidence/trace"),
    ("resolution", "validation"),
    ("ownership", "validation"),
    ("modules", "validation"),
    ("profiles", "validation"),
    ("edits", "validation"),
    ("costs", "validation"),
]

COPTS = [
    "-Wall",
    "-Wextra",
] + select({
    # Else a * b + c would be rounded once there, and twice on x86-64: not the same numbers.
    "@platforms//cpu:aarch64": ["-ffp-contract=off"],
    "//conditions:default": [],
})

def used_above(package):
    """Visibility for targets of `package`: later packages, the front, the programs, tests."""
    later = _PACKAGES[_PACKAGES.index(package) + 1:]
    users = [user for user in later if (package, user) not in _FORBIDDEN]
    return ["//modelexport/%s:__pkg__" % user for user in users] + [
        "//modelexport:__pkg__",
        "//modelexport/testing:__subpackages__",
        "//tests:__subpackages__",
        "//tools:__subpackages__",
    ]

def _unit(name, sources):
    """One source that has the text of all `sources`, as a list.

    Most of the time that a compiler takes for a source goes into the headers, which are the same
    for most sources of a folder.

    Args:
      name: of the library that it is for.
      sources: files of the folder; messages of the compiler name them and their lines.

    Returns:
      `sources` if they are fewer than two, else the output of a rule that joins them.
    """
    if len(sources) < 2:
        return sources
    unit = name + ".unit.cc"
    native.genrule(
        name = name + "_unit",
        srcs = sources,
        outs = [unit],
        cmd = "for f in $(SRCS); do printf '#line 1 \"%s\"\\n' $$f; cat $$f; done > $@",
        visibility = ["//visibility:private"],
    )
    return [unit]

def mx_part(name, stems, deps):
    """A library of some of a folder's sources, for users that do not need the rest.

    Args:
      name: the library's.
      stems: names of sources and headers without their endings.
      deps: what it uses.

    Returns:
      The files, which mx_package is to exclude; it has the part among its deps.
    """
    files = native.glob([stem + ext for stem in stems for ext in [".cc", ".h"]])
    native.cc_library(
        name = name,
        srcs = _unit(name, [file for file in files if file.endswith(".cc")]),
        hdrs = [file for file in files if file.endswith(".h")],
        copts = COPTS,
        visibility = used_above(native.package_name()[len("modelexport/"):]),
        deps = deps,
    )
    return files

def mx_package(
        name,
        deps = [],
        public = False,
        test_deps = [],
        test_data = {},
        test_sizes = {},
        exclude = [],
        alone = [],
        linkopts = []):
    """The library of a folder, and a target for each of its tests and benchmarks.

    The library has all sources of the folder: a new file needs no line in BUILD. Files
    named test_* help the folder's tests and are not in it.

    Args:
      name: the folder's name, which is the library's.
      deps: what the library uses.
      public: whether other projects may use it too.
      test_deps: what its tests use beside it.
      test_data: files that tests read, by the test's name.
      test_sizes: sizes of tests, by name; "small" for all others.
      exclude: files that the BUILD file gives targets of their own.
      alone: sources that are compiled by themselves. The others are compiled as one, so names that
        they define in unnamed namespaces must differ.
      linkopts: of the library.
    """
    helpers = native.glob(["test_*.cc", "test_*.h"], exclude = exclude)
    tests = native.glob(["*_test.cc"], exclude = exclude)
    benchmarks = native.glob(["*_benchmark.cc"], exclude = exclude)
    package = native.package_name()[len("modelexport/"):]
    joined = native.glob(["*.cc"], exclude = exclude + helpers + tests + benchmarks + alone)
    native.cc_library(
        name = name,
        srcs = _unit(name, joined) + alone,
        hdrs = native.glob(["*.h"], exclude = exclude + helpers),
        copts = COPTS,
        linkopts = linkopts,
        visibility = ["//visibility:public"] if public else used_above(package),
        deps = deps,
    )
    uses = [":" + name] + deps + test_deps
    if helpers:
        native.cc_library(
            name = "test_helpers",
            testonly = True,
            srcs = [file for file in helpers if file.endswith(".cc")],
            hdrs = [file for file in helpers if file.endswith(".h")],
            copts = COPTS,
            visibility = ["//visibility:private"],
            deps = uses,
        )
        uses = [":test_helpers"] + uses
    for source in tests:
        test = source[:-len(".cc")]
        native.cc_test(
            name = test,
            size = test_sizes.get(test, "small"),
            srcs = [source],
            copts = COPTS,
            data = test_data.get(test, []),
            deps = uses + ["@com_google_googletest//:gtest_main"],
        )
    for source in benchmarks:
        native.cc_binary(
            name = source[:-len(".cc")],
            testonly = True,
            srcs = [source],
            copts = COPTS,
            tags = ["benchmark"],
            deps = uses + ["@com_github_google_benchmark//:benchmark_main"],
        )
