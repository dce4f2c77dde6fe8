"""The files that the rules read: path from the root -> text. Generated and foreign folders are left out."""
import pathlib

CODE = (".hh", ".cc", ".h", ".hpp", ".cpp")
TEXT = CODE + (".py", ".cmake", ".js", ".mjs", ".ts", ".css", ".html", ".sh", ".yaml", ".yml", ".json", "CMakeLists.txt")
SCRIPTS = ("quickstart", "check", ".ci/run", "tools/format", "tools/same_bytes")
FOLDERS = ("src", "tests", "fuzz", "bench", "tools", "cmake", "examples", "web", "docs")
LEFT_OUT = {"node_modules", "dist", "build", "__pycache__", "golden", "corpus"}


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.texts = {}
        for path in self._paths():
            self.texts[path.relative_to(self.root).as_posix()] = path.read_text(encoding="utf-8", errors="replace")
        self.code = {name: text for name, text in self.texts.items() if name.endswith(CODE)}
        self.sources = {name: text for name, text in self.code.items() if name.startswith("src/")}

    def _paths(self):
        for name in ("CMakeLists.txt", "CMakePresets.json") + SCRIPTS:
            if (self.root / name).is_file():
                yield self.root / name
        for folder in FOLDERS:
            for path in sorted((self.root / folder).rglob("*")):
                inside = path.relative_to(self.root).parts
                if path.is_file() and path.name.endswith(TEXT) and not LEFT_OUT.intersection(inside):
                    yield path

    def rooms(self):
        """room -> its source files."""
        found = {}
        for name in self.sources:
            parts = name.split("/")
            if len(parts) > 2:
                found.setdefault(parts[1], []).append(name)
        return found
