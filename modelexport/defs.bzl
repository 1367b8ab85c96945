"""Tagged models as Bazel targets: docs/bazel.md.

    load("@modelexport//modelexport:defs.bzl", "tagged_onnx", "tagged_onnx_test")
"""

TaggedOnnxInfo = provider(
    doc = "What tagged_onnx made.",
    fields = {
        "data": "depset of the data files beside the model.",
        "model": "The tagged model.",
        "report": "The report, JSON, without times.",
    },
)

def _location(model, data):
    """The path of a data file as the model must name it: relative to the model's folder."""
    folder, slash, _ = model.short_path.rpartition("/")
    prefix = folder + slash
    location = data.short_path[len(prefix):]

    # A file of another repository begins with "../".
    if not data.short_path.startswith(prefix) or location.startswith("../"):
        fail("external_data: %s does not lie below the folder of %s, so that no location in the model can name it" %
             (data.short_path, model.short_path))
    return location

def _tagged_onnx_impl(ctx):
    source = ctx.file.model
    folder = ctx.label.name + "/"
    model = ctx.actions.declare_file(folder + source.basename)
    locations = [_location(source, data) for data in ctx.files.external_data]
    data = [ctx.actions.declare_file(folder + location) for location in locations]
    report = ctx.outputs.report

    # The program looks for data files beside the model. Where some are checked in and others made,
    # they lie in different trees, and links bring them together.
    inputs = [source] + ctx.files.external_data
    if len({file.root.path: None for file in inputs}) > 1:
        staged = [
            ctx.actions.declare_file(ctx.label.name + ".inputs/" + location)
            for location in [source.basename] + locations
        ]
        for i in range(len(inputs)):
            ctx.actions.symlink(output = staged[i], target_file = inputs[i])
        inputs = staged

    # The program compares it with what the model names: what is not here stops it, also where the
    # action could see more files than it declares.
    declared = ctx.actions.declare_file(ctx.label.name + ".external_data")
    ctx.actions.write(declared, "".join([location + "\n" for location in locations]))

    arguments = ctx.actions.args()
    arguments.add_joined(ctx.attr.keys, join_with = ",", format_joined = "--keys=%s")
    arguments.add(ctx.attr.min_coverage, format = "--min_coverage=%s")
    arguments.add(ctx.attr.min_confidence, format = "--min_confidence=%s")
    arguments.add(ctx.attr.nn_modules, format = "--nn_modules=%s")
    arguments.add(ctx.attr.strategy, format = "--strategy=%s")
    arguments.add(ctx.attr.validate, format = "--validate=%s")
    arguments.add(declared, format = "--data_files=%s")
    arguments.add(report, format = "--report=%s")
    arguments.add_all(["--noreport_times", "--quiet"])

    # No file is taken for a flag, nor one for the words `embedded` and `names`.
    arguments.add_all(["--", inputs[0]])
    arguments.add(ctx.file.hierarchy, format = "./%s" if ctx.file.hierarchy.path in ["embedded", "names"] else "%s")
    arguments.add(model)
    ctx.actions.run(
        executable = ctx.executable._tool,
        arguments = [arguments],
        inputs = inputs + [ctx.file.hierarchy, declared],
        outputs = [model, report] + data,
        mnemonic = "TagOnnx",
        progress_message = "Tagging %s for %s" % (source.short_path, ctx.label),
    )
    files = depset([model] + data)
    return [
        DefaultInfo(files = files, runfiles = ctx.runfiles(transitive_files = files)),
        OutputGroupInfo(report = depset([report])),
        TaggedOnnxInfo(data = depset(data), model = model, report = report),
    ]

_tagged_onnx = rule(
    implementation = _tagged_onnx_impl,
    attrs = {
        "external_data": attr.label_list(allow_files = True),
        "hierarchy": attr.label(allow_single_file = True, mandatory = True),
        "keys": attr.string_list(allow_empty = False),
        "min_confidence": attr.string(default = "0"),
        "min_coverage": attr.string(default = "0"),
        "model": attr.label(allow_single_file = True, mandatory = True),
        "nn_modules": attr.string(values = ["hide", "show"]),
        "report": attr.output(mandatory = True),
        "strategy": attr.string(values = ["auto", "name_scope", "usage", "trace", "fx"]),
        "validate": attr.string(values = ["standard", "full"]),
        "_tool": attr.label(
            default = Label("//tools:tag_onnx"),
            cfg = "exec",
            executable = True,
        ),
    },
)

# A select() is passed on: str() of it would be its text.
def _share(value):
    return str(value) if type(value) in ["int", "float"] else value

def tagged_onnx(
        name,
        model,
        hierarchy,
        external_data = [],
        keys = ["modelexport"],
        min_coverage = 0,
        min_confidence = 0,
        strategy = "auto",
        nn_modules = "hide",
        validate = "standard",
        **kwargs):
    """Tags an ONNX model. Fails the build if the model is judged and falls short.

    Outputs: `<name>/<file name of model>`, beside it the data files at their locations, and
    `<name>.report.json`, the report without times. The same inputs give the same bytes.

    Args:
      name: of the target, which is the model and its data files.
      model: the ONNX file.
      hierarchy: the JSON that describes its source model (docs/sidecar.md).
      external_data: the data files that the model names, at or below its folder: all of them and no
        others, else the build fails.
      keys: presets of metadata keys (docs/tags.md).
      min_coverage: share of nodes with evidence that is not doubtful, 0 to 1, below which the build
        fails; a number, a string, or a select() of strings.
      min_confidence: share of owners that are expected to be right, 0 to 1, below which the build
        fails; as min_coverage.
      strategy: what evidence is used (docs/cli.md).
      nn_modules: "hide" or "show", whether torch.nn classes have a segment in class paths.
      validate: "standard" or "full", which asks onnx's checker too.
      **kwargs: what every rule has, as `visibility` and `tags`.
    """
    _tagged_onnx(
        name = name,
        external_data = external_data,
        hierarchy = hierarchy,
        keys = keys,
        min_confidence = _share(min_confidence),
        min_coverage = _share(min_coverage),
        model = model,
        nn_modules = nn_modules,
        report = name + ".report.json",
        strategy = strategy,
        validate = validate,
        **kwargs
    )

_COMPARE = """#!/bin/sh
cmp {fresh} {checked_in} && exit
echo {checked_in}" is not what tagging gives now. This renews it:" >&2
echo "    bazel run "{renew} >&2
exit 1
"""

# BUILD_WORKSPACE_DIRECTORY is set by `bazel run`.
_RENEW = """#!/bin/sh
set -e
target=${{BUILD_WORKSPACE_DIRECTORY:?run this by bazel run}}/{checked_in}
mkdir -p "$(dirname "$target")"
cp {fresh} "$target"
chmod u+w,a-x "$target"
echo "wrote $target"
"""

def _quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"

def _script(ctx, text, runfiles, **words):
    text = text.format(**{name: _quoted(word) for name, word in words.items()})
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, text, is_executable = True)
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles(files = runfiles))]

def _compare_impl(ctx):
    fresh = ctx.attr.fresh[TaggedOnnxInfo].model
    return _script(
        ctx,
        _COMPARE,
        [fresh, ctx.file.checked_in],
        checked_in = ctx.file.checked_in.short_path,
        fresh = fresh.short_path,
        renew = ctx.attr.renew,
    )

_compare_test = rule(
    implementation = _compare_impl,
    attrs = {
        "checked_in": attr.label(allow_single_file = True, mandatory = True),
        "fresh": attr.label(mandatory = True, providers = [TaggedOnnxInfo]),
        "renew": attr.string(mandatory = True),
    },
    test = True,
)

def _renew_impl(ctx):
    fresh = ctx.attr.fresh[TaggedOnnxInfo].model
    return _script(
        ctx,
        _RENEW,
        [fresh],
        checked_in = ctx.attr.checked_in,
        fresh = fresh.short_path,
    )

_renew = rule(
    implementation = _renew_impl,
    attrs = {
        "checked_in": attr.string(mandatory = True),
        "fresh": attr.label(mandatory = True, providers = [TaggedOnnxInfo]),
    },
    executable = True,
)

def tagged_onnx_test(
        name,
        tagged,
        model,
        hierarchy,
        size = "small",
        tags = [],
        timeout = None,
        visibility = None,
        flaky = False,
        **kwargs):
    """Checks that a tagged model in the source tree is what tagging gives now, byte for byte.

    Where it is not, the test says how to renew it: `bazel run` of the target `<name>.renew`, which
    also writes it for the first time. Its data files, which tagging does not change, are not
    compared.

    Args:
      name: of the test.
      tagged: the checked-in file, a path in this package without spaces.
      model: as of tagged_onnx().
      hierarchy: as of tagged_onnx().
      size: of the test.
      tags: of the test.
      timeout: of the test.
      visibility: of the test.
      flaky: of the test.
      **kwargs: others of tagged_onnx().
    """
    if ":" in tagged or tagged.startswith("/"):
        fail("tagged_onnx_test(name = \"%s\"): tagged = \"%s\" is no path in this package" % (name, tagged))
    kwargs.pop("testonly", None)  # All three are.
    package = native.package_name()
    fresh = name + ".fresh"
    renew = name + ".renew"
    tagged_onnx(
        name = fresh,
        hierarchy = hierarchy,
        model = model,
        tags = ["manual"],
        testonly = True,
        **kwargs
    )
    _renew(
        name = renew,
        checked_in = "%s/%s" % (package, tagged) if package else tagged,
        fresh = fresh,
        tags = ["manual"],
        testonly = True,
    )
    _compare_test(
        name = name,
        size = size,
        checked_in = tagged,
        flaky = flaky,
        fresh = fresh,
        renew = "//%s:%s" % (package, renew),
        tags = tags,
        timeout = timeout,
        visibility = visibility,
    )
