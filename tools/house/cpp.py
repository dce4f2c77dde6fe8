"""Just enough C++ reading for the rules: text without comments and strings, includes, and where functions begin and end."""
import re

RAW = re.compile(r'R"([^()\\\s]{0,16})\((.*?)\)\1"', re.S)
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-FxX])\'(?:\\.|[^\'\\\n])+\'', re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern|concept)\b")


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def blank(match):
    """Same length and lines, nothing else: positions stay true."""
    return re.sub(r"[^\n]", " ", match.group(0))


def blank_token(match):
    text = match.group(0)
    if text.startswith(("//", "/*")):
        return blank(match)
    return text[0] + re.sub(r"[^\n]", "_", text[1:-1]) + text[-1]


def bare(text):
    """The text with comments blanked and the inside of literals replaced."""
    return TOKEN.sub(blank_token, RAW.sub(blank, text))


def comments(text):
    """(line, comment) for every comment."""
    for match in TOKEN.finditer(RAW.sub(blank, text)):
        if match.group(0).startswith(("//", "/*")):
            yield line_of(text, match.start()), match.group(0)


def includes(text):
    """(line, is_system, name) for every include that is not commented out."""
    stripped = re.sub(r"//[^\n]*|/\*.*?\*/", blank, text, flags=re.S)
    for match in INCLUDE.finditer(stripped):
        yield line_of(text, match.start()), match.group(1) == "<", match.group(2)


def without_directives(code):
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blank, code, flags=re.M)


def opens_function(head):
    """Does a brace after `head` (what stands since the last statement) open a function's body?"""
    text = head.strip()
    if not text or "(" not in text or text.count("(") != text.count(")"):
        return False
    if text[-1] in "=,([{&|" or text.endswith("return"):
        return False
    before = text.split("(", 1)[0]
    return not SCOPE.search(re.sub(r"<[^<>]*>", "", before))


def functions(text):
    """(first line, last line) of every function body, the outermost only."""
    code = without_directives(bare(text))
    depth_of_function, head, start = None, 0, 0
    depth = 0
    for match in re.finditer(r"[{};]", code):
        sign, at = match.group(0), match.start()
        if sign == "{":
            if depth_of_function is None and opens_function(code[head:at]):
                depth_of_function, start = depth, at
            if depth_of_function is None:
                head = at + 1
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth_of_function == depth:
                depth_of_function = None
                if re.match(r"\s*[,{]", code[at + 1:]):
                    continue  # a member initialised with braces: the constructor's body is still to come
                yield line_of(code, start), line_of(code, at)
            if depth_of_function is None:
                head = at + 1
        elif depth_of_function is None and code.count("(", head, at) == code.count(")", head, at):
            head = at + 1
