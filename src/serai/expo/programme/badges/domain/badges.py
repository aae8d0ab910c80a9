"""Badges: asked for, decided on, changed, made anew after a loss, printed and removed.

For each kind a rule says whether the organiser decides, and how many badges a participant may have. Letters tell of
decisions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base import filters
from serai.expo.base.audit.domain.entries import record, record_change, save_and_record, state
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.rules import kinds_with
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.participants.packages.domain import PackageRefusedError, require_room
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.models import Badge, BadgeRule, Kind
from serai.expo.programme.sessions.models import Session, Speaker

MOST = 200
"""Limit of badges of a participant under any rule."""


@dataclass(frozen=True)
class Rule:
    """The rule of a kind: whether the organiser decides on each badge, and the limit for a participant."""

    kind: str
    decided: bool
    most: int

    @property
    def title(self) -> str:
        return str(Kind(self.kind).label)


BUILT_IN: Mapping[str, Rule] = {
    kind: Rule(kind, decided, most)
    for kind, decided, most in (
        (Kind.EXHIBITOR, False, MOST),
        (Kind.CO_EXHIBITOR, False, MOST),
        (Kind.BUYER, False, 20),
        (Kind.DELEGATION, True, 100),
        (Kind.PRESS, True, 20),
        (Kind.SPEAKER, False, 1),
        (Kind.SERVICE, False, MOST),
        (Kind.STAFF, False, MOST),
    )
}
"""Confirmed firms name their own people and speakers are in the programme; nobody has checked the people of delegations
and of the press."""


def rules_of(edition: Edition) -> dict[str, Rule]:
    """Kind -> its rule at this fair, in the order of the kinds."""
    own = {row.kind: Rule(row.kind, row.decided, row.most) for row in BadgeRule.objects.filter(edition=edition)}
    return {kind: own.get(kind, rule) for kind, rule in BUILT_IN.items()}


@made_once
def set_rule(edition: Edition, kind: str, *, decided: bool, most: int, user: User) -> bool:
    """Set the rule of a kind; granted badges stay granted. Returns whether it changed."""
    wanted = Rule(kind, decided, min(most, MOST))
    if rules_of(edition)[kind] == wanted:
        return False
    existing = BadgeRule.objects.filter(edition=edition, kind=kind).first()
    before = state(existing) if existing else None
    rule = existing or BadgeRule(edition=edition, kind=kind)
    rule.decided, rule.most = wanted.decided, wanted.most
    rule.save()
    record("badge_rule.set", rule, before=before, after=state(rule), user=user, edition=edition)
    return True


def notify_of_decisions(badges: Sequence[Badge]) -> None:
    """Send letters about badges with the same decision, to each reader in their language."""
    names: dict[User | str, list[str]] = defaultdict(list)
    for badge in badges:
        for reader in _readers(badge):
            names[reader].append(badge.name)
    if not badges:
        return
    first = badges[0]
    reason = {"reason": first.reason} if first.state == Badge.State.REFUSED else {}
    send_letters(
        first.edition, names, f"badge-{first.state}", lambda reader: {"person": ", ".join(names[reader]), **reason}
    )


def _readers(badge: Badge) -> list[User | str]:
    """The person, the editors of their firm and the leader of their delegation; else the address on the badge."""
    member, speaker = badge.member, badge.speaker
    own = Q(pk__in=[badge.user_id or 0, (speaker.user_id if speaker else 0) or 0])
    led = Q(pk=member.delegation.leader_id) if member else Q()
    firm = badge.participation.firm_id if badge.participation else None
    editing = Q(roles__firm=firm, roles__kind__in=kinds_with("edit")) if firm else Q()
    people = list(User.objects.filter(own | led | editing, is_active=True).distinct().order_by("pk"))
    return [*people] if people else [badge.email] if badge.email else []


State = Badge.State
ON_IT = ("name", "name_latin", "position", "affiliation", "country")
"""Printed fields: a change of one needs a new decision where the organiser decides."""


class BadgeRefusedError(ValueError):
    """Why a badge cannot be made, in the reader's language."""


@made_once
def keep_badge(badge: Badge, *, user: User) -> Badge:
    """Save a new or changed badge. It is granted, or waits for the organiser if the rule of its kind says so.

    Raises BadgeRefusedError beyond the limits of the rule, of the package and of MOST.
    """
    organises = user.has_perm("expo.change_entrance", badge.edition)
    rule = rules_of(badge.edition)[badge.kind]
    before = None
    if badge._state.adding:
        _require_room(badge, rule, organises=organises)
        badge.state = State.ASKED if rule.decided and not organises else State.GRANTED
    else:
        stored = Badge.objects.get(pk=badge.pk)
        before = state(stored)
        changed = any(getattr(badge, name) != getattr(stored, name) for name in ON_IT)
        if changed and not organises and (rule.decided or badge.state == State.REFUSED):
            badge.state, badge.reason, badge.printed_at = State.ASKED if rule.decided else State.GRANTED, "", None
    save_and_record(badge, before, added="badge.made", changed="badge.changed", user=user)
    return badge


def _require_room(badge: Badge, rule: Rule, *, organises: bool) -> None:
    participation = badge.participation
    if participation is None:
        return
    most = MOST if organises else min(rule.most, MOST)
    if Badge.objects.filter(participation=participation, kind=badge.kind).count() >= most:
        raise BadgeRefusedError(_("At most %d badges are made for one participant; ask the organiser.") % most)
    if badge.kind == participation.kind:
        try:
            require_room(participation, "badges")
        except PackageRefusedError as refusal:
            raise BadgeRefusedError(str(refusal)) from None


@transaction.atomic
def for_speaker(speaker: Speaker, language: str, *, user: User) -> Badge:
    """Make the badge of a speaker, with the texts of the programme.

    Raises BadgeRefusedError if the speaker has a badge or speaks in no confirmed session.
    """
    if Badge.objects.filter(speaker=speaker).exists():
        raise BadgeRefusedError(_("There is a badge for this person already."))
    if not speaking(speaker.edition).filter(pk=speaker.pk).exists():
        raise BadgeRefusedError(_("A badge is made for who speaks in a confirmed session."))
    name = in_language(speaker.name, language)
    latin = in_language(speaker.name, "en").text
    made = Badge(
        edition=speaker.edition,
        kind="speaker",
        speaker=speaker,
        user=speaker.user,
        name=name.text[:120],
        language=name.language,
        name_latin=latin[:120] if latin != name.text else "",
        position=in_language(speaker.position, name.language).text[:120],
        affiliation=in_language(speaker.affiliation, name.language).text[:200],
        country=speaker.country,
        email=speaker.user.email if speaker.user else "",
    )
    return keep_badge(made, user=user)


def for_speakers(edition: Edition, *, user: User) -> int:
    """Make a badge for every speaker of a confirmed session without one. Returns how many."""
    waiting = list(speakers_without(edition).select_related("user", "edition"))
    for speaker in waiting:
        for_speaker(speaker, next(iter(speaker.name), "en"), user=user)
    return len(waiting)


def for_member(member: DelegationMember, language: str, *, user: User) -> Badge:
    """Make the badge of a member of a delegation, through its firm if that lets the leader act, else through none.

    Raises BadgeRefusedError if the member has a badge.
    """
    if Badge.objects.filter(member=member).exists():
        raise BadgeRefusedError(_("There is a badge for this person already."))
    made = Badge(
        edition=member.edition,
        kind="delegation",
        member=member,
        participation=member.participation if member.proxy_since else None,
        name=member.name[:120],
        language=language,
        position=str(member.get_part_display())[:120],
        affiliation=member.delegation.name[:200],
        country=member.delegation.country,
    )
    return keep_badge(made, user=user)


@transaction.atomic
def make_anew(badge: Badge, *, user: User) -> None:
    """Give a lost badge a new code, to be printed; the old code becomes void."""
    record_change("badge.made_anew", badge, user=user, serial=badge.serial + 1, printed_at=None)


@transaction.atomic
def decide(badges: Iterable[Badge], to: str, reason: str = "", *, user: User) -> int:
    """Grant or refuse badges and notify the people. Returns how many changed.

    Raises BadgeRefusedError for a refusal without a reason.
    """
    if to not in (State.GRANTED, State.REFUSED):
        raise BadgeRefusedError(_("Say whether the badge is granted or refused."))
    if to == State.REFUSED and not reason.strip():
        raise BadgeRefusedError(_("Give the reason why the badge is refused; who asked for it reads it."))
    changed = [badge for badge in badges if badge.state != to]
    kept_reason = reason.strip()[:500] if to == State.REFUSED else ""
    for badge in changed:
        record_change("badge.decided", badge, user=user, state=to, reason=kept_reason)
    notify_of_decisions(changed)
    return len(changed)


@transaction.atomic
def remove_badge(badge: Badge, *, user: User) -> None:
    """Delete a badge. Leads made from it stay."""
    record("badge.removed", badge, before=state(badge), user=user, edition=badge.edition)
    badge.delete()


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Badge]:
    """Badges that the user may read: all for an organiser, their own for others."""
    if user.has_perm("expo.read_entrance", edition):
        return Badge.objects.filter(edition=edition)
    return own_of(user, edition)


def own_of(user: User | AnonymousUser, edition: Edition) -> QuerySet[Badge]:
    """The user's own badge, badges of firms that the user edits, and of the delegation that the user leads."""
    rows = Badge.objects.filter(edition=edition)
    if not user.is_authenticated:
        return rows.none()
    # Known keys use indexes; one condition over six tables would read every badge.
    keys = {
        "participation": edited_by(user, edition),
        "speaker": Speaker.objects.filter(edition=edition, user=user),
        "member": DelegationMember.objects.filter(edition=edition, delegation__leader=user),
    }
    able = (
        Q((f"{name}__in", list(rows_of_key.order_by().values_list("pk", flat=True))))
        for name, rows_of_key in keys.items()
    )
    return rows.filter(reduce(or_, able, Q(user=user)))


def edited_by(user: User, edition: Edition) -> QuerySet[Participation]:
    """Participations of firms that the user edits, and of members of a led delegation who let the user act."""
    firms = Role.objects.filter(user=user, kind__in=kinds_with("edit"), firm__isnull=False).values("firm")
    led = DelegationMember.objects.filter(delegation__leader=user, proxy_since__isnull=False)
    return Participation.objects.filter(Q(firm__in=firms) | Q(pk__in=led.values("participation")), edition=edition)


def asked_for_by(user: User, edition: Edition) -> QuerySet[Participation]:
    """Participants without a booth whose badges the user asks for; exhibitors use their desk."""
    gone = (Participation.State.CANCELLED, Participation.State.REJECTED)
    rows = edited_by(user, edition).exclude(kind__in=EXHIBITING).exclude(state__in=gone)
    return rows.select_related("firm", "edition").order_by("pk")


def delegation_of(user: User, edition: Edition) -> Delegation | None:
    """The delegation that the user leads."""
    return Delegation.objects.filter(edition=edition, leader=user).first()


def speaking(edition: Edition) -> QuerySet[Speaker]:
    """Speakers of confirmed sessions."""
    rows = Speaker.objects.filter(edition=edition, appearances__session__state=Session.State.CONFIRMED)
    return rows.distinct()


def speakers_without(edition: Edition) -> QuerySet[Speaker]:
    """Speakers of confirmed sessions without a badge."""
    return speaking(edition).filter(badge__isnull=True)


def badges_of(participation: Participation) -> list[Badge]:
    """Badges of a participant, in the order of entry."""
    rows = Badge.objects.filter(participation=participation)
    return list(rows.select_related("participation__firm", "edition"))


@dataclass(frozen=True)
class BadgeFilter:
    """Filter of a list of badges. Empty fields match everything."""

    words: str = filters.words("In the name, the affiliation and the firm", most=100)
    kind: str = filters.code("Of what kind", choices=Kind.choices)
    state: str = filters.code("Whether it is granted", choices=State.choices)


def narrowed(rows: QuerySet[Badge], wanted: BadgeFilter) -> QuerySet[Badge]:
    """Badges that match the filter."""
    rows = rows.filter(**{name: value for name in ("kind", "state") if (value := getattr(wanted, name))})
    for word in wanted.words.split():
        firm = Q(participation__firm__legal_name__icontains=word) | Q(affiliation__icontains=word)
        rows = rows.filter(Q(name__icontains=word) | Q(name_latin__icontains=word) | firm)
    return rows


def to_decide(edition: Edition) -> QuerySet[Badge]:
    """Badges that wait for the organiser, the oldest first."""
    return Badge.objects.filter(edition=edition, state=State.ASKED).order_by("made_at", "pk")


def can_be_printed() -> Q:
    """Condition of a badge that can be printed: granted, and its participant, if any, is confirmed."""
    confirmed = Q(participation__isnull=True) | Q(participation__state=Participation.State.CONFIRMED)
    return Q(state=State.GRANTED) & confirmed


def to_print(edition: Edition, kind: str = "") -> QuerySet[Badge]:
    """Badges that can be printed and were not printed yet."""
    rows = Badge.objects.filter(can_be_printed(), edition=edition, printed_at__isnull=True)
    return rows.filter(kind=kind) if kind else rows


@transaction.atomic
def note_printed(badges: list[Badge], *, user: User | None = None) -> None:
    """Record that the badges were printed, and by whom."""
    now = timezone.now()
    Badge.objects.filter(pk__in=[badge.pk for badge in badges]).update(printed_at=now)
    for badge in badges:
        before = {"printed_at": badge.printed_at.isoformat() if badge.printed_at else None}
        after = {"printed_at": now.isoformat()}
        record("badge.printed", badge, before=before, after=after, user=user, edition=badge.edition)
