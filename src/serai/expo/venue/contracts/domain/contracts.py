"""Contracts of booths: offered, signed on paper and handed in, withdrawn; and the terms that they stand under."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Model, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.files.domain import FileRefusedError, discard, keep
from serai.expo.base.files.models import Audience
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_every_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.visibility import active_owners, may_read
from serai.expo.firms.record.rules import kinds_with
from serai.expo.participants.exhibitors.domain.tasks import desks
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.people.account.models import User
from serai.expo.venue.contracts.models import STANDING, BoothContract, BoothTerms
from serai.expo.venue.halls.domain.plan import set_state
from serai.expo.venue.halls.models import Booth, Stand

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

State = BoothContract.State

TASK = "booth-contract"
"""The code of the task that an offer puts on the exhibitor's desk."""

BEFORE_THE_FAIR, AT_LEAST = timedelta(days=30), timedelta(days=14)
"""It is due so long before the fair, and leaves so long to sign."""


class ContractRefusedError(ValueError):
    """Why terms or a contract cannot be kept, in the reader's language."""


def current_terms(edition: Edition) -> BoothTerms | None:
    """The newest version of the terms."""
    return BoothTerms.objects.filter(edition=edition).first()


@made_once
def publish_terms(
    edition: Edition, text: Mapping[str, str], *, party: str, language: str, currency: str, by: User
) -> BoothTerms:
    """A new version; contracts of an earlier one stand under that. Raises ContractRefusedError."""
    texts = {name: words.strip() for name, words in text.items() if words.strip()}
    if not texts.get(language):
        raise ContractRefusedError(_("Write the terms in the language of the fair at least."))
    if not party.strip():
        raise ContractRefusedError(_("Say who the organiser is as a party: legal name, address, number in a register."))
    last = current_terms(edition)
    made = BoothTerms.objects.create(
        edition=edition,
        version=last.version + 1 if last else 1,
        text=texts,
        party=party.strip(),
        language=language,
        currency=currency,
    )
    record("booth_terms.published", made, after=state(made), user=by, edition=edition)
    return made


def confirmed_stands(edition: Edition) -> QuerySet[Stand]:
    """Stands of confirmed exhibitors, without those of co-exhibitors.

    A co-exhibitor is named in the contract of its leader.
    """
    confirmed = Stand.objects.filter(
        edition=edition,
        participation__state=Participation.State.CONFIRMED,
        participation__kind__in=(Participation.Kind.EXHIBITOR, Participation.Kind.SERVICE),
    )
    related = ("participation__firm", "participation__package", "participation__edition", "booth__hall")
    return confirmed.select_related(*related).order_by("booth__hall__order", "booth__code", "pk")


@made_once
def offer(stand: Stand, *, by: User) -> BoothContract:
    """Offer the contract of a confirmed booth, and put its signing on the exhibitor's desk.

    Raises ContractRefusedError without terms, for a participation that is not confirmed, and where one is offered or
    signed already.
    """
    # One after the other, so that no two get the same number.
    edition = Edition.objects.select_for_update().get(pk=stand.edition_id)
    held = confirmed_stands(edition).filter(pk=stand.pk).first()
    if held is None:
        raise ContractRefusedError(_("Only a confirmed exhibitor with a booth of its own can be offered a contract."))
    terms = current_terms(edition)
    if terms is None:
        raise ContractRefusedError(_("Publish the terms of exhibiting first."))
    participation, booth = held.participation, held.booth
    if BoothContract.objects.filter(participation=participation, booth=booth, state__in=STANDING).exists():
        raise ContractRefusedError(_("A contract of this booth is offered or signed already. Withdraw that one first."))
    last = BoothContract.objects.filter(edition=edition).aggregate(last=Max("number"))["last"] or 0
    made = BoothContract.objects.create(
        edition=edition,
        number=last + 1,
        participation=participation,
        booth=booth,
        terms=terms,
        content=content_of(held, terms),
        offered_by=by,
    )
    record("booth_contract.offered", made, after=state(made), user=by, edition=edition)
    _set_task(edition, by)
    send_letters(edition, active_owners(participation.firm_id), "booth-contract", lambda _owner: {"booth": booth.label})
    return made


def offer_all(edition: Edition, *, by: User) -> int:
    """Offer a contract for every confirmed stand without one. Returns how many."""
    waiting = without_contract(edition)
    for stand in waiting:
        offer(stand, by=by)
    return len(waiting)


def without_contract(edition: Edition) -> list[Stand]:
    """Confirmed stands without an offered or signed contract."""
    bound = set(BoothContract.objects.filter(edition=edition, state__in=STANDING).values_list("participation", "booth"))
    return [stand for stand in confirmed_stands(edition) if (stand.participation_id, stand.booth_id) not in bound]


def content_of(stand: Stand, terms: BoothTerms) -> dict[str, Any]:
    """What the contract of a stand says, as plain values: the fair, both parties, the booth, the package.

    Of the exhibitor it holds what an organiser may read.
    """
    participation, booth, edition = stand.participation, stand.booth, terms.edition
    firm, package = participation.firm, participation.package
    named = Audience.ORGANISER
    numbers = firm.identifiers.order_by("scheme", "pk") if may_read(firm, "identifiers", named) else ()
    booth_fields = (
        "label",
        "width_m",
        "depth_m",
        "kind",
        "power_kw",
        "equipment",
        "height_m",
        "load_kg_m2",
        "pavilion",
    )
    return {
        "fair": _values(edition, "slug", "name", "venue", "city", "country")
        | {"starts_on": edition.starts_on.isoformat(), "ends_on": edition.ends_on.isoformat()},
        "organiser": _values(edition.organisation, "name", "country") | {"party": terms.party},
        "exhibitor": _values(firm, "identifier", "legal_name", "name", "country")
        | {
            "address": firm.address if may_read(firm, "address", named) else {},
            "identifiers": [[row.scheme, row.value] for row in numbers],
        },
        "booth": _values(booth, *booth_fields)
        | {
            "hall": _values(booth.hall, "code", "title"),
            "area_m2": _area(booth, participation),
            "price": _plain(booth.price),
            "currency": terms.currency,
            "with": [other.firm.legal_name for other in _standing_with(participation)],
        },
        "package": _values(package, "title", "text", "currency") | {"price": _plain(package.price)}
        if package
        else None,
    }


def _values(row: Model, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _standing_with(leader: Participation) -> QuerySet[Participation]:
    gone = (Participation.State.CANCELLED, Participation.State.REJECTED)
    return leader.co_exhibitors.exclude(state__in=gone).select_related("firm").order_by("pk")


def _area(booth: Booth, participation: Participation) -> float | None:
    if booth.width_m and booth.depth_m:
        return round(booth.width_m * booth.depth_m, 2)
    return participation.area_m2


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


@transaction.atomic
def hand_in(
    contract: BoothContract,
    file: "UploadedFile[bytes]",
    *,
    signed_by: str,
    signed_as: str,
    signed_on: date,
    user: User,
) -> None:
    """Keep the signed page: the contract is signed, and the booth contracted.

    Raises ContractRefusedError where it is not offered any more, or the file is not one that is taken.
    """
    held = _held(contract)
    if held.state != State.OFFERED:
        raise ContractRefusedError(_("This contract does not wait for a signature any more."))
    if not signed_by.strip():
        raise ContractRefusedError(_("Say who has signed."))
    if not held.offered_at.date() <= signed_on <= timezone.localdate():
        raise ContractRefusedError(_("The day of the signature is after the offer and not to come."))
    try:
        # For the two parties alone: other organisers of the firm's fairs are none of its.
        kept = keep(
            file,
            firm=held.participation.firm,
            organisation=held.edition.organisation,
            user=user,
            audience=Audience.FIRM,
        )
    except FileRefusedError as refusal:
        raise ContractRefusedError(str(refusal)) from None
    before = state(held)
    held.state, held.file = State.SIGNED, kept
    held.signed_by, held.signed_as, held.signed_on = signed_by.strip(), signed_as.strip(), signed_on
    held.handed_in_at, held.handed_in_by = timezone.now(), user
    held.save()
    record("booth_contract.signed", held, before=before, after=state(held), user=user, edition=held.edition)
    _set_booth(held.booth, Booth.State.CONTRACTED, user)


@transaction.atomic
def withdraw(contract: BoothContract, *, by: User) -> None:
    """The organiser takes the contract back, signed or not; the signed page goes with it."""
    held = _held(contract)
    if held.state not in STANDING:
        raise ContractRefusedError(_("This contract is withdrawn already."))
    before, file = state(held), held.file
    if held.state == State.SIGNED and held.booth is not None:
        # Who has left the fair, or the booth, keeps nobody else from it any more.
        _set_booth(held.booth, Booth.State.RESERVED if held.booth.stands.exists() else Booth.State.AVAILABLE, by)
    held.state, held.file = State.WITHDRAWN, None
    held.save()
    record("booth_contract.withdrawn", held, before=before, after=state(held), user=by, edition=held.edition)
    if file is not None:
        discard(file, user=by)


def _set_booth(booth: Booth | None, to: Booth.State, user: User) -> None:
    if booth is not None and booth.state not in (to, Booth.State.BLOCKED):
        set_state(booth, to, user=user)


def visible_to(user: User, edition: Edition) -> QuerySet[BoothContract]:
    """All contracts for an organiser; for others the offered and signed ones of desks that they may edit."""
    related = ("participation__firm", "terms", "booth__hall", "file", "offered_by", "handed_in_by")
    rows = BoothContract.objects.filter(edition=edition).select_related(*related)
    if user.has_perm("expo.read_floor", edition):
        return rows
    own = desks(edition).filter(firm__roles__user=user, firm__roles__kind__in=kinds_with("edit"))
    return rows.filter(participation__in=own.order_by().values("pk"), state__in=STANDING)


def of_participation(participation: Participation) -> list[BoothContract]:
    """Offered and signed contracts of a participation, the newest first."""
    rows = BoothContract.objects.filter(participation=participation, state__in=STANDING)
    return list(rows.select_related("terms", "booth__hall", "file", "offered_by", "handed_in_by"))


def _held(contract: BoothContract) -> BoothContract:
    # The lock takes the contract alone: PostgreSQL takes none over a join that may be empty.
    rows = BoothContract.objects.select_for_update(of=("self",))
    return rows.select_related("participation__firm", "edition__organisation", "booth", "file").get(pk=contract.pk)


def is_outdated(contract: BoothContract) -> bool:
    """Whether its exhibitor does not stand at that booth any more."""
    at = Stand.objects.filter(participation=contract.participation_id, booth=contract.booth_id)
    return contract.booth_id is None or not at.exists()


def _set_task(edition: Edition, by: User) -> None:
    """The task of signing, once a fair; it is one of those alone who have a contract (`exhibitors.tasks.applies`)."""
    if DeskTask.objects.filter(edition=edition, page=DeskTask.Page.CONTRACT).exists():
        return
    due = max(edition.starts_on - BEFORE_THE_FAIR, timezone.localdate() + AT_LEAST)
    made = DeskTask.objects.create(
        edition=edition,
        code=TASK,
        title=_translated(gettext_lazy("Sign the contract of your booth")),
        text=_translated(gettext_lazy("Print it, sign it, and hand in the signed page.")),
        page=DeskTask.Page.CONTRACT,
        due_on=min(due, edition.starts_on),
    )
    record("desk_task.kept", made, after=state(made), user=by, edition=edition)


def _translated(words: Promise) -> dict[str, str]:
    texts = in_every_language(words)
    return {code: text for code, text in texts.items() if code == "en" or text != texts["en"]}
