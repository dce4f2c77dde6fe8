"""Words that a review would refuse, in code (comments and strings apart), in comments, and in build files."""
import re

import cpp

CODE_RULES = (
    ("ownership", r"\bshared_ptr\b|\bmake_shared\b", "shared_ptr: own with a value, a unique_ptr or an id"),
    ("randomness", r"\bs?rand\s*\(|\brandom_device\b|\bmt19937(_64)?\b", "use base/random.hh: draws depend on the scenario alone"),
    ("volatile", r"\bvolatile\b", "volatile"),
    ("state", r"\bthread_local\b", "thread_local state"),
    ("dead-code", r"^[ \t]*#[ \t]*if[ \t]+(0|false)\b", "code that is switched off"),
)
# Of the product alone: a test must hand `new` facets to std::locale, and may ask GoogleTest (namespace testing). Placement new
# owns nothing and passes.
PRODUCT_RULES = (
    ("ownership", r"(?<!operator )\bnew\b\s*(\(\s*std\s*::\s*nothrow\s*\)\s*)?(?=[\w:])", "raw new"),
    ("ownership", r"(?<![=\w] )(?<!operator )(?<!=)\bdelete\b", "raw delete"),
    ("simulated", r"\bif\s*(constexpr\s*)?\(\s*!?\s*(is_)?(simulated|simulation|testing)\b", "product code never asks where it runs"),
)
# A static variable that can change; functions (a parenthesis before the end) and constants pass.
STATIC = re.compile(r"^[ \t]*(?:inline[ \t]+)?static[ \t]+(?!constexpr\b|const\b|inline constexpr\b|constinit const\b)[^()\n]*[;={]", re.M)
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b|not " + r"implemented", re.I)
COMMENTED_CODE = re.compile(r"^//\s*(?:[\w:]+(?:[.]|->))*[\w:]+\s*(?:=\s*[^=].*|\(.*\))\s*;\s*$")
FLAGS = re.compile(r"-march=" + r"native|-ffast" + r"-math|-Ofast")
HOME = re.compile(r"(?<![\w.])/(?:root|home/\w+)/")
BUILD_FILES = re.compile(r"(CMakeLists\.txt|\.cmake|CMakePresets\.json)$|^(quickstart|check)$|^\.ci/")


def check(tree):
    for name, text in tree.code.items():
        yield from check_code(name, text)
    for name, text in tree.texts.items():
        yield from check_text(name, text)


def check_code(name, text):
    code = cpp.bare(text)
    for rule, pattern, what in CODE_RULES + (PRODUCT_RULES if name.startswith("src/") else ()):
        for match in re.finditer(pattern, code, re.M):
            yield name, cpp.line_of(code, match.start()), rule, what
    for match in STATIC.finditer(code):
        yield name, cpp.line_of(code, match.start()), "state", "a static variable that can change"
    if name.startswith("src/") and not name.startswith("src/app/"):
        for match in re.finditer(r"\bint\s+main\s*\(", code):
            yield name, cpp.line_of(code, match.start()), "main", "main() belongs to src/app"
    if not name.startswith("src/app/"):  # the program tells exceptions apart
        for match in re.finditer(r"\bdynamic_cast\b", code):
            yield name, cpp.line_of(code, match.start()), "dynamic-cast", "dynamic_cast"
    for line, comment in cpp.comments(text):
        if COMMENTED_CODE.match(comment):
            yield name, line, "dead-code", f"commented-out code: {comment[:60]}"


def check_text(name, text):
    for match in UNFINISHED.finditer(text):
        yield name, cpp.line_of(text, match.start()), "unfinished", match.group(0)
    for match in HOME.finditer(text):
        yield name, cpp.line_of(text, match.start()), "path", f"a path of one machine: {match.group(0)}"
    if BUILD_FILES.search(name):
        for match in FLAGS.finditer(text):
            yield name, cpp.line_of(text, match.start()), "flags", f"{match.group(0)}: results must be the same bytes everywhere"
