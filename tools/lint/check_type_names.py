#!/usr/bin/env python3
"""Finds types that two of our headers define under one name.

usage: check_type_names.py HEADER...

All of the library is in one namespace, and two different types of one name in it break the one-definition rule: the
linker takes either's inline code for both, and reports nothing. A type counts where it is defined (or named by
`using`) at the level of a namespace; a forward declaration is no definition. Prints FILE:LINE for each finding; exits
1 if there is any.
"""

import re
import sys

NAMESPACE = re.compile(r"\s*(?:inline\s+)?namespace\b\s*([\w:]*)\s*$")
DEFINITION = re.compile(
    r"\s*(?:template\s*<.*>\s*)?(?:class|struct|union|enum(?:\s+class|\s+struct)?)\s+(?:[A-Z_]+\s+|\[\[\w+\]\]\s*)?"
    r"(?!final\b)(\w+)\s*(?:final\b\s*)?(?::(?!:).*)?$",
    re.DOTALL,
)
ALIAS = re.compile(r"\s*(?:template\s*<.*>\s*)?using\s+(\w+)\s*=", re.DOTALL)
# Comments, literals and directives may hold braces and words of any kind.
IGNORED = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#(?:\\\n|[^\n])*',
    re.DOTALL | re.MULTILINE,
)


def without_text(source):
    """The source with blanks for what is no code; its lines keep their numbers."""
    return IGNORED.sub(lambda match: " " + "\n" * match[0].count("\n"), source)


def types_in(source):
    """Yields (line number, qualified name) of each type defined at the level of a namespace."""
    # What each open brace belongs to: the name of a namespace, or None for all else.
    scopes = []
    begin = 0
    code = without_text(source)
    for end, character in enumerate(code):
        if character not in "{};":
            continue
        statement = code[begin:end]
        line = code.count("\n", 0, begin + len(statement) - len(statement.lstrip())) + 1
        namespace = NAMESPACE.match(statement) if character == "{" else None
        if None not in scopes:
            found = DEFINITION.match(statement) if character == "{" else ALIAS.match(statement)
            if found and not namespace:
                yield line, "::".join([scope for scope in scopes if scope] + [found[1]])
        if character == "{":
            scopes.append(namespace[1] if namespace else None)
        elif character == "}" and scopes:
            scopes.pop()
        begin = end + 1


def findings(sources):
    """Yields (path, line number, name, where it was defined before) for (path, source) pairs."""
    first = {}
    for path, source in sources:
        for line, name in types_in(source):
            if name in first and not first[name].startswith(path + ":"):
                yield path, line, name, first[name]
            first.setdefault(name, f"{path}:{line}")


def main(paths):
    sources = []
    for path in paths:
        with open(path, encoding="utf-8") as header:
            sources.append((path, header.read()))
    failed = False
    for path, line, name, before in findings(sources):
        failed = True
        print(f"{path}:{line}: {name} is also defined at {before}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
