"""Programs write the chains of an organisation."""

from collections.abc import Callable
from typing import Any

from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain.chain_edits import without_node
from serai.expo.people.account.models import User
from serai.world.chains import write_chain
from tests.world.test_chains import FILE, SOUND


def test_a_program_writes_a_chain_and_the_same_again_changes_nothing(
    edition: Edition, organiser: User, program_of: Callable[..., Any]
) -> None:
    call = program_of(organiser, "read", "write", "organise")
    path = f"/editions/{edition.slug}/own-chains/lamps"
    made = call(path, "put", {"content": FILE})
    assert (made.status_code, made.json()["version"], made.json()["in_use"]) == (200, 1, True)
    assert call(path, "put", {"content": made.json()["content"]}).json()["version"] == 1
    fewer = {"content": write_chain(without_node(SOUND, "wire")), "moves": {"wire": "glass"}}
    assert call(path, "put", fewer).json()["version"] == 2
    said = [change["code"] for change in call(f"{path}/differences").json()]
    assert said == ["wire", "wire > lamp"]
    assert call(f"{path}/return", "post", {"number": 1}).json()["version"] == 3
    assert [row["kind"] for row in call(f"{path}/versions").json()["items"]] == ["call", "call", "return"]
    refused = call(path, "put", {"content": FILE.replace("2720", "27", 1)})
    assert refused.status_code == 409
    assert "ISIC Rev.4 has no class '27'" in refused.json()["detail"]
