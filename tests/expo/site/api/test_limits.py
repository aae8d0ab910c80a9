"""The limits that the interface states are those that it keeps."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

import serai.expo
from serai.expo.firms.record.api import FirmChange
from serai.expo.programme.badges.api import BadgeGiven

NOT_LIMITS = {"description", "json_schema_extra"}


def trees() -> Iterator[ast.Module]:
    root = Path(serai.expo.__path__[0])
    for path in sorted(
        (*root.glob("*/*/api.py"), *root.glob("*/*/api/*.py"), *root.glob("fairs/interface/domain/*.py"))
    ):
        yield ast.parse(path.read_text(encoding="utf-8"))


def limits(node: ast.AST) -> set[str]:
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
    said = {word.arg for call in calls if call.func.id in {"Field", "StringConstraints"} for word in call.keywords}
    return {one for one in said if one} - NOT_LIMITS


def test_no_field_says_a_limit_that_the_kind_of_its_value_overrides() -> None:
    """Of ``name: Line = Field(max_length=120)`` pydantic keeps the limit of Line; ``Annotated`` narrows it."""
    kinds = {
        one.targets[0].id: limits(one.value)
        for tree in trees()
        for one in tree.body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and isinstance(one.value, ast.Subscript)
    }
    assert {"max_length", "pattern"} <= kinds["Line"]
    overridden = [
        f"{schema.name}.{ast.unparse(one.target)}"
        for tree in trees()
        for schema in ast.walk(tree)
        if isinstance(schema, ast.ClassDef)
        for one in schema.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.annotation, ast.Name) and one.value is not None
        if limits(one.value) & kinds.get(one.annotation.id, set())
    ]
    assert overridden == []


@pytest.mark.parametrize(("most", "field"), [(120, "name"), (120, "position"), (120, "name_latin")])
def test_a_badge_takes_as_much_as_its_column_and_no_more(most: int, field: str) -> None:
    BadgeGiven(**{"name": "A", field: "a" * most})
    with pytest.raises(ValidationError):
        BadgeGiven(**{"name": "A", field: "a" * (most + 1)})


def test_a_narrower_line_that_may_be_left_out_keeps_its_limit_too() -> None:
    with pytest.raises(ValidationError):
        FirmChange(carbon_unit="a" * 65)
