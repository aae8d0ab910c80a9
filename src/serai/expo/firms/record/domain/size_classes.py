"""The size class of a firm at a fair: by the fair's own rule from the firm's bands, else as the firm states it.

A rule says from how many employees, and from which turnover, a firm is no longer micro, small or medium: for one
country or for all others. Its limits are those at which the bands of ``Firm`` meet, so that nothing has to be guessed.
A firm that says nothing of its employees keeps the class that it states.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition, SizeRule
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import User
from serai.world.classifications import countries

EMPLOYEES = tuple(int(band.partition("-")[0]) for band in Firm.Employees.values[1:])
"""The limits between the bands of employees."""

TURNOVER = tuple(int(band.partition("-")[0]) for band in Firm.Turnover.values[1:])
"""The limits between the bands of turnover, in millions of US dollars."""

CLASSES = (Firm.Size.MICRO, Firm.Size.SMALL, Firm.Size.MEDIUM)
"""The classes that a rule limits; what is beyond them is large."""

NAMES: Mapping[str, str | Promise] = {
    Firm.Size.MICRO: pgettext_lazy("size class of a firm", "Micro"),
    Firm.Size.SMALL: pgettext_lazy("size class of a firm", "Small"),
    Firm.Size.MEDIUM: pgettext_lazy("size class of a firm", "Medium"),
    Firm.Size.LARGE: pgettext_lazy("size class of a firm", "Large"),
}
"""The classes without the limits of any rule."""


class RuleError(ValueError):
    """What is wrong with a rule, in the reader's language."""


@dataclass(frozen=True)
class Sized:
    """A firm's class at a fair, and whether the fair's rule made it."""

    size: str
    is_computed: bool


def rules_of(edition: Edition) -> dict[str, SizeRule]:
    """The rules by country, that for all others under the empty text."""
    return {rule.country: rule for rule in SizeRule.objects.filter(edition=edition)}


def size_of(firm: Firm, rules: Mapping[str, SizeRule]) -> Sized:
    """The class of one firm."""
    rule = rules.get(firm.country) or rules.get("")
    if rule is None or not firm.employees:
        return Sized(firm.size, False)
    for name in CLASSES:
        employees, turnover = _limits(rule, name)
        if employees is None or _low(firm.employees) >= employees:
            continue
        if turnover is not None and firm.turnover and _low(firm.turnover) >= turnover:
            continue
        return Sized(name.value, True)
    return Sized(Firm.Size.LARGE.value, True)


def computed_size(edition: Edition, prefix: str = "firm__") -> Case:
    """The same as an expression for queries, over the way from the queried rows to the firm."""
    rules = rules_of(edition)
    stated = F(f"{prefix}size")
    whens: list[When] = []
    others = Q(**{f"{prefix}country__in": [country for country in rules if country]})
    for country, rule in rules.items():
        here = Q(**{f"{prefix}country": country}) if country else ~others
        here &= ~Q(**{f"{prefix}employees": ""})
        whens += [When(here & within, then=Value(name.value)) for name, within in _within(rule, prefix)]
        whens.append(When(here, then=Value(Firm.Size.LARGE.value)))
    return Case(*whens, default=stated, output_field=CharField(max_length=8))


@made_once
def set_rule(
    edition: Edition,
    country: str,
    employees: Mapping[str, int | None],
    turnover: Mapping[str, int | None],
    *,
    user: User | None,
) -> SizeRule:
    """Set the rule of an edition for a country, or for all others. Limits are by class. Raises RuleError."""
    _check(country, employees, turnover)
    rule = SizeRule.objects.filter(edition=edition, country=country).first()
    before = state(rule) if rule else None
    rule = rule or SizeRule(edition=edition, country=country)
    for name in CLASSES:
        setattr(rule, f"{name}_employees", employees.get(name))
        setattr(rule, f"{name}_turnover", turnover.get(name))
    rule.save()
    record("size_rule.set", rule, before=before, after=state(rule), user=user, edition=edition)
    return rule


@transaction.atomic
def remove_rule(rule: SizeRule, *, user: User | None) -> None:
    """Take a rule away: the firms of its country follow the rule for all others, or what they state."""
    record("size_rule.removed", rule, before=state(rule), user=user, edition=rule.edition)
    rule.delete()


def _check(country: str, employees: Mapping[str, int | None], turnover: Mapping[str, int | None]) -> None:
    if country and countries.find(country) is None:
        raise RuleError(_("There is no such country or region. Choose one of the list."))
    if employees.get(Firm.Size.MEDIUM) is None:
        raise RuleError(_("Say from how many employees a firm is large."))
    for limits, allowed in ((employees, EMPLOYEES), (turnover, TURNOVER)):
        stated = [limit for name in CLASSES if (limit := limits.get(name)) is not None]
        if any(limit not in allowed for limit in stated):
            shown = ", ".join(map(str, allowed))
            raise RuleError(_("A limit must be one at which the bands of firms meet: %s.") % shown)
        if stated != sorted(set(stated)):
            raise RuleError(_("The limits must rise from micro to medium."))


def _limits(rule: SizeRule, name: str) -> tuple[int | None, int | None]:
    return getattr(rule, f"{name}_employees"), getattr(rule, f"{name}_turnover")


def _low(band: str) -> int:
    return int(band.partition("-")[0])


def _within(rule: SizeRule, prefix: str) -> list[tuple[Firm.Size, Q]]:
    """Per size class that the rule limits: the condition that a firm is within it."""
    conditions = []
    for name in CLASSES:
        employees, turnover = _limits(rule, name)
        if employees is None:
            continue
        within = Q(**{f"{prefix}employees__in": [b for b in Firm.Employees.values if _low(b) < employees]})
        if turnover is not None:
            below = [band for band in Firm.Turnover.values if _low(band) < turnover]
            within &= Q(**{f"{prefix}turnover__in": ["", *below]})
        conditions.append((name, within))
    return conditions
