"""The properties of the chains in the report, its initiatives, and the figures of its summary."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.base.revisions import by_revision, revisions
from serai.expo.base.text import each_language, in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.scorecards.domain.presentation import SCALES
from serai.expo.insight.scorecards.domain.words import EXPLAINED, INDICATOR_NAMES, SENSES, UNITS
from serai.expo.meetings.matchmaking.domain.source_values import PROPERTIES as PROPERTY_NAMES
from serai.expo.programme.initiatives.domain.initiatives import published
from serai.expo.programme.initiatives.models import Commitment, Initiative, Signature
from serai.expo.results.assistance import domain as assistance  # noqa: F401  (importing it declares its figures)
from serai.expo.results.figures.domain import Figure, definitions
from serai.expo.results.report.domain import fair, ledger  # noqa: F401  (importing them declares their figures)
from serai.expo.results.report.domain.blocks import Block, Table, in_index_order, sources, with_unit
from serai.expo.results.report.domain.ledger import of_ledger
from serai.expo.results.report.domain.themes import indicator_value
from serai.world.classifications import countries
from serai.world.classifications.countries import alpha2
from serai.world.measures import INDICATORS, WORLD
from serai.world.scorecards import ONE_A_PROPERTY, Measured

type Content = dict[str, Any]


def properties_content(measured: Measured, languages: Sequence[str]) -> Content:
    """The indicators that are shown, with names in each language and values by country: value, low, high."""
    symbols = [symbol for symbol in ONE_A_PROPERTY if measured.values.get(symbol)]
    return {
        "table": measured.title,
        "name": measured.name,
        "year": measured.year,
        "citation": measured.citation,
        "indicators": [
            {
                "symbol": symbol,
                "property": INDICATORS[symbol].property,
                "property_name": each_language(languages, partial(str, PROPERTY_NAMES[INDICATORS[symbol].property])),
                "sense": INDICATORS[symbol].sense,
                "unit": INDICATORS[symbol].unit,
                "title": each_language(languages, partial(str, INDICATOR_NAMES[symbol])),
                "about": each_language(languages, partial(str, EXPLAINED[symbol])),
                "unit_name": each_language(
                    languages, partial(str, UNITS.get(INDICATORS[symbol].unit, INDICATORS[symbol].unit))
                ),
                "caution": measured.cautions.get(symbol, ""),
                "values": {
                    code: [round(number, 6) for number in value]
                    for code, value in measured.values[symbol].items()
                    if code != WORLD and alpha2(code)
                },
            }
            for symbol in symbols
        ],
    }


def properties_block(properties: Content) -> Block:
    """A table of countries by name and properties, and what each says."""

    def text(texts: Any) -> str:
        return in_language(texts).text

    indicators = properties["indicators"]
    language = get_language() or "en"
    codes = {code for row in indicators for code in row["values"]}
    named = in_index_order((countries.name(alpha2(code), language), code) for code in codes)

    def cell(row: Content, code: str) -> str:
        value = row["values"].get(code)
        return "–" if value is None else indicator_value(value[0] * SCALES.get(row["unit"], 1), row["unit"])

    about = [
        gettext("%(property)s. %(indicator)s (%(sense)s). %(about)s")
        % {
            "property": text(row["property_name"]),
            "indicator": with_unit(text(row["title"]), text(row["unit_name"])),
            "sense": SENSES[row["sense"]],
            "about": text(row["about"]),
        }
        for row in indicators
    ]
    return Block(
        tables=[
            Table(
                header=(gettext("Country or region"), *(text(row["property_name"]) for row in indicators)),
                rows=[(name, *(cell(row, code) for row in indicators)) for name, code in named],
                numbers=tuple(range(1, len(indicators) + 1)),
                widths=("2fr", *("1fr" for _row in indicators)),
                means=gettext("%(year)s. Source: %(source)s.")
                % {"year": properties["year"], "source": sources([properties["citation"]])},
            )
        ],
        sentences=[gettext("Nine properties, one indicator for each. There is no rank and no sum of them."), *about],
    )


@of_ledger(
    "initiatives",
    title=_("Initiatives and statements launched"),
    text=_("Initiatives, statements, declarations and action plans that the organiser has published."),
    unit=_("texts"),
)
def count_initiatives(edition: Edition) -> int:
    return published(edition).count()


@of_ledger(
    "signatures",
    title=_("Institutions that signed"),
    text=_(
        "Signatures of published initiatives that the organiser has confirmed with the institution and that were not "
        "withdrawn. Who signs two texts counts twice."
    ),
    unit=_("signatures"),
)
def count_signatures(edition: Edition) -> int:
    return _confirmed(edition).count()


@of_ledger(
    "signing_countries",
    title=_("Countries and regions of the institutions that signed"),
    text=_("Each once, of the confirmed signatures of published initiatives."),
    unit=_("countries and regions"),
)
def count_signing_countries(edition: Edition) -> int:
    return _confirmed(edition).exclude(country="").order_by().values("country").distinct().count()


@of_ledger(
    "commitments",
    title=_("Commitments of signatories"),
    text=_("What published initiatives promise, by those who signed them."),
    unit=_("commitments"),
)
def count_commitments(edition: Edition) -> int:
    return Commitment.objects.filter(initiative__in=published(edition)).count()


@of_ledger(
    "commitments_done",
    title=_("Commitments that are done"),
    text=_("Of the commitments of published initiatives, those that the organiser tells as done."),
    unit=_("commitments"),
)
def count_done(edition: Edition) -> int:
    return Commitment.objects.filter(initiative__in=published(edition), state=Commitment.State.DONE).count()


def _confirmed(edition: Edition) -> QuerySet[Signature]:
    public = Signature.objects.filter(edition=edition, initiative__state=Initiative.State.PUBLISHED)
    return public.filter(state=Signature.State.CONFIRMED)


def figures(edition: Edition, *, codes: Sequence[str] | None = None) -> list[Figure]:
    """The figures with these codes, or all, as of now, in the order of their declaration."""
    as_of, at = timezone.now(), revisions()
    with scope(edition=edition):
        return [
            Figure(
                definition,
                by_revision("figure", [edition, definition.code], partial(definition.count, edition), at),
                as_of,
            )
            for definition in definitions(edition)
            if codes is None or definition.code in codes
        ]
