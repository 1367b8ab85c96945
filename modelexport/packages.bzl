"""The packages of modelexport in order: each may use those before it alone."""

_PACKAGES = [
    "base",
    "wire",
    "graph",
    "hierarchy",
    "tags",
    "alignment",
    "matching",
    "resolution",
    "injection",
    "validation",
    "report",
    "pipeline",
]

# Pairs that the order would allow and the design does not (docs/architecture.md).
_FORBIDDEN = [
    ("graph", "hierarchy"),
    ("resolution", "validation"),
    ("injection", "validation"),
]

def used_above(package):
    """Visibility for targets of `package`: later packages, the front, the programs, tests."""
    later = _PACKAGES[_PACKAGES.index(package) + 1:]
    users = [user for user in later if (package, user) not in _FORBIDDEN]
    return ["//modelexport/%s:__subpackages__" % user for user in users] + [
        "//modelexport:__pkg__",
        "//modelexport/testing:__subpackages__",
        "//tests:__subpackages__",
        "//tools:__subpackages__",
    ]

# For every target of ours; dependencies keep their own warnings to themselves.
COPTS = [
    "-Wall",
    "-Wextra",
    "-Werror",
]
