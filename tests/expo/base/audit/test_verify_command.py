"""``serai audit verify`` says in sentences, and by its exit code, whether the trail stands."""

import json
from pathlib import Path

import pytest
from django.db import connection

from serai.cli import main
from serai.expo.base.audit.domain import seals
from serai.expo.base.audit.domain.entries import record
from serai.expo.fairs.edition.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The head of a trail of three entries."""
    monkeypatch.setattr(seals, "home", lambda: tmp_path)
    for number in range(3):
        record("edition.changed", edition, after={"area": number}, edition=edition)
    seals.seal()
    return str(seals.kept_head())


def test_a_whole_trail_is_said_to_stand_with_its_head(head: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["audit", "verify"])
    assert not ended.value.code
    told = capsys.readouterr().out
    assert "No entry was altered, inserted or deleted." in told
    assert f"--head: {head}" in told


def test_a_forged_trail_ends_with_one_and_names_the_entry(head: str, capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE expo_auditentry SET after = '{\"area\": 9}' WHERE after IS NOT NULL AND id = "
            "(SELECT max(id) FROM expo_auditentry)"
        )
    with pytest.raises(SystemExit) as ended:
        main(["audit", "verify", "--json"])
    assert ended.value.code == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert "is altered" in fault


def test_a_head_from_elsewhere_is_compared(head: str, capsys: pytest.CaptureFixture[str]) -> None:
    for given, code in ((head, 0), (f"99:{head.partition(':')[2]}", 1), ("nonsense", 2)):
        with pytest.raises(SystemExit) as ended:
            main(["audit", "verify", "--head", given])
        assert (ended.value.code or 0) == code, given
    said = capsys.readouterr()
    assert "The end is cut off" in said.out
    assert "NUMBER:MARK" in said.err
