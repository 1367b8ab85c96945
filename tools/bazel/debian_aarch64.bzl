"""Debian's cross compiler for aarch64 and, beside it, Debian's static libraries for that processor."""

# Package -> the archives that are taken from it. Headers are those of the installed packages for this
# machine's own processor, so the versions must be the same.
_ARCHIVES = {
    "libabsl-dev": "libabsl_*.a",
    "libbenchmark-dev": "libbenchmark*.a",
    "libgmock-dev": "libgmock*.a",
    "libgtest-dev": "libgtest*.a",
    "libprotobuf-dev": "libprotobuf.a",
    "zlib1g-dev": "libz.a",
}

def _run(ctx, command):
    done = ctx.execute(command, timeout = 600)
    if done.return_code:
        fail("%s failed: %s" % (command[0], done.stderr))
    return done.stdout

def _impl(ctx):
    if not ctx.path("/usr/bin/aarch64-linux-gnu-g++").exists:
        fail("The compiler is missing: run tools/python/aarch64_wheel.sh, or: apt-get install g++-aarch64-linux-gnu")
    packages = _run(ctx, ["dpkg-query", "--show", "--showformat=${Package}=${Version} "] + _ARCHIVES.keys())
    ctx.report_progress("packages for aarch64")
    _run(ctx, [str(ctx.path(ctx.attr._packages_script)), "packages"] + packages.split(" ")[:-1])
    _run(ctx, ["mkdir", "lib"])
    for pattern in _ARCHIVES.values():
        _run(ctx, ["sh", "-c", "mv packages/usr/lib/aarch64-linux-gnu/%s lib/" % pattern])
    ctx.delete("packages")
    ctx.symlink(ctx.attr._build_file, "BUILD.bazel")

debian_aarch64 = repository_rule(
    implementation = _impl,
    doc = "`//:toolchain`, which links with archives for aarch64. Fetched only for `--config=aarch64`.",
    attrs = {
        "_build_file": attr.label(default = ":debian_aarch64.BUILD"),
        "_packages_script": attr.label(default = "@modelexport//tools/setup:aarch64_packages.sh"),
    },
)
