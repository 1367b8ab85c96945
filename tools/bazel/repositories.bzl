"""The external repositories that modelexport builds with."""

load("@bazel_tools//tools/build_defs/repo:utils.bzl", "maybe")
load(":debian_absl.bzl", "debian_absl")
load(":debian_library.bzl", "debian_library")
load(":pypi_sdist.bzl", "pypi_sdist")
load(":view_npm.bzl", "view_npm")

def modelexport_dependencies():
    """Declares each repository that the caller's WORKSPACE has not defined yet.

    All but onnx come from Debian packages (docs/dependencies.md says which and
    why); their labels are those of the projects' own repositories.
    """
    maybe(debian_absl, name = "com_google_absl")
    maybe(
        debian_library,
        name = "com_google_protobuf",
        build_file = "@modelexport//tools/bazel:protobuf.BUILD",
        paths = {
            "bin/protoc": "protobuf-compiler",
            "include/google/protobuf": "libprotobuf-dev",
        },
    )
    maybe(
        debian_library,
        name = "com_google_googletest",
        build_file = "@modelexport//tools/bazel:googletest.BUILD",
        paths = {
            "include/gmock": "libgmock-dev",
            "include/gtest": "libgtest-dev",
        },
    )
    maybe(
        debian_library,
        name = "com_github_google_benchmark",
        build_file = "@modelexport//tools/bazel:benchmark.BUILD",
        paths = {"include/benchmark": "libbenchmark-dev"},
    )
    maybe(
        debian_library,
        name = "nlohmann_json",
        build_file = "@modelexport//tools/bazel:json.BUILD",
        paths = {"include/nlohmann": "nlohmann-json3-dev"},
    )
    maybe(
        debian_library,
        name = "zlib",
        build_file = "@modelexport//tools/bazel:zlib.BUILD",
        paths = {
            "include/zconf.h": "zlib1g-dev",
            "include/zlib.h": "zlib1g-dev",
        },
    )
    maybe(
        view_npm,
        name = "view_npm",
    )
    maybe(
        pypi_sdist,
        name = "onnx",
        build_file = "@modelexport//tools/bazel:onnx.BUILD",
        package = "onnx",
        sha256 = "008cb0467b2bbee41448acc7da8b6f4e704624cb0d327a2d5adafc7ce19bc5b8",
        version = "1.23.2",
    )
