"""Repositories that Debian's bazel-bootstrap refers to but cannot download."""

def debian_bazel_repositories():
    """Points Bazel 4.2.3's embedded tools at local copies; for the root WORKSPACE alone."""
    native.local_repository(name = "rules_cc", path = "tools/bazel/rules_cc")
    native.local_repository(name = "rules_java", path = "/usr/share/bazel/rules/java")
    native.local_repository(name = "remote_coverage_tools", path = "tools/bazel/coverage")
