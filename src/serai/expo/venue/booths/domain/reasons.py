"""Why a wish for a booth was not met, and why there is no allocation, in the reader's language.

The matcher knows exhibitors, booths and halls by their keys ("firm 12", "booth 7", "3"); here they have their names.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from serai.expo.venue.halls.models import BoothKind, equipment_names
from serai.match.halls import Against, LayoutError
from serai.world.classifications import countries

type Names = Mapping[str, str]
"""What each key is called in the reader's language."""


def why_said(against: str, values: Sequence[Any], names: Names) -> str:
    """The sentence for what stands against a wish, as `serai.match.halls.Why` has it."""
    return _SENTENCES[Against(against)](names, *values)


def refusal_said(error: LayoutError, names: Names) -> str:
    """Why not all can be placed: who competes for which booths."""
    if not error.exhibitors:
        return str(error)
    who, where = ([names.get(key, key) for key in keys] for keys in (error.exhibitors, error.booths))
    if len(who) > MOST_NAMED:
        return _("There are %(exhibitors)d exhibitors and %(booths)d booths that fit them.") % {
            "exhibitors": len(who),
            "booths": len(where),
        }
    comma = _(", ")
    if not where:
        return _("No booth fits what is needed by %s.") % comma.join(who)
    named = {"who": comma.join(who), "where": comma.join(where), "needed": len(who), "fit": len(where)}
    return (
        ngettext(
            "%(who)s need %(needed)d booths, and only %(fit)d fits: %(where)s.",
            "%(who)s need %(needed)d booths, and only %(fit)d fit: %(where)s.",
            len(where),
        )
        % named
    )


MOST_NAMED = 20
"""Exhibitors that a sentence names."""


def _kind(kind: str) -> str:
    return str(dict(BoothKind.choices).get(kind, kind)) or "–"


_SENTENCES: Mapping[Against, Callable[..., str]] = {
    Against.HELD: lambda _names: _("The booth is kept for another."),
    Against.HELD_ELSEWHERE: lambda _names: _("Another booth is kept for it."),
    Against.AREA: lambda _names, has, needs: (
        _("It has %(has)s m² and %(needs)s m² are needed.") % {"has": f"{has:g}", "needs": f"{needs:.4g}"}
    ),
    Against.KIND: lambda _names, has, needs: (
        _("Its kind is “%(has)s” and not “%(needs)s”.") % {"has": _kind(has), "needs": _kind(needs)}
    ),
    Against.POWER: lambda _names, has, needs: (
        _("It has %(has)s kW and %(needs)s kW are needed.") % {"has": f"{has:g}", "needs": f"{needs:g}"}
    ),
    Against.HEIGHT: lambda _names, has, needs: (
        _("One may build %(has)s m high there and %(needs)s m are needed.") % {"has": f"{has:g}", "needs": f"{needs:g}"}
    ),
    Against.LOAD: lambda _names, has, needs: (
        _("Its floor bears %(has)s kg/m² and %(needs)s kg/m² are needed.") % {"has": f"{has:g}", "needs": f"{needs:g}"}
    ),
    Against.EQUIPMENT: lambda _names, lacking: _("It lacks: %s.") % ", ".join(equipment_names([lacking])),
    Against.PAVILION: lambda _names, pavilion: (
        _("It is for members of the pavilion of %s.") % countries.name(pavilion, get_language() or "en")
    ),
    Against.HALL: lambda names, has, needs: (
        _("It is in hall %(has)s and not in hall %(needs)s.")
        % {"has": names.get(f"hall {has}", has), "needs": names.get(f"hall {needs}", needs)}
    ),
    Against.OCCUPANT: lambda names, who, where: (
        _("%(who)s stands there and cannot stand at %(where)s.")
        % {"who": names.get(who, who), "where": names.get(where, where)}
    ),
    Against.PRICE: lambda _names: _("An exchange would cost more than it brings."),
}
