"""Tags bert-tiny, resnet-50 and sam-vit-base's vision encoder at full size, and counts how often the owner is right.

    TAG_ONNX=.bazel/bin/tools/tag_onnx python tests/full_size/full_size.py

Configurations are those of the published models, weights are random. The expected owners come from the same code as
those of testdata (testdata/ground_truth.py). Needs the packages of testdata/requirements.txt, some minutes and some
GB of memory and disk. Prints the table of docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import warnings
from typing import Any

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "testdata"), str(REPOSITORY / "tools" / "python")]


def bert_tiny() -> Any:
    """prajjwal1/bert-tiny."""
    import fixture_models

    fixture = fixture_models.bert_tiny()
    config = fixture.model.config
    config.vocab_size = 30522
    fixture.model = type(fixture.model)(config)
    return fixture


def resnet50() -> Any:
    """microsoft/resnet-50, whose configuration has the defaults of ResNetConfig."""
    import fixture_models
    import torch
    from transformers import ResNetConfig, ResNetForImageClassification

    fixture = fixture_models.resnet50()
    fixture.model = ResNetForImageClassification(ResNetConfig(num_labels=1000, return_dict=False))
    fixture.args = (torch.randn(1, 3, 224, 224),)
    return fixture


def sam_vision() -> Any:
    """The vision encoder of facebook/sam-vit-base, whose configuration has the defaults of SamVisionConfig."""
    import fixture_models
    import torch
    from transformers import SamVisionConfig

    fixture = fixture_models.sam_vision()
    config = SamVisionConfig(attn_implementation="eager", return_dict=False, initializer_range=0.02)
    fixture.model = type(fixture.model)(config)
    fixture.args = (torch.randn(1, 3, 1024, 1024),)
    return fixture


MODELS = {"bert-tiny": bert_tiny, "resnet-50": resnet50, "sam-vit-base": sam_vision}


def measure(name: str, exporter: str, fixture: Any, hierarchy: dict[str, Any], folder: pathlib.Path) -> str:
    """A row of the table."""
    import make_fixtures
    import onnx

    export = make_fixtures.MAKERS[exporter](fixture, hierarchy)
    owners = export.owners
    onnx.save(export.model, folder / "in.onnx")
    del export
    report_path = folder / "report.json"
    command = [os.environ["TAG_ONNX"], folder / "in.onnx", folder / "hierarchy.json", folder / "out.onnx"]
    begin = time.monotonic()
    subprocess.run([*command, "--quiet", f"--report={report_path}"], check=True)
    seconds = time.monotonic() - begin
    report = json.loads(report_path.read_text())
    hard, exact, wrong = score(onnx.load(folder / "out.onnx"), owners)
    evidence = ", ".join(f"{kind} {count}" for kind, count in report["evidence"].items())
    megabytes = (folder / "in.onnx").stat().st_size / 1e6
    return (
        f"| {name} | {exporter} | {megabytes:.0f} | {report['nodes']} | {100 * report['coverage']:.1f} % | {evidence} "
        f"| {exact} of {hard} | {wrong} | {seconds:.2f} s |"
    )


def score(tagged: Any, owners: list[Any]) -> tuple[int, int, int]:
    """Of the nodes with a hard truth: all, those with exactly that owner, those with one not even around it."""
    import ground_truth

    hard = exact = wrong = 0
    for owner, (_, node) in zip(owners, ground_truth.all_nodes(tagged), strict=True):
        if owner.module is None or owner.soft:
            continue
        found = next(p.value for p in node.metadata_props if p.key == "modelexport.module")
        hard += 1
        exact += found == owner.module
        wrong += found not in ("", owner.module) and not f"{owner.module}.".startswith(f"{found}.")
    return hard, exact, wrong


def main() -> None:
    import fixture_models
    import torch
    from modelexport.sidecar import build_hierarchy, format_hierarchy

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=",".join(MODELS), help="comma-separated, default all")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder that gets the models, as NAME/EXPORTER/in.onnx")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.backends.mha.set_fastpath_enabled(False)  # the fused kernel has no ONNX form
    print("| model | exporter | MB | nodes | coverage | evidence | hard nodes exact | wrong | time |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in arguments.models.split(","):
        fixture_models.FIXTURES[name] = MODELS[name]
        fixture = fixture_models.make(name)
        hierarchy = build_hierarchy(fixture.model, fixture.args, {}, ops=fixture.ops)
        for exporter in fixture.exporters:
            with tempfile.TemporaryDirectory() as folder:
                path = arguments.keep / name / exporter if arguments.keep else pathlib.Path(folder)
                path.mkdir(parents=True, exist_ok=True)
                (path / "hierarchy.json").write_text(format_hierarchy(hierarchy), encoding="utf-8")
                print(measure(name, exporter, fixture, hierarchy, path), flush=True)


if __name__ == "__main__":
    main()
