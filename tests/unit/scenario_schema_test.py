"""Every example validates against docs/scenario.schema.json, and mistakes do not. Use: python3 scenario_schema_test.py ROOT

Exit code 77 (skipped) when jsonschema or PyYAML is not installed.
"""
import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(77)

BASE = """
topology: { kind: switch, hosts: 4, link: { delay: 1us } }
workloads: [ { kind: permutation, size: 2MB } ]
"""

# Each of these, added to or put in place of a part of BASE, must be refused.
MISTAKES = [
    ("fabric", {"mtuu": 4096}),
    ("fabric", {"mtu": 100}),
    ("fabric", {"buffer": 64}),
    ("fabric", {"buffer": "64us"}),
    ("fabric", {"transport": "udp"}),
    ("fabric", {"ecn": {"pmax": 2}}),
    ("seed", -1),
    ("topology", None),
    ("links", [{"loss": 0.1}]),
    ("workloads", [{"size": "2MB"}]),
]


def main():
    root = pathlib.Path(sys.argv[1])
    schema = json.loads((root / "docs/scenario.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    wrong = 0
    examples = sorted((root / "examples").glob("*.yaml"))
    for example in examples:
        for error in validator.iter_errors(yaml.safe_load(example.read_text())):
            print(f"{example.name}: {list(error.absolute_path)}: {error.message}")
            wrong += 1
    for key, value in MISTAKES:
        document = yaml.safe_load(BASE)
        if not validator.is_valid(document):
            print("the base document of this test does not validate")
            wrong += 1
        document[key] = value
        if validator.is_valid(document):
            print(f"accepted: {key}: {value}")
            wrong += 1
    print(f"{len(examples)} examples, {len(MISTAKES)} mistakes, {wrong} wrong")
    return 1 if wrong or not examples else 0


if __name__ == "__main__":
    sys.exit(main())
