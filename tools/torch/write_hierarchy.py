"""The writer of sidecars from a clone, for scripts that put this folder on their path; with the wheel: `modelexport`."""

from modelexport.sidecar import HierarchyWarning, build_hierarchy, format_hierarchy, write_hierarchy

__all__ = ["HierarchyWarning", "build_hierarchy", "format_hierarchy", "write_hierarchy"]
