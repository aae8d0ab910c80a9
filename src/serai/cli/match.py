"""Who should meet whom, and why."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.cli import app
from serai.cli.console import AsJson, EditionOption, RefusedError, open_fair, out, progress, say_json

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Edition, Participation
    from serai.expo.meetings.matchmaking.domain.partners import Partner


@app.command(epilog="Example: serai match --edition fair-2026 CN2026328K7Q2M4")
def match(
    firm: Annotated[str | None, typer.Argument(metavar="FIRM", help="One firm by its identifier; else all.")] = None,
    edition: EditionOption = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many partners of each firm.")] = 5,
    floor: Annotated[
        int | None,
        typer.Option(
            "--floor",
            min=0,
            help="In how many lists each small or least developed exhibitor stands; else what the organiser chose.",
        ),
    ] = None,
    words_only: Annotated[
        bool, typer.Option("--words-only", help="Compare texts by their words alone, not by what they mean.")
    ] = False,
    learned: Annotated[
        bool, typer.Option("--learned", help="Weigh the signals by the wishes and refusals of this edition.")
    ] = False,
    curve: Annotated[
        bool, typer.Option("--curve", help="Instead show what each floor gives the protected and costs all.")
    ] = False,
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option("--explain", metavar="A B", help="Instead say all of two firms, by their identifiers."),
    ] = None,
    language: Annotated[
        str, typer.Option("--language", metavar="CODE", help="The language of the reasons, such as zh-hans, ar or fr.")
    ] = "en",
    as_json: AsJson = False,
) -> None:
    """Place the firms of an edition on the chains and list whom each should meet, with the reasons.

    Who stands in a list is spread over the fair, so that not all are sent to the same few; each list is in the order of
    the score.
    """
    open_fair()
    from serai.expo.meetings.matchmaking.domain.learned_weights import learned_weights
    from serai.expo.meetings.matchmaking.domain.matching import partners_of_edition
    from serai.expo.offers.chains.domain.placements import place_edition
    from serai.expo.site.operation.domain.editions import edition_named
    from serai.match.ranking import JUDGED

    with _spoken(language):
        fair = edition_named(edition)
        if explain is not None:
            _explain(fair, explain, meaning=not words_only, as_json=as_json)
            return
        if curve:
            _show_curve(fair, most=most, as_json=as_json)
            return
        chosen = participations(fair, firm)
        with progress("Placing the firms on the chains") as step:
            placed = place_edition(fair, progress=step)
            step("Finding partners", 0.99)
            weights = learned_weights(fair, meaning=not words_only) if learned else JUDGED
            partners_of = partners_of_edition(fair, most=most, floor=floor, meaning=not words_only, weights=weights)
        listed = [(participation, partners_of.get(participation.pk, [])) for participation in chosen]
        if as_json:
            records = [_with_partners(*entry) for entry in listed]
            say_json({"edition": fair.slug, "placements": placed, "weights": asdict(weights), "firms": records})
            return
        for participation, partners in listed:
            out.print(Text(str(participation.firm), "bold"))
            for partner in partners:
                out.print(f"    {partner.match.shown:.1f}  {partner.participation.firm} {partner.relation_label}")
                for sentence in (*partner.sentences, *partner.wishes, *partner.supply):
                    out.print(f"          {sentence}")
        matched = sum(bool(partners) for _participation, partners in listed)
        out.print(f"{placed} placements; {matched} of {len(listed)} participants have partners.")
        if weights.errors:
            learned_weights_in_words = (
                f"{name} {weight:.2f} ± {weights.errors[name]:.2f}" for name, weight in weights.weights.items()
            )
            out.print(
                f"Weights learned from {weights.answers} wishes and refusals: {', '.join(learned_weights_in_words)}."
            )


@contextmanager
def _spoken(language: str) -> Iterator[None]:
    """Speak one of the fair's languages. Raises RefusedError for an unknown language."""
    from django.conf import settings
    from django.utils import translation

    codes = [code for code, _name in settings.LANGUAGES]
    if language not in codes:
        raise RefusedError(f"There is no language '{language}'; there are {', '.join(codes)}.")
    with translation.override(language):
        yield


def _explain(edition: "Edition", firms: tuple[str, str], *, meaning: bool, as_json: bool) -> None:
    """The two sides' scores, what each signal adds to them, the reasons in words, and what cut."""
    from django_scopes import scope

    from serai.expo.meetings.matchmaking.domain.matching import explain_pair, weights_of

    (left, *_), (other, *_) = (participations(edition, firm) for firm in firms)
    explained = explain_pair(left, other, meaning=meaning)
    with scope(edition=edition):
        weights = weights_of(edition)
    match, sides = explained.match, (left, other)
    scores = (match.score_firm, match.score_partner) if match else ()
    signals = (match.signals_firm, match.signals_partner) if match else ()
    if as_json:
        records = [
            {
                "firm": side.firm.identifier,
                "name": side.firm.legal_name,
                "score": round(score, 4),
                "signals": {
                    signal: {"value": value, "weight": weights.weights[signal], "adds": weights.adds(signal, value)}
                    for signal, value in of_side.items()
                },
            }
            for side, score, of_side in zip(sides, scores, signals, strict=False)
        ]
        say_json(
            {
                "edition": edition.slug,
                "score": round(match.score, 4) if match else None,
                "relation": match.relation if match else None,
                "intercept": weights.intercept,
                "sides": records,
                "reasons": explained.sentences,
                "cut": explained.cut,
                "link": explained.link,
            }
        )
        return
    out.print(Text(f"{left.firm} and {other.firm}: {f'{match.score:.2f}' if match else 'no match'}", "bold"))
    for side, score, of_side in zip(sides, scores, signals, strict=False):
        out.print(f"    {score:.2f}  for {side.firm}, from log-odds of {weights.intercept:+.2f} and")
        for signal, value in of_side.items():
            text = "not known" if value is None else f"{value:.2f}"
            out.print(
                f"          {weights.adds(signal, value):+.2f}  {signal} {text}, weight {weights.weights[signal]:g}"
            )
    for sentence in (*explained.sentences, *explained.cut):
        out.print(f"    {sentence}")
    for name, change in (explained.link or {}).items():
        out.print(f"          {change:+.2g}  {name}, for the better above 0")


def _show_curve(edition: "Edition", *, most: int, as_json: bool) -> None:
    """Show the effect of floors from 0 to eight times the length of a list, with the present placements."""
    from serai.expo.meetings.matchmaking.domain.matching import trade_off_of_edition

    with progress("Trying floors"):
        points = trade_off_of_edition(edition, [0, *(most * times for times in (1, 2, 4, 8))], most=most)
    if as_json:
        say_json({"edition": edition.slug, "most": most, "floors": [asdict(point) for point in points]})
        return
    out.print("Lists in which a small or least developed exhibitor stands at least; what exhibitors and readers get:")
    out.print(f"{'floor':>8}{'nDCG':>8}{'Gini':>8}{'unseen':>8}{'protected':>11}{'missed by':>11}")
    for point in points:
        shares = f"{point.gain:>8.3f}{point.gini:>8.3f}{point.unseen:>8.1%}{point.protected:>11.1%}"
        out.print(f"{point.floor:>8}{shares}{point.shortfall:>11}")


def participations(edition: "Edition", firm: str | None) -> "list[Participation]":
    """The confirmed participations of an edition, or only that of the firm with this identifier."""
    from django_scopes import scope

    from serai.expo.fairs.edition.models import Participation

    with scope(edition=edition):
        confirmed = Participation.objects.filter(state=Participation.State.CONFIRMED).select_related("firm")
        rows = list(confirmed.filter(firm__identifier=firm) if firm else confirmed)
    if firm and not rows:
        raise RefusedError(f"No firm with the identifier '{firm}' takes part in {edition.slug}.")
    return rows


def _with_partners(participation: "Participation", partners: "list[Partner]") -> dict[str, Any]:
    return {
        "firm": participation.firm.identifier,
        "name": participation.firm.legal_name,
        "kind": participation.kind,
        "partners": [
            {
                "firm": partner.participation.firm.identifier,
                "name": partner.participation.firm.legal_name,
                "relation": partner.match.relation,
                "score": partner.match.shown,
                "reasons": (*partner.sentences, *partner.wishes, *partner.supply),
            }
            for partner in partners
        ],
    }
