#!/usr/bin/env python3
"""Packs the wheel of wheel.bzl: the same files give the same bytes.

The platform tag is a promise about the program, so it is checked against what the program is. A program without an ELF
interpreter loads nothing: no C library, no libprotobuf. It runs on every Linux of its processor, and `manylinux` and
`musllinux`, which only promise to do with a certain C library, are true of it. One that is linked dynamically runs where
its libraries happen to be: it may only be called `linux`.
"""

import argparse
import base64
import hashlib
import pathlib
import re
import struct
import sys
import tomllib
import zipfile

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say
MACHINES = {62: "x86_64", 183: "aarch64"}
PROGRAM_HEADER_INTERPRETER = 3


def main():
    parser = argparse.ArgumentParser()
    for name in ("pyproject", "readme", "version_header", "program", "out"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--licenses", nargs="+", type=pathlib.Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--platform", required=True)
    parser.add_argument("srcs", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    try:
        check_version(arguments.version, arguments.version_header.read_text(encoding="utf-8"))
        check_platform(arguments.platform, arguments.program.read_bytes())
    except ValueError as error:
        sys.exit(f"pack_wheel: {error}")
    project = tomllib.loads(arguments.pyproject.read_text(encoding="utf-8"))["project"]
    write_wheel(arguments.out, members(project, arguments))


def check_version(version, header):
    found = re.search(r'kVersion\[\] = "([^"]*)"', header)
    if found is None or found[1] != version:
        raise ValueError(f"version {version}, but the program's is {found and found[1]}")


def check_platform(platform, program):
    """Raises ValueError if a tag of `platform` says more than the program keeps."""
    machine, interpreter = read_elf(program)
    for tag in platform.split("."):
        if not tag.endswith(f"_{machine}"):
            raise ValueError(f"platform {tag}, but the program is for {machine}")
        if interpreter and not tag.startswith("linux_"):
            raise ValueError(f"platform {tag}, but the program is linked dynamically")


def read_elf(program):
    """(machine, whether it is loaded by an interpreter) of a 64-bit little-endian ELF file."""
    if program[:6] != b"\x7fELF\x02\x01":
        raise ValueError("the program is no 64-bit little-endian ELF file")
    machine = MACHINES.get(struct.unpack_from("<H", program, 18)[0], "unknown")
    (begin,) = struct.unpack_from("<Q", program, 32)
    size, count = struct.unpack_from("<HH", program, 54)
    kinds = [struct.unpack_from("<I", program, begin + size * index)[0] for index in range(count)]
    return machine, PROGRAM_HEADER_INTERPRETER in kinds


def members(project, arguments):
    """The files of the wheel: name -> (bytes, whether it can be executed)."""
    package = project["name"]
    files = {f"{package}/bin/{package}": (arguments.program.read_bytes(), True)}
    for source in arguments.srcs:
        # From the last folder of that name on: the path before it is Bazel's.
        parts = source.parts
        start = len(parts) - 1 - parts[::-1].index(package)
        files["/".join(parts[start:])] = (source.read_bytes(), False)
    info = f"{package}-{arguments.version}.dist-info"
    scripts = "".join(f"{name} = {target}\n" for name, target in sorted(project["scripts"].items()))
    texts = {
        "METADATA": metadata(project, arguments),
        "WHEEL": wheel_file(arguments.platform),
        "entry_points.txt": f"[console_scripts]\n{scripts}",
        **{f"licenses/{file.name}": file.read_text(encoding="utf-8") for file in arguments.licenses},
    }
    for name, text in texts.items():
        files[f"{info}/{name}"] = (text.encode(), False)
    files[f"{info}/RECORD"] = (record(files, f"{info}/RECORD").encode(), False)
    return files


def metadata(project, arguments):
    lines = [
        "Metadata-Version: 2.4",  # the first with License-Expression
        f"Name: {project['name']}",
        f"Version: {arguments.version}",
        f"Summary: {project['description']}",
        f"License-Expression: {project['license']}",
        *sorted(f"License-File: {file.name}" for file in arguments.licenses),
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {name}" for name in project["dependencies"]),
    ]
    for extra, names in sorted(project["optional-dependencies"].items()):
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {name}; extra == "{extra}"' for name in names]
    lines.append("Description-Content-Type: text/markdown")
    return "\n".join(lines) + "\n\n" + arguments.readme.read_text(encoding="utf-8")


def wheel_file(platform):
    tags = "".join(f"Tag: py3-none-{tag}\n" for tag in platform.split("."))
    return f"Wheel-Version: 1.0\nGenerator: pack_wheel\nRoot-Is-Purelib: false\n{tags}"


def record(files, own_name):
    lines = []
    for name, (content, _) in sorted(files.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join(lines) + f"{own_name},,\n"


def write_wheel(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, executable) in sorted(files.items()):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system = 3  # Unix: the mode counts
            entry.external_attr = (0o100755 if executable else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


if __name__ == "__main__":
    main()
