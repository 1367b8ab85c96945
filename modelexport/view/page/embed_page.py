#!/usr/bin/env python3
"""Prints the source of empty_page.h's function for the file of the argument."""

import pathlib
import sys

SOURCE = """#include "modelexport/view/page/empty_page.h"

namespace modelexport {{
namespace {{

constexpr char kPage[] = {{{bytes_of_page}}};

}}  // namespace

absl::string_view EmptyViewPage() {{ return absl::string_view(kPage, sizeof(kPage)); }}

}}  // namespace modelexport
"""


def main():
    # Characters where numbers would have to know whether char has a sign.
    bytes_of_page = [rf"'\x{byte:x}'" if byte > 127 else str(byte) for byte in pathlib.Path(sys.argv[1]).read_bytes()]
    sys.stdout.write(SOURCE.format(bytes_of_page=",".join(bytes_of_page)))


if __name__ == "__main__":
    main()
