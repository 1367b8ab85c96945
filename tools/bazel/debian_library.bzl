"""A repository out of the files that a Debian package installs under /usr."""

def check_installed(ctx, package, path):
    """Fails with the remedy unless `path`, a file of the Debian package, exists."""
    if not ctx.path(path).exists:
        fail("%s is missing: run ./bazelw, or: apt-get install %s" % (path, package))

def _impl(ctx):
    for path, package in ctx.attr.paths.items():
        check_installed(ctx, package, "/usr/" + path)
        ctx.symlink("/usr/" + path, path)
    ctx.symlink(ctx.attr.build_file, "BUILD.bazel")

# Only the listed paths: with the whole of /usr/include as an include directory
# of its own, g++ would drop it from its place after the C++ headers, and their
# `#include_next <stdlib.h>` would find nothing.
debian_library = repository_rule(
    implementation = _impl,
    doc = "Links parts of /usr, under the same relative paths, beside a BUILD file.",
    attrs = {
        "build_file": attr.label(mandatory = True),
        "paths": attr.string_dict(
            mandatory = True,
            doc = "Path relative to /usr -> the Debian package that brings it.",
        ),
    },
    local = True,
)
