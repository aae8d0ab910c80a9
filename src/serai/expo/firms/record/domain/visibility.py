"""Who reads which field of a firm: its audiences, its owners, and what the audit trail masks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django_scopes import scopes_disabled

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.base.rows import among
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.fields import FIRM, MADE, SECTIONS
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import Role, User

RANK: Mapping[str, int] = MappingProxyType({audience.value: rank for rank, audience in enumerate(Audience)})

USUAL: Mapping[str, Audience] = MappingProxyType(
    {name: field.audience for name, field in FIRM.items() if field.chosen and field.audience}
)
"""The fields, and the rows that belong to a firm, whose readers the firm may choose, with who reads them usually."""

BY_THE_FIRM = ("participation.applied", "invitation.answered", "participation.led")
"""What a firm's own people do to take part, as the trail names it."""

_PARTS = MappingProxyType(
    {name: {name, *(part for part, field in FIRM.items() if field.under == name)} for name in USUAL}
)


def key_of(name: str) -> str:
    """The name under which the audience of a field is chosen: its own, or that of the field it is part of."""
    return FIRM[name].under or name if name in FIRM else name


def audience_of(firm: Firm, name: str) -> str:
    """Who reads a field of the firm. What Serai fills itself everyone reads; a name that is no field is a KeyError."""
    if name in MADE:
        return Audience.PUBLIC
    key = key_of(name)
    chosen = str(firm.visibility.get(key, "")) if FIRM[key].chosen else ""
    return chosen if chosen in RANK else FIRM[key].audience or Audience.FIRM


def public_in(name: str, to: str = "firm__") -> Q:
    """The condition that the firm to which ``to`` leads shows a field to everyone; see ``audience_of``."""
    key = key_of(name)
    chosen = Q(**{f"{to}visibility__{key}": Audience.PUBLIC})
    return chosen | ~Q(**{f"{to}visibility__has_key": key}) if USUAL[key] == Audience.PUBLIC else chosen


def reads_as(user: Any, firm: Firm) -> Audience:
    """The audience to which a user belongs for this firm: the firm, its organisers, participants, or the public."""
    return readers(user, [firm])[firm.pk]


def readers(user: Any, firms: Iterable[Firm]) -> dict[int, Audience]:
    """The audience of a user for each firm (``reads_as``), by primary key, in a fixed number of queries."""
    keys = {firm.pk for firm in firms}
    audiences = dict.fromkeys(keys, Audience.PUBLIC)
    if not user.is_authenticated:
        return audiences
    roles = list(Role.objects.filter(user_id=user.pk).values_list("firm", "organisation"))
    if user.is_superuser and user.staff_session is not None:
        audiences = dict.fromkeys(keys, Audience.ORGANISER)
    mine, organisations = (
        {firm_key for firm_key, _other in roles if firm_key},
        {other for _one, other in roles if other},
    )
    if user.without_organising:
        organisations = set()
    own = mine
    if user.helping_organisation is not None:  # its organiser, who acts for the person, reads no more than as itself
        organisations, own = {user.helping_organisation}, set()
    if mine or organisations:
        with scopes_disabled():
            of_firms = Participation.objects.filter(firm__in=keys).exclude(state=Participation.State.CANCELLED)
            here = Participation.objects.filter(firm__in=mine, state=Participation.State.CONFIRMED).order_by()
            for audience, condition in (
                (Audience.PARTICIPANTS, {"edition__in": here.values("edition")} if mine else None),
                (Audience.ORGANISER, {"edition__organisation__in": organisations} if organisations else None),
            ):
                if condition is not None:
                    theirs = set(of_firms.filter(**condition).order_by().values_list("firm", flat=True))
                    if audience == Audience.ORGANISER:
                        theirs = entrusted(organisations, theirs)
                    audiences |= {firm: max(audience, audiences[firm], key=RANK.__getitem__) for firm in theirs}
    return audiences | dict.fromkeys(keys & own, Audience.FIRM)


def entrusted(organisations: Iterable[int], firms: Iterable[int]) -> set[int]:
    """Primary keys of the firms that entrust their data to one of these organisations.

    A firm that is known from others' fairs hides from an organiser who only puts it on a list what it hides from
    everyone: it is entrusted to whom it was entered for first, and where its own people applied or said yes.
    """
    keys, wanted = set(firms), set(organisations)
    rows = list(
        Participation._base_manager.filter(firm__in=keys)
        .order_by("entered_at", "pk")
        .values_list("pk", "firm", "edition__organisation", "state")
    )
    first: dict[int, int] = {}
    for _pk, firm, organisation, _state in rows:
        first.setdefault(firm, organisation)
    entrusted_firms = {firm for firm, organisation in first.items() if organisation in wanted}
    asked = {
        str(pk): firm
        for pk, firm, organisation, state in rows
        if organisation in wanted and firm not in entrusted_firms and state != Participation.State.CANCELLED
    }
    if asked:
        own_acts = AuditEntry.objects.filter(object_type="participation", object_id__in=asked, action__in=BY_THE_FIRM)
        entrusted_firms |= {asked[number] for number in own_acts.values_list("object_id", flat=True)}
    return entrusted_firms


def reads_file(user: Any, file: StoredFile) -> bool:
    """Whether the user belongs to the audience of a file of a firm, or of a person through one of its firms."""
    if file.firm is not None and RANK[reads_as(user, file.firm)] >= RANK[file.audience]:
        return True
    if file.person is None or not user.is_authenticated:
        return False
    firms = Firm.objects.filter(roles__user=file.person).distinct()
    return user == file.person or any(RANK[reads_as(user, firm)] >= RANK[file.audience] for firm in firms)


def as_organiser(edition: Edition, firm: Firm) -> Audience:
    """The audience of the edition's organiser for a firm: organiser if the firm is entrusted, else public."""
    entrusted_here: set[int] | None = edition.__dict__.get("_entrusted")
    if entrusted_here is None:
        keys = set(Participation._base_manager.filter(edition=edition).values_list("firm", flat=True))
        entrusted_here = edition.__dict__["_entrusted"] = entrusted([edition.organisation_id], keys)
    return Audience.ORGANISER if firm.pk in entrusted_here else Audience.PUBLIC


def may_read(firm: Firm, name: str, reader: str) -> bool:
    """Whether a reader (``reads_as``) reads a field of the firm."""
    return RANK[reader] >= RANK[audience_of(firm, name)]


def hidden_from(firm: Firm, reader: str) -> frozenset[str]:
    """Names of the fields that the reader may not read."""
    return frozenset(part for name in USUAL if not may_read(firm, name, reader) for part in _PARTS[name])


def shown(firm: Firm, name: str, reader: str = Audience.PUBLIC) -> Any:
    """A field's value for a list or an export; an empty text if the reader may not read it."""
    value = getattr(firm, name) if may_read(firm, name, reader) else None
    return "" if value is None else value


def speaks_for(user: User, firm: Firm) -> bool:
    """Whether the user has a role in the firm."""
    return Role.objects.filter(user=user, firm=firm).exists()


HIDDEN = "***"
_OF_FIRM = {model.__name__.lower(): section for model, section in SECTIONS.items()}


type States = tuple[dict[str, Any] | None, dict[str, Any] | None]


def readable(entries: Iterable[AuditEntry], edition: Edition) -> dict[int, States]:
    """Both states of each entry as an organiser of the edition may read them, by primary key: what is hidden is masked.

    Of what belonged to a firm that is not known any more everything is. The number of queries is fixed.
    """
    entries_read = list(entries)
    owners = _owners(entries_read)
    firms = Firm.objects.in_bulk({pk for pk in owners.values() if pk is not None})
    states: dict[int, States] = {}
    for entry in entries_read:
        hidden: frozenset[str] | None = frozenset()
        if entry.pk in owners:
            firm = firms.get(owners[entry.pk] or 0)
            hidden = _hidden(entry.object_type, firm, as_organiser(edition, firm)) if firm else None
        states[entry.pk] = _masked(entry.before, hidden), _masked(entry.after, hidden)
    return states


def _hidden(kind: str, firm: Firm, reader: str) -> frozenset[str] | None:
    """The fields that the reader does not read, None for all of them."""
    if kind == "firm":
        return hidden_from(firm, reader)
    return frozenset() if may_read(firm, _OF_FIRM[kind], reader) else None


def _owners(entries: Iterable[AuditEntry]) -> dict[int, int | None]:
    """The firm that each entry is about, by the entry's primary key, of those that are about a firm."""
    owners: dict[int, int | None] = {}
    asked: dict[str, dict[int, str]] = {}
    for entry in entries:
        if entry.object_type == "firm":
            owners[entry.pk] = int(entry.object_id)
        elif entry.object_type in _OF_FIRM:
            owners[entry.pk] = {**(entry.before or {}), **(entry.after or {})}.get("firm")
            if owners[entry.pk] is None:
                asked.setdefault(entry.object_type, {})[entry.pk] = entry.object_id
    for kind, of_entry in asked.items():
        rows = apps.get_model("expo", kind)._base_manager.filter(pk__in=set(of_entry.values()))
        firm_of = {str(pk): firm for pk, firm in rows.values_list("pk", "firm")}
        owners |= {entry: firm_of.get(number) for entry, number in of_entry.items()}
    return owners


def _masked(values: Mapping[str, Any] | None, hidden: frozenset[str] | None) -> dict[str, Any] | None:
    """The values with hidden fields masked; all are masked if ``hidden`` is None."""
    if values is None:
        return None
    return {name: HIDDEN if hidden is None or name in hidden else value for name, value in values.items()}


def active_owners(firm: int) -> list[User]:
    """The people with an open account who own the record of the firm with this key."""
    owning = Role.objects.filter(firm=firm, kind=Role.Kind.OWNER, user__is_active=True)
    return [role.user for role in owning.select_related("user").order_by("pk")]


def tell_who_joined(firm: Firm, joined: Collection[User], edition: Edition | None) -> None:
    """Write to the owners of a firm, who were not asked, that these people act for it now: somebody else let them in.

    Nothing is written outside of a fair, which has no outbox.
    """
    owners = [owner for owner in active_owners(firm.pk) if owner not in joined]
    if joined and edition is not None:
        names = "\n".join(f"- {person.name} ({person.email})" for person in joined)
        values = {"firm": shown_name(firm), "people": names}
        send_letters(edition, owners, "people-joined", lambda _owner: values)


def people_of_firm(firm: int) -> QuerySet[User]:
    """The people with an open account who have any role in the firm with this key."""
    return User.objects.filter(roles__firm=firm, is_active=True).order_by("pk")


def people_of_firms(firms: Iterable[int]) -> dict[User, list[int]]:
    """The people of any of these firms, in the order of their keys, each with the keys of those of them it acts for."""
    firms_of_person: dict[User, list[int]] = defaultdict(list)
    roles = Role.objects.filter(among("firm", firms), user__is_active=True).select_related("user")
    for role in roles.order_by("user", "pk"):
        firms_of_person[role.user].append(role.firm_id or 0)
    return firms_of_person
