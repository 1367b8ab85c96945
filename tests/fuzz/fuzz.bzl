"""Fuzz targets, and the inputs that they begin with."""

load("//modelexport:packages.bzl", "COPTS")

def model_seeds(name, models):
    """Inputs of a hierarchy, a byte 0 and a model.

    Args:
      name: a filegroup of them.
      models: by name, the labels of hierarchy and model.
    """
    native.genrule(
        name = name,
        srcs = depset([label for pair in models.values() for label in pair]).to_list(),
        outs = ["%s/%s" % (name, model) for model in models],
        cmd = "\n".join([
            "{ cat $(location %s); printf '\\0'; cat $(location %s); } >$(RULEDIR)/%s/%s" %
            (hierarchy, model, name, out)
            for out, (hierarchy, model) in models.items()
        ]),
    )

def fuzz_target(name, seeds, deps):
    """A test that replays seeds and tests/fuzz/corpus/NAME, and what libFuzzer runs (--config=asan).

    Args:
      name: of the test, and without its ending of its only source.
      seeds: labels of the files that fuzzing begins with.
      deps: the mutation of its kind of input, and what it tries.
    """
    inputs = seeds + native.glob(["corpus/%s/*" % name])
    native.cc_test(
        name = name,
        size = "small",
        srcs = [name + ".cc"],
        args = ["$(locations %s)" % input for input in inputs],
        copts = COPTS,
        data = inputs,
        # A length that is believed too early shows as an allocation that no input here needs.
        env = {"ASAN_OPTIONS": "max_allocation_size_mb=256"},
        tags = ["fuzz"],
        deps = deps + [":engine"],
    )
