"""All rules on one tree: (path, line, rule, what) for each breach."""
import arrows
import shape
import words


def breaches(tree):
    return sorted({breach for rule in (arrows.check, shape.check, words.check) for breach in rule(tree)})
