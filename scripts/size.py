"""How large Serai is, by wing of the fair and by house. These numbers only fall.

    python -m scripts.size          # print them
    python -m scripts.size --check  # fail where a number stands above scripts/size_baseline.toml
    python -m scripts.size --lower  # write today's numbers into it where they fell
    python -m scripts.size --pairs  # name the pairs of places of one shape

Migrations are left out, except of their own count. What the words mean:

- code: lines that are not blank, and hold more than a comment or a text that stands alone, as a docstring does.
- imports: lines of statements that import.
- marker: an ``__init__.py`` under 40 lines that holds nothing but texts and imports. It counts as no module.
- small: a module under 40 lines.
- one: the word ``one`` in lower case, wherever it stands in a file. As a part of a longer name it does not count.
- pairs: pairs of places in the fair of six lines or more of one shape. The shape of a line is what stays when all names
  are written alike, and so are all texts and all numbers. Imports, comments, docstrings and lines of brackets alone are
  passed over. Six lines of fewer than 4 different shapes are a table and count as none; so do six lines that stand in
  more than 8 places, which are a way of writing.
"""

import argparse
import ast
import io
import json
import keyword
import re
import sys
import tokenize
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import combinations
from pathlib import Path
from typing import Any

from serai.expo.base.rooms import WINGS

ROOT = Path(__file__).parents[1]
BASELINE = Path("scripts/size_baseline.toml")
SECONDS = Path(".suite-seconds")
"""How long each part of the last ``make test`` took, as scripts/test.py writes it."""
HOUSES = ("world", "match", "cli")
REST = "the rest"
SMALL = 40
"""A module with fewer lines is small."""
RUN = 6
"""So many lines of one shape are a repetition."""
LEAST_SHAPES = 4
"""Lines of fewer different shapes are a table."""
MOST_PLACES = 8
"""What stands in more places is a way of writing."""
GATED = {
    "lines": "expo has {more} more line{s}",
    "small_modules": f"expo has {{more}} more module{{s}} under {SMALL} lines",
    "pairs": f"expo has {{more}} more pair{{s}} of places of {RUN} lines of one shape",
    "test_lines": "tests have {more} more line{s}",
}
"""What fails where one of these numbers grew."""
TOLD = {
    "modules": "expo has {more} more module{s}",
    "markers": "expo has {more} more package marker{s}",
    "imports": "expo has {more} more line{s} of imports",
    "one": "expo says 'one' {more} more time{s}",
}
"""What is said where one of these numbers grew."""
HEADER = """\
# The most that src/serai/expo, without migrations, and the tests may have. scripts/size.py says what is counted.
# These numbers only fall: `python -m scripts.size --lower` writes those that fell. Whoever raises one gives the reason.
"""
NO_TOKENS = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}

type Shapes = list[tuple[int, str]]
"""The shapes of the lines of a file, each with the number of its line, in order."""
type Place = tuple[Path, int]
"""A file and a line."""


@dataclass(frozen=True)
class Size:
    """What is counted of a file, or of many."""

    lines: int = 0
    code: int = 0
    imports: int = 0
    modules: int = 0
    small: int = 0
    markers: int = 0
    functions: int = 0
    one: int = 0


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.size", description="How large Serai is.")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--check", action="store_true", help=f"fail where a number stands above {BASELINE}")
    ways.add_argument("--lower", action="store_true", help="write today's numbers where they fell")
    ways.add_argument("--pairs", action="store_true", help="name the pairs of places of one shape")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        return check(root)
    if chosen.lower:
        lower(root)
    elif chosen.pairs:
        for (file, line), (other, other_line) in pairs({path: measure(path)[1] for path in files_of_the_fair(root)}):
            print(f"{file.relative_to(root)}:{line} {other.relative_to(root)}:{other_line}")
    else:
        print("\n".join(report(root)))
    return 0


def check(root: Path) -> int:
    """Say which numbers grew over the baseline. Returns 1 where that may not be."""
    allowed, today = read_toml(root / BASELINE), numbers(root)
    grown = [name for name in today if today[name] > allowed[name]]
    for name in grown:
        more = today[name] - allowed[name]
        much = (GATED | TOLD)[name].format(more=f"{more:,}", s="s" if more > 1 else "")
        against = f"{today[name]:,} against {allowed[name]:,}"
        end = "Make it smaller, or raise the number there with a reason." if name in GATED else "This alone may be."
        print(f"{much} than {BASELINE} allows: {against}. {end}")
    return int(not GATED.keys().isdisjoint(grown))


def lower(root: Path) -> None:
    """Write today's numbers into the baseline where they fell."""
    path = root / BASELINE
    stored = read_toml(path)
    lowest = {name: min(number, stored.get(name, number)) for name, number in numbers(root).items()}
    lines = [f"{name} = {number:_}" for name, number in lowest.items()]
    if "reason" in stored:
        lines.append(f"reason = {json.dumps(stored['reason'], ensure_ascii=False)}")
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


def numbers(root: Path) -> dict[str, int]:
    """The numbers of the baseline as they are today."""
    measured = {path: measure(path) for path in files_of_the_fair(root)}
    size = total(size for size, _shapes in measured.values())
    return {
        "lines": size.lines,
        "small_modules": size.small,
        "pairs": len(pairs({path: shapes for path, (_size, shapes) in measured.items()})),
        "test_lines": lines_of_tests(root),
        "modules": size.modules,
        "markers": size.markers,
        "imports": size.imports,
        "one": size.one,
    }


def report(root: Path) -> Iterator[str]:
    """The table of all numbers, line by line."""
    names = [field.name for field in fields(Size)]
    yield f"{'':<14}" + "".join(f"{name:>11}" for name in names)
    wings: dict[str, list[Size]] = {wing: [] for wing in (*WINGS, REST)}
    shapes: dict[Path, Shapes] = {}
    fair = root / "src/serai/expo"
    for path in files_of_the_fair(root):
        size, shapes[path] = measure(path)
        wing = path.relative_to(fair).parts[0]
        wings[wing if wing in WINGS else REST].append(size)
    yield from (row(wing, total(sizes)) for wing, sizes in wings.items())
    yield row("expo", total(size for sizes in wings.values() for size in sizes))
    for house in HOUSES:
        yield row(house, total(measure(path)[0] for path in python_files(root / "src/serai" / house)))
    yield ""
    yield f"{len(pairs(shapes)):>9,} pairs of places of {RUN} lines of one shape in expo"
    yield f"{lines_of_tests(root):>9,} lines of tests"
    yield f"{len(list((fair / 'migrations').glob('[0-9]*.py'))):>9,} migrations"
    for part, seconds in read_toml(root / SECONDS).items():
        yield f"{seconds:>9,} seconds of tests: {part}"
    if reason := read_toml(root / BASELINE).get("reason"):
        yield f"The baseline was raised last because: {reason}"


def row(name: str, size: Size) -> str:
    return f"{name:<14}" + "".join(f"{number:>11,}" for number in asdict(size).values())


def total(sizes: Iterable[Size]) -> Size:
    added = dict.fromkeys((field.name for field in fields(Size)), 0)
    for size in sizes:
        for name, number in asdict(size).items():
            added[name] += number
    return Size(**added)


def python_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def files_of_the_fair(root: Path) -> list[Path]:
    fair = root / "src/serai/expo"
    return [path for path in python_files(fair) if "migrations" not in path.relative_to(fair).parts]


def lines_of_tests(root: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in python_files(root / "tests"))


def write_seconds(root: Path, seconds: Mapping[str, float]) -> None:
    """Keep how long each part of the suite took."""
    text = "".join(f"{part} = {round(taken)}\n" for part, taken in seconds.items())
    (root / SECONDS).write_text(text, encoding="utf-8")


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def measure(path: Path) -> tuple[Size, Shapes]:
    """What is counted of a file, and the shapes of its lines."""
    text = path.read_text(encoding="utf-8")
    nodes = list(ast.walk(tree := ast.parse(text)))
    lines = text.count("\n")
    imports = lines_of(node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
    texts = lines_of(node for node in nodes if is_text_alone(node))
    shapes = {line: shape for line, shape in shapes_by_line(text).items() if line not in texts}
    nothing = all(isinstance(node, ast.Import | ast.ImportFrom) or is_text_alone(node) for node in tree.body)
    is_marker = nothing and path.name == "__init__.py" and lines < SMALL
    size = Size(
        lines=lines,
        code=len(shapes),
        imports=len(imports),
        modules=int(not is_marker),
        small=int(not is_marker and lines < SMALL),
        markers=int(is_marker),
        functions=sum(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in nodes),
        one=len(re.findall(r"\bone\b", text)),
    )
    compared = [(line, shape) for line, shape in shapes.items() if line not in imports and re.search(r"\w", shape)]
    return size, compared


def is_text_alone(node: ast.AST) -> bool:
    """Whether this is a docstring, or a text like it below a constant."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def lines_of(nodes: Iterable[ast.AST]) -> set[int]:
    """The numbers of the lines on which these stand."""
    return {line for node in nodes for line in range(node.lineno, node.end_lineno + 1)}  # type: ignore[attr-defined]


def shapes_by_line(text: str) -> dict[int, str]:
    """The shape of each line that holds more than a comment. Lines in the middle of a text have none, and count."""
    parts: defaultdict[int, list[str]] = defaultdict(list)
    depth = 0  # of formatted texts inside of each other
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in NO_TOKENS:
            continue
        for line, part in enumerate(token.string.split("\n"), token.start[0]):
            if part.strip():
                parts[line]  # the line is there
        depth -= token.type == tokenize.FSTRING_END
        if depth == 0 and token.type != tokenize.FSTRING_END:
            parts[token.start[0]].append(shape_of(token))
        depth += token.type == tokenize.FSTRING_START
    return {line: " ".join(shape) for line, shape in parts.items()}


def shape_of(token: tokenize.TokenInfo) -> str:
    match token.type:
        case tokenize.NAME:
            return token.string if keyword.iskeyword(token.string) else "name"
        case tokenize.STRING | tokenize.FSTRING_START:
            return "text"
        case tokenize.NUMBER:
            return "number"
    return token.string


def pairs(files: Mapping[Path, Shapes]) -> list[tuple[Place, Place]]:
    """The pairs of places that have lines of one shape, six or more; a longer run of them is a single pair."""
    places: defaultdict[tuple[str, ...], list[Place]] = defaultdict(list)
    for path, lines in files.items():
        shapes = [shape for _line, shape in lines]
        for first in range(len(shapes) - RUN + 1):
            run = tuple(shapes[first : first + RUN])
            if len(set(run)) >= LEAST_SHAPES:
                places[run].append((path, first))
    alike = {
        (place, other)
        for found in places.values()
        if len(found) <= MOST_PLACES
        for place, other in combinations(found, 2)
        if place[0] != other[0] or other[1] - place[1] >= RUN  # a place does not overlap itself
    }
    begun = (
        ((file, first), (other, second))
        for (file, first), (other, second) in alike
        if ((file, first - 1), (other, second - 1)) not in alike
    )
    return sorted(
        ((file, files[file][first][0]), (other, files[other][second][0])) for (file, first), (other, second) in begun
    )


if __name__ == "__main__":
    sys.exit(main())
