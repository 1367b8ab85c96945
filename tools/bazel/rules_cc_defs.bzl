"""The part of rules_cc that Bazel 4.2's own tools load, over the native rules.

Debian's bazel-rules-cc is made for a later Bazel. The tag is what the native
rules demand as proof that they were reached through rules_cc.
"""

_MIGRATION_TAG = "__CC_RULES_MIGRATION_DO_NOT_USE_WILL_BREAK__"

def _tagged(attrs):
    attrs["tags"] = attrs.get("tags", []) + [_MIGRATION_TAG]
    return attrs

def cc_library(**attrs):
    native.cc_library(**_tagged(attrs))

def cc_binary(**attrs):
    native.cc_binary(**_tagged(attrs))

def cc_test(**attrs):
    native.cc_test(**_tagged(attrs))

def cc_import(**attrs):
    native.cc_import(**_tagged(attrs))

def cc_proto_library(**attrs):
    native.cc_proto_library(**_tagged(attrs))

def cc_toolchain(**attrs):
    native.cc_toolchain(**_tagged(attrs))

def cc_toolchain_suite(**attrs):
    native.cc_toolchain_suite(**_tagged(attrs))
