"""A small chain with everything that the files of a folder can say: what `serai chain new` writes."""

from serai.world.chains import Chain, Node, Position, Requirement, Stage
from serai.world.supply.records import OTHERS, UNATTRIBUTED, Declared, Grade, Provider, ShareRow


def example_chain() -> Declared:
    """Lamps: glass and one of two light sources; the figures are made up."""
    parts, goods = (
        Stage("parts", Position.UPSTREAM, {"en": "Parts"}),
        Stage("goods", Position.DOWNSTREAM, {"en": "Goods"}),
    )

    def node(code: str, title: str, stage: str, isic: str, hs: str, spare: float | None, reason: str) -> Node:
        return Node(code, stage, {"en": title}, (hs,), (isic,), {"en": (title.casefold(),)}, spare, None, reason)

    made_up = "made up, as an example"
    return Declared(
        chain=Chain(
            slug="lamps",
            title={"en": "Lamps"},
            summary={"en": "Lamps"},
            stages=(parts, goods),
            nodes=(
                node("glass", "Glass", "parts", "2310", "7011", 0.1, made_up),
                node("led-chips", "LED chips", "parts", "2610", "8541", 0.05, made_up),
                node("bulbs", "Bulbs", "parts", "2740", "8539", None, ""),
                node("lamps", "Lamps", "goods", "2740", "9405", None, ""),
            ),
            edges=(("glass", "lamps"), ("led-chips", "lamps"), ("bulbs", "lamps")),
            requirements=(
                Requirement("lamps", "glass", ("glass",), 0.2, None, True, 4.0, made_up),
                Requirement("lamps", "light", ("led-chips", "bulbs"), 0.4, (0.5, 0.5), True, 2.0, made_up),
            ),
        ),
        shares=(
            ShareRow("glass", "CHN", 50.0, Grade.STATED, 2024, made_up, "kt", is_amount=True),
            ShareRow("glass", "DEU", 30.0, Grade.STATED, 2024, made_up, "kt", is_amount=True),
            ShareRow("glass", "FRA", None, Grade.STATED, 2024, made_up, "kt", is_amount=True),
            ShareRow("glass", UNATTRIBUTED, 20.0, Grade.STATED, 2024, made_up, "kt", is_amount=True),
            ShareRow("lamps", "CHN", 0.6, Grade.STATED, 2024, made_up),
            ShareRow("lamps", "POL", 0.2, Grade.STATED, 2024, made_up),
            ShareRow("lamps", OTHERS, 0.2, Grade.STATED, 2024, made_up),
        ),
        providers=(
            Provider("led-chips", "First Light", "JPN", 0.75, year=2024, source=made_up),
            Provider("led-chips", "Bright", "CHN", 0.2, year=2024, source=made_up),
            Provider("led-chips", "various", UNATTRIBUTED, 0.05, is_firm=False, year=2024, source=made_up),
            Provider("bulbs", "Hungary", "HUN", 1.0, is_firm=False, year=2024, source=made_up),
        ),
    )
