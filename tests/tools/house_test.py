"""A check that cannot fail is a defect: every house rule must refuse a tree that breaks it, and accept the clean one."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "house"))

from rules import breaches
from tree import Tree

HEADER = "// A thing: what it is.\n#pragma once\n\n"
CLEAN = {
    "CMakeLists.txt": "project(x)\n",
    "src/base/CMakeLists.txt": "weft_room(base SOURCES a.cc)\n",
    "src/base/README.md": "base\n",
    "src/base/a.hh": HEADER + "int a();\n",
    "src/base/a.cc": '#include "base/a.hh"\n\nint a() { return 1; }\n',
    "src/wire/CMakeLists.txt": "weft_room(wire LINKS weft_base)\n",
    "src/wire/README.md": "wire\n",
    "src/wire/b.hh": HEADER + '#include <span>\n\n#include "base/a.hh"\n\n// deleted and new are words here: shared_ptr\n'
                     'struct B {\n  B(const B&) = delete;\n  static constexpr int limit = 3;\n  static B make();\n};\n',
    "src/sim/README.md": "sim\n",
    "src/sim/s.hh": HEADER + '#include "base/a.hh"\n#include "wire/b.hh"\n',
    "src/scenario/README.md": "scenario\n",
    "src/scenario/s.hh": HEADER + '#include "fabric/parameters.hh"\n',
    "src/fabric/README.md": "fabric\n",
    "src/fabric/parameters.hh": HEADER,
    "src/fabric/queue.hh": HEADER,
    "src/live/README.md": "live\n",
    "src/live/port.hh": HEADER + '#include <chrono>\n#include <fstream>\n',
}


def in_folder(files, ask):
    """What ask(folder) says of a tree of these files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return ask(folder)


def rules_broken(files):
    return [f"{rule} {path}:{line} {what}" for path, line, rule, what in in_folder(files, lambda folder: breaches(Tree(folder)))]


def program(files):
    """Exit code and output of the program on a tree of these files."""
    command = [sys.executable, str(ROOT / "tools" / "house")]
    done = in_folder(files, lambda folder: subprocess.run(command + [folder], capture_output=True, text=True, check=False))
    return done.returncode, done.stdout + done.stderr


def body(lines):
    return "int a() {\n" + "  a();\n" * (lines - 2) + "}\n"


class HouseTest(unittest.TestCase):
    def refused(self, rule, changes):
        found = rules_broken({**CLEAN, **changes})
        self.assertEqual([line.split()[0] for line in found], [rule], found)

    def accepted(self, changes):
        self.assertEqual(rules_broken({**CLEAN, **changes}), [])

    def in_source(self, text):
        return {"src/base/a.cc": CLEAN["src/base/a.cc"] + text}

    def test_exit_codes_of_the_program(self):
        self.assertEqual(program(CLEAN)[0], 0)
        self.assertEqual(program({"README.md": ""})[0], 2)
        code, out = program({**CLEAN, "src/base/a.hh": HEADER + "std::shared_ptr<int> p;\n"})
        self.assertEqual(code, 1)
        self.assertIn("src/base/a.hh:4: ownership: shared_ptr", out)

    def test_clean_tree_is_accepted(self):
        self.accepted({})

    def test_arrow_to_a_room_above(self):
        self.refused("arrow", {"src/base/a.hh": HEADER + '#include "wire/b.hh"\n'})
        self.refused("arrow", {"src/live/port.hh": HEADER + '#include "sim/s.hh"\n'})
        self.refused("arrow", {"src/sim/s.hh": HEADER + '#include "live/port.hh"\n'})

    def test_arrow_for_one_header_only(self):
        self.refused("arrow", {"src/scenario/s.hh": HEADER + '#include "fabric/queue.hh"\n'})

    def test_arrow_of_the_linker(self):
        self.refused("arrow", {"src/wire/CMakeLists.txt": "weft_room(wire LINKS weft_base weft_sim)\n"})

    def test_clock_thread_socket_file(self):
        for header in ("chrono", "thread", "atomic", "sys/socket.h", "netinet/in.h", "fstream", "cstdio", "poll.h"):
            with self.subTest(header=header):
                self.refused("arrow", {"src/wire/b.hh": HEADER + f"#include <{header}>\n"})
        self.refused("arrow", {"src/base/a.hh": HEADER + "#include <chrono>\n"})
        self.refused("arrow", {"src/wire/b.hh": HEADER + "inline auto t() { return clock_gettime; }\n"})

    def test_include_in_a_comment_is_none(self):
        self.accepted({"src/wire/b.hh": HEADER + "// #include <chrono>\n"})

    def test_unknown_room_and_relative_include(self):
        self.refused("arrow", {"src/lost/x.hh": HEADER, "src/lost/README.md": "lost\n"})
        self.refused("arrow", {"src/wire/b.hh": HEADER + '#include "../base/a.hh"\n'})
        self.refused("arrow", {"src/stray.hh": HEADER})

    def test_file_length(self):
        self.accepted({"src/base/a.hh": HEADER + "\n" * 597})
        self.refused("file-length", {"src/base/a.hh": HEADER + "\n" * 598})

    def test_function_length(self):
        self.accepted(self.in_source(body(70)))
        self.refused("function-length", self.in_source(body(71)))
        method = "class A {\n  A(int x)\n      : x_{x} {\n" + "    a();\n" * 70 + "  }\n  int x_;\n};\n"
        self.refused("function-length", self.in_source(method))
        case = "namespace n {\nTEST(A, b) {\n" + "  for (;;) { a(); }\n" * 70 + "}\n}\n"
        self.refused("function-length", self.in_source(case))
        self.refused("function-length", {"tools/x.py": "def f():\n" + "    f()\n" * 70})

    def test_tables_and_types_may_be_long(self):
        self.accepted(self.in_source("constexpr int table[] = {\n" + "  1,\n" * 100 + "};\n"))
        self.accepted(self.in_source("auto names = to_array<int>({\n" + "  1,\n" * 100 + "});\n"))
        self.accepted(self.in_source("struct S : Base<int()> {\n" + "  int f() { return 1; }\n" * 100 + "};\n"))

    def test_braces_in_literals(self):
        self.accepted(self.in_source("int f() { return g(\"{{{\", '{', R\"x({\"{)x\"); }\n" + "int h() { return 1; }\n" * 80))

    def test_line_length(self):
        self.refused("line-length", self.in_source("// " + "x" * 138 + "\n"))

    def test_header_and_readme(self):
        self.refused("header", {"src/base/a.hh": "#pragma once\n"})
        self.refused("header", {"src/base/a.hh": "// a thing\n"})
        self.refused("readme", {"src/base/README.md": "x\n" * 21})
        self.refused("readme", {"src/core/x.hh": HEADER})

    def test_file_that_nobody_builds(self):
        self.refused("source-list", {"src/base/lost.cc": ""})
        self.refused("source-list", {"tests/unit/lost_test.cc": ""})

    def test_words_in_code(self):
        for rule, text in (
            ("ownership", "std::shared_ptr<int> p;"),
            ("ownership", "int* p = new int[3];"),
            ("ownership", "auto p = std::unique_ptr<int>(new int(3));"),
            ("ownership", "int* p = new (std::nothrow) int;"),
            ("ownership", "void f(int* p) { delete p; }"),
            ("ownership", "void f(int* p) { delete[] p; }"),
            ("randomness", "int r = std::rand();"),
            ("randomness", "std::random_device device;"),
            ("simulated", "void f() { if (simulated) a(); }"),
            ("volatile", "volatile int x = 1;"),
            ("dynamic-cast", "auto* p = dynamic_cast<int*>(q);"),
            ("state", "static int count = 0;"),
            ("state", "thread_local int count = 0;"),
            ("state", "void f() {\n  static int calls;\n}"),
            ("dead-code", "#if 0\nint x;\n#endif"),
            ("dead-code", "// count = count + 1;"),
            ("dead-code", "// queue.push(packet);"),
            ("main", "int main() { return 0; }"),
        ):
            with self.subTest(text=text):
                self.refused(rule, self.in_source(text + "\n"))

    def test_words_that_only_look_alike(self):
        for text in ("// A new flow may delete nothing; volatile words.", 'const char* s = "new int; delete p";',
                     "static constexpr int limit = 1;", "static const int limit = 1;", "static int f(int x);",
                     "struct S {\n  S& operator=(const S&) = delete;\n};", "int brand(int x);", "// the rate falls (see 1.8);",
                     "void* operator new(unsigned long);", "void f(void* p) { new (p) int(3); }",
                     "struct S {\n  static int f(\n      int x);\n};"):
            with self.subTest(text=text):
                self.accepted(self.in_source(text + "\n"))

    def test_tests_may_do_what_products_may_not(self):
        lists = {"tests/CMakeLists.txt": "weft_test(x SOURCES x.cc)\n"}
        self.accepted({**lists, "tests/x.cc": "void f() { if (testing::fails()) g(new int(3)); }\n"})
        self.refused("ownership", {**lists, "tests/x.cc": "std::shared_ptr<int> p;\n"})

    def test_words_in_any_text(self):
        for word in ("TO" + "DO: later", "FIX" + "ME", "XX" + "X", "this is not " + "implemented"):
            with self.subTest(word=word):
                self.refused("unfinished", self.in_source(f"// {word}\n"))
        self.refused("path", self.in_source('const char* p = "' + "/ro" + 'ot/x";\n'))

    def test_flags(self):
        self.refused("flags", {"cmake/x.cmake": "add_compile_options(-march=" + "native)\n"})
        self.refused("flags", {"quickstart": "cmake -DCMAKE_CXX_FLAGS=-ffast" + "-math\n"})


if __name__ == "__main__":
    unittest.main()
