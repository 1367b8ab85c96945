"""The external repositories that modelexport builds with."""

load("//tools/bazel:pypi_sdist.bzl", "pypi_sdist")
load("//tools/bazel:system_absl.bzl", "system_absl")

def _debian(name, build_file):
    native.new_local_repository(name = name, path = "/usr", build_file = build_file)

def modelexport_dependencies():
    """Declares each repository that the caller's WORKSPACE has not defined yet.

    All but onnx come from Debian packages (docs/dependencies.md says which and
    why); their labels are those of the projects' own repositories.
    """
    if not native.existing_rule("com_google_absl"):
        system_absl(name = "com_google_absl")
    if not native.existing_rule("com_google_protobuf"):
        _debian("com_google_protobuf", "@modelexport//tools/bazel:protobuf.BUILD")
    if not native.existing_rule("com_google_googletest"):
        _debian("com_google_googletest", "@modelexport//tools/bazel:gtest.BUILD")
    if not native.existing_rule("com_github_google_benchmark"):
        _debian("com_github_google_benchmark", "@modelexport//tools/bazel:benchmark.BUILD")
    if not native.existing_rule("nlohmann_json"):
        _debian("nlohmann_json", "@modelexport//tools/bazel:json.BUILD")
    if not native.existing_rule("onnx"):
        pypi_sdist(
            name = "onnx",
            package = "onnx",
            version = "1.23.2",
            sha256 = "008cb0467b2bbee41448acc7da8b6f4e704624cb0d327a2d5adafc7ce19bc5b8",
            build_file = "@modelexport//tools/bazel:onnx.BUILD",
        )
