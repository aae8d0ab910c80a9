"""What the invented firms say of themselves is whole and contradicts nothing."""

from typing import Any

import pytest

from serai.expo.firms.record.domain.profile import check_digit
from serai.expo.firms.record.models import Certification, Firm, FirmIdentifier, Plant
from serai.expo.site.demonstration.domain.content import only
from serai.expo.site.demonstration.domain.entrants import SIZES, FirmRow, dossiers


@pytest.fixture(scope="module")
def written(fair: Any) -> list[FirmRow]:
    return dossiers(7, fair.exhibitors, fair.buyers)


def test_the_employees_of_a_firm_are_those_of_its_size(fair: Any, written: list[FirmRow]) -> None:
    for entrant in fair.everyone:
        assert entrant.firm.employees in SIZES[Firm.Size(entrant.firm.size)]


def test_every_exhibitor_has_bands_markets_a_number_and_a_certificate(fair: Any, written: list[FirmRow]) -> None:
    firms = [entrant.firm for entrant in fair.exhibitors]
    for firm in firms:
        assert all((firm.turnover, firm.export_share, firm.ownership, firm.markets, firm.markets_sought))
        assert firm.country not in {*firm.markets, *firm.markets_sought}
        assert not {*firm.markets} & {*firm.markets_sought}
        assert firm.provenance["markets"]["source"] == "demonstration"
    for rows in (only(FirmIdentifier, written), only(Certification, written)):
        assert {id(row.firm) for row in rows} == {id(firm) for firm in firms}


def test_numbers_are_right_one_a_firm_and_of_prefixes_given_to_nobody(written: list[FirmRow]) -> None:
    values = [one.value for one in only(FirmIdentifier, written)]
    assert len(set(values)) == len(values)
    assert {str(check_digit(one.scheme, one.value)) for one in only(FirmIdentifier, written)} == {"right"}
    assert all(one.value.startswith({"GLN": "952", "LEI": "0000"}[one.scheme]) for one in only(FirmIdentifier, written))


def test_a_plant_started_after_its_firm_was_founded_and_a_service_has_none(fair: Any, written: list[FirmRow]) -> None:
    services = {id(entrant.firm) for entrant in fair.exhibitors if entrant.trade.is_service}
    plants = only(Plant, written)
    assert plants
    for plant in plants:
        assert plant.since is not None
        assert plant.since >= (plant.firm.founded or 0)
        assert id(plant.firm) not in services
