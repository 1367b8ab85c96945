"""A wheel with a program in it."""

def _python_wheel_impl(ctx):
    platform = ".".join(["%s_%s" % (system, ctx.attr.processor) for system in ctx.attr.systems])
    name = "{}-{}-py3-none-{}.whl".format(ctx.attr.distribution, ctx.attr.version, platform)
    wheel = ctx.actions.declare_file(name)
    arguments = ctx.actions.args()
    arguments.add("--pyproject", ctx.file.pyproject)
    arguments.add("--readme", ctx.file.readme)
    arguments.add("--version", ctx.attr.version)
    arguments.add("--version_header", ctx.file.version_header)
    arguments.add("--platform", platform)
    arguments.add("--program", ctx.file.program)
    arguments.add_all("--licenses", ctx.files.license_files)
    arguments.add("--out", wheel)
    arguments.add_all(ctx.files.srcs)
    ctx.actions.run(
        executable = ctx.executable._pack_wheel,
        arguments = [arguments],
        inputs = [
            ctx.file.pyproject,
            ctx.file.readme,
            ctx.file.version_header,
            ctx.file.program,
        ] + ctx.files.license_files + ctx.files.srcs,
        outputs = [wheel],
        mnemonic = "PackWheel",
    )
    return [DefaultInfo(
        files = depset([wheel]),
        runfiles = ctx.runfiles(files = [wheel]),
    )]

python_wheel = rule(
    implementation = _python_wheel_impl,
    doc = "`<distribution>-<version>-py3-none-<platform>.whl`, the same bytes at every build (pack_wheel.py).",
    attrs = {
        "distribution": attr.string(mandatory = True),
        "version": attr.string(mandatory = True),
        "version_header": attr.label(
            allow_single_file = True,
            mandatory = True,
            doc = "C++ header that must have the same version.",
        ),
        "processor": attr.string(
            mandatory = True,
            doc = "The end of each platform tag; another one than the program's fails the build.",
        ),
        "program": attr.label(
            allow_single_file = True,
            mandatory = True,
            doc = "Becomes <distribution>/bin/<distribution>.",
        ),
        "license_files": attr.label(doc = "Go to <distribution>.dist-info/licenses/."),
        "pyproject": attr.label(allow_single_file = True, mandatory = True),
        "readme": attr.label(allow_single_file = True, mandatory = True),
        "srcs": attr.label_list(
            allow_files = True,
            doc = "Files of the package, below a folder <distribution>/.",
        ),
        "systems": attr.string_list(
            mandatory = True,
            doc = "Platform tags without the processor; those that the program does not keep fail the build.",
        ),
        "_pack_wheel": attr.label(
            default = ":pack_wheel",
            executable = True,
            cfg = "exec",
        ),
    },
)
