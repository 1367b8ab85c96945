"""A repository out of a source distribution on PyPI, pinned by its sha256."""

def _impl(ctx):
    name = "%s-%s.tar.gz" % (ctx.attr.package, ctx.attr.version)
    download = ctx.execute(
        [
            "python3",
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            ctx.attr.package,
            "--dest",
            "sdist",
            "%s==%s" % (ctx.attr.package, ctx.attr.version),
        ],
        timeout = 600,
    )
    if download.return_code:
        fail("pip cannot download %s: %s" % (name, download.stderr))
    digest = ctx.execute(["sha256sum", "sdist/" + name]).stdout.split(" ")[0]
    if digest != ctx.attr.sha256:
        fail("%s has sha256 %s, expected %s" % (name, digest, ctx.attr.sha256))
    ctx.extract("sdist/" + name, stripPrefix = "%s-%s" % (ctx.attr.package, ctx.attr.version))
    ctx.delete("sdist")
    for build_file in ctx.execute(["find", ".", "-name", "BUILD", "-o", "-name", "BUILD.bazel"]).stdout.split("\n"):
        if build_file:
            ctx.delete(build_file)
    ctx.symlink(ctx.attr.build_file, "BUILD.bazel")

pypi_sdist = repository_rule(
    implementation = _impl,
    attrs = {
        "package": attr.string(mandatory = True),
        "version": attr.string(mandatory = True),
        "sha256": attr.string(mandatory = True),
        "build_file": attr.label(mandatory = True),
    },
)
