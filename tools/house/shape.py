"""Sizes and places: file, function and line length, headers that open with a comment, room READMEs, explicit source lists."""
import ast
import re

import cpp

FILE_LINES = 600
FUNCTION_LINES = 70
LINE_LENGTH = 140
README_LINES = 20


def check(tree):
    for name, text in tree.texts.items():
        yield from check_length(name, text)
    for name, text in tree.code.items():
        yield from check_functions(name, cpp.functions(text))
    for name, text in tree.texts.items():
        if name.endswith(".py"):
            yield from check_functions(name, python_functions(text))
    yield from check_headers(tree)
    yield from check_readmes(tree)
    yield from check_lists(tree)


def check_length(name, text):
    lines = text.splitlines()
    if name.endswith(("package-lock.json", ".schema.json")):  # written by programs
        return
    if len(lines) > FILE_LINES:
        yield name, 1, "file-length", f"{len(lines)} lines, at most {FILE_LINES}"
    if not name.endswith((".cc", ".hh", ".py", ".cmake", "CMakeLists.txt")):
        return
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_LENGTH:
            yield name, number, "line-length", f"{len(line)} columns, at most {LINE_LENGTH}"


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno


def check_functions(name, spans):
    for first, last in spans:
        if last - first + 1 > FUNCTION_LINES:
            yield name, first, "function-length", f"{last - first + 1} lines, at most {FUNCTION_LINES}"


def check_headers(tree):
    for name, text in tree.sources.items():
        if not name.endswith(".hh"):
            continue
        if not text.startswith(("//", "/*")):
            yield name, 1, "header", "opens with a comment: what it is, the rule or formula, units, errors, its source"
        if "#pragma once" not in text:
            yield name, 1, "header", "has no #pragma once"


def check_readmes(tree):
    for room in tree.rooms():
        path = tree.root / "src" / room / "README.md"
        name = f"src/{room}/README.md"
        if not path.is_file():
            yield name, 1, "readme", "missing: what lives here, which file to read first, what it may include"
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > README_LINES:
            yield name, 1, "readme", f"{lines} lines, at most {README_LINES}"


def check_lists(tree):
    """A .cc file that no CMake list names is never built, so it is dead code."""
    lists = "\n".join(text for name, text in tree.texts.items() if name.endswith((".cmake", "CMakeLists.txt")))
    listed = set(re.findall(r"[\w./-]+\.cc\b", lists))
    for name in tree.code:
        if name.endswith(".cc") and not any(name == entry or name.endswith("/" + entry) for entry in listed):
            yield name, 1, "source-list", "no CMakeLists.txt or tests/rooms/*.cmake names this file"
