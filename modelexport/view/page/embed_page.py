#!/usr/bin/env python3
"""Prints the source of empty_page.h's function for the file of the argument."""

import pathlib
import sys

SOURCE = """#include "modelexport/view/page/empty_page.h"

namespace modelexport {{
namespace {{

constexpr char kPage[] = {{{numbers}}};

}}  // namespace

absl::string_view EmptyViewPage() {{ return absl::string_view(kPage, sizeof(kPage)); }}

}}  // namespace modelexport
"""


def main():
    # As char has them: signed.
    numbers = [byte - 256 if byte > 127 else byte for byte in pathlib.Path(sys.argv[1]).read_bytes()]
    sys.stdout.write(SOURCE.format(numbers=",".join(map(str, numbers))))


if __name__ == "__main__":
    main()
