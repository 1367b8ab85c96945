import unittest

from tools.lint import check_type_names


def names(source):
    return [name for _, name in check_type_names.types_in(source)]


class CheckTypeNamesTest(unittest.TestCase):
    def test_every_kind_of_type_is_seen(self):
        source = """
            namespace modelexport {
            class A {};
            struct B final : public A {};
            enum class C : int { kOne };
            enum D { kTwo };
            template <typename T>
            struct E {};
            using F = int;
            union G {};
            class [[nodiscard]] H {};
            }
        """
        self.assertEqual(names(source), ["modelexport::" + name for name in "ABCDEFGH"])

    def test_only_definitions_at_the_level_of_a_namespace_count(self):
        source = """
            namespace modelexport {
            class Forward;
            using std::string;
            class Outer { struct Inner {}; using Alias = int; };
            inline int Function() { struct Local {}; return 0; }
            struct Result Call(int n);
            }
        """
        self.assertEqual(names(source), ["modelexport::Outer"])

    def test_comments_literals_and_directives_are_no_code(self):
        source = """
            #define BRACE {
            namespace modelexport {
            // struct A {
            /* struct B { */
            inline const char* text = "struct C {";
            inline char open = '{';
            inline int million = 1'000'000;
            struct D {};
            }
        """
        self.assertEqual(names(source), ["modelexport::D"])

    def test_two_headers_may_not_share_a_name(self):
        place = "namespace modelexport {\n// Where it is.\nstruct Place {};\n}\n"
        self.assertEqual(
            list(check_type_names.findings([("a.h", place), ("b.h", "\n" + place)])),
            [("b.h", 4, "modelexport::Place", "a.h:3")],
        )

    def test_different_namespaces_may(self):
        sources = [(f"{name}.h", f"namespace {name} {{ struct Place {{}}; }}") for name in "ab"]
        self.assertEqual(list(check_type_names.findings(sources)), [])


if __name__ == "__main__":
    unittest.main()
