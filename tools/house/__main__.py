"""The house rules of weft, checked: include arrows, sizes, words, READMEs, source lists (DESIGN.md, CONTRIBUTING.md).

Use: python3 tools/house [ROOT]. Prints one line `file:line: rule: what` for each breach; exit code 1 when there is one.
"""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from rules import breaches
from tree import Tree


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2])
    tree = Tree(root)
    if not tree.sources:
        print(f"{root}: no source file below src/: nothing was checked")
        return 2
    found = breaches(tree)
    for path, line, rule, what in found:
        print(f"{path}:{line}: {rule}: {what}")
    print(f"house rules: {len(tree.texts)} files, {len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
