"""A repository out of a source distribution on PyPI, pinned by its sha256."""

def _download(ctx):
    # A requirements file, so that pip itself compares the hash, and does so
    # before it runs the package's own set-up code.
    ctx.file("requirements.txt", "{package}=={version} --hash=sha256:{sha256}\n".format(
        package = ctx.attr.package,
        sha256 = ctx.attr.sha256,
        version = ctx.attr.version,
    ))

    # Not --no-binary=:all:, which would build pip's build tools from source too.
    download = ctx.execute(
        ["python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check"] +
        ["--no-deps", "--no-binary=" + ctx.attr.package] +
        ["--require-hashes", "--requirement=requirements.txt", "--dest=sdist"],
        timeout = 600,
    )
    if download.return_code:
        fail("pip cannot download %s %s: %s" % (ctx.attr.package, ctx.attr.version, download.stderr))

def _impl(ctx):
    stem = "%s-%s" % (ctx.attr.package, ctx.attr.version)
    ctx.report_progress("pip download %s" % stem)
    _download(ctx)

    # Not ctx.extract: in Debian 13 it ends Bazel, which lacks a class there.
    unpacked = ctx.execute(["tar", "-xzf", "sdist/%s.tar.gz" % stem, "--strip-components=1"])
    if unpacked.return_code:
        fail("tar cannot unpack %s: %s" % (stem, unpacked.stderr))
    ctx.delete("sdist")

    # Its own packages would hide their files from the BUILD file laid over it.
    found = ctx.execute(["find", ".", "-name", "BUILD", "-o", "-name", "BUILD.bazel"])
    for build_file in found.stdout.splitlines():
        ctx.delete(build_file)
    ctx.symlink(ctx.attr.build_file, "BUILD.bazel")

pypi_sdist = repository_rule(
    implementation = _impl,
    attrs = {
        "build_file": attr.label(mandatory = True),
        "package": attr.string(mandatory = True),
        "sha256": attr.string(mandatory = True),
        "version": attr.string(mandatory = True),
    },
)
