import unittest

from tools.lint import check_includes


def found(path, *lines):
    return [finding[:2] for finding in check_includes.findings_in(path, lines)]


class CheckIncludesTest(unittest.TestCase):
    def test_json_belongs_to_the_sidecar_readers_and_the_report(self):
        line = '#include "nlohmann/json.hpp"'
        self.assertEqual(found("modelexport/hierarchy/readers/hierarchy_json.cc", line), [])
        self.assertEqual(found("modelexport/json/schema_json.cc", line), [])
        self.assertEqual(found("modelexport/render/table_json.cc", line), [])
        self.assertEqual(
            found("modelexport/hierarchy/readers/hierarchy_json.h", line), [(1, "nlohmann/json.hpp")]
        )
        self.assertEqual(found("tools/tag_onnx.cc", line), [(1, "nlohmann/json.hpp")])

    def test_onnx_belongs_to_its_checker_and_testing(self):
        lines = ["#include <google/protobuf/message.h>", "", '# include "onnx/onnx_pb.h"']
        self.assertEqual(found("modelexport/validation/onnx_checker.cc", *lines), [])
        self.assertEqual(found("modelexport/testing/model_text.cc", *lines), [])
        for other in ("modelexport/proto/cursor.cc", "modelexport/validation/validator.cc"):
            self.assertEqual(
                found(other, *lines), [(1, "google/protobuf/message.h"), (3, "onnx/onnx_pb.h")]
            )

    def test_headers_show_none_of_them(self):
        lines = ['#include "nlohmann/json.hpp"', "#include <onnx/onnx_pb.h>"]
        for header in ("report/report.h", "validation/onnx_checker.h", "modelexport.h"):
            self.assertEqual(len(found("modelexport/" + header, *lines)), 2)

    def test_tests_may_include_anything(self):
        line = '#include "onnx/onnx_pb.h"'
        self.assertEqual(found("modelexport/proto/cursor_test.cc", line), [])
        self.assertEqual(found("tests/round_trip.cc", line), [])

    def test_our_own_headers_are_no_finding(self):
        lines = ['#include "modelexport/report/json.h"', "// #include <onnx/onnx_pb.h>"]
        self.assertEqual(found("modelexport/graph/graph_view.h", *lines), [])


if __name__ == "__main__":
    unittest.main()
