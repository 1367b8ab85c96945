"""Repositories that Debian's bazel-bootstrap refers to but cannot download."""

load("@bazel_tools//tools/build_defs/repo:utils.bzl", "maybe")

def _small_repository_impl(ctx):
    for label, path in ctx.attr.files.items():
        ctx.symlink(label, path)
        ctx.file(path.rpartition("/")[0] + "/BUILD.bazel")
    ctx.file("BUILD.bazel", ctx.attr.build_file_content)

# Files of this repository at the places where another one keeps them. A rule of
# our own, because local_repository would need a nested workspace in this tree.
_small_repository = repository_rule(
    implementation = _small_repository_impl,
    attrs = {
        "build_file_content": attr.string(),
        "files": attr.label_keyed_string_dict(),
    },
)

def debian_bazel_repositories():
    """Gives Bazel 4.2.3's embedded tools local copies of what they load.

    For a root WORKSPACE that is built with Debian's bazel-bootstrap; a Bazel
    that may download needs none of it.
    """
    maybe(
        _small_repository,
        name = "rules_cc",
        files = {"@modelexport//tools/bazel:rules_cc_defs.bzl": "cc/defs.bzl"},
    )
    maybe(
        native.local_repository,
        name = "rules_java",
        path = "/usr/share/bazel/rules/java",  # Debian's bazel-rules-java
    )
    maybe(
        _small_repository,
        name = "remote_coverage_tools",
        build_file_content = """
filegroup(name = "coverage_report_generator", visibility = ["//visibility:public"])
""",
    )
