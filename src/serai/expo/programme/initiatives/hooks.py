"""What this room tells the registries: letters, the desk, tables, files, keeping times, and the erasing of a person."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from serai.expo.base.daily import daily
from serai.expo.base.export_tables import Filter, Rows, Wanted, languages, table
from serai.expo.base.exporters import exporter
from serai.expo.base.retention import kept
from serai.expo.fairs.desk.domain import Todo, card, check, queue
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.kinds import Place, letter
from serai.expo.people.account.domain import privacy
from serai.expo.programme.initiatives.domain import commitments, presentation, signatures
from serai.expo.programme.initiatives.domain.signatures import forget_person, forget_signatories
from serai.expo.programme.initiatives.models import Commitment, Initiative, Signature

SIGNATORY: dict[str, Place] = {
    "title": (gettext_lazy("the title of the initiative"), gettext_lazy("Initiative on stable supply chains")),
    "institution": (gettext_lazy("the institution that signs"), gettext_lazy("Chamber of Trade")),
    "person": (gettext_lazy("who signs for it"), "Amina Odhiambo"),
    "days": (gettext_lazy("for how many days the link is good"), "90"),
    "address": (gettext_lazy("the link, which is secret"), "https://fair.example/…"),
}


letter(
    "signature-invitation",
    title=gettext_lazy("An institution is asked to sign"),
    when=gettext_lazy("To who signs for it, when an organiser asks."),
    places=SIGNATORY,
    needed=("address",),
    words=lambda: (
        _("Please sign: %s") % "{title}",
        _(
            "Dear {person},\n\n{fair} asks {institution} to sign:\n\n{title}\n\nRead the text, and sign or decline, "
            "within {days} days, at this address. Whoever has it can sign in your name; keep it to yourself."
        )
        + "\n\n{address}",
    ),
)
letter(
    "commitment-due",
    title=gettext_lazy("A commitment is due"),
    when=gettext_lazy("To the signatories who are committed, a month before its day and once when the day has passed."),
    places=SIGNATORY | {"commitments": (gettext_lazy("the commitments that are due, by lines"), "- …")},
    needed=("address",),
    words=lambda: (
        _("What has become of it: %s") % "{title}",
        _(
            "Dear {person},\n\n{institution} has signed {title}. These commitments are due:\n\n{commitments}\n\n"
            "Please tell what has become of them, within {days} days, at this address. An earlier link opens nothing "
            "any more."
        )
        + "\n\n{address}",
    ),
)

card(
    "initiatives-desk",
    "build",
    title=gettext_lazy("Initiatives and statements"),
    text=gettext_lazy("Texts launched at the forums, who signs them, and what becomes of what was promised."),
    order=47,
)


@queue(
    "signatures",
    title=gettext_lazy("Signatures and notes to confirm"),
    text=gettext_lazy("Institutions have signed, or told what became of their commitments."),
    page="initiatives-desk",
)
def _waiting(edition: Edition) -> int:
    return signatures.to_confirm(edition).count() + commitments.notes_waiting(edition).count()


@check
def _drafts(edition: Edition) -> Iterator[Todo]:
    """Drafts that institutions have signed and the public does not see."""
    signed = Signature.objects.filter(edition=edition, state=Signature.State.CONFIRMED)
    count = Initiative.objects.filter(state=Initiative.State.DRAFT, signatures__in=signed).distinct().count()
    if count:
        yield Todo(
            ngettext_lazy("Publish %d signed initiative", "Publish %d signed initiatives", count) % count,
            gettext_lazy("Institutions have signed, and the public does not see it yet."),
            "initiatives-desk",
            count,
        )


daily("remind signatories of their commitments")(commitments.remind)
privacy.erasing.register(forget_person)
exporter(
    "initiatives.json",
    title=gettext_lazy("Initiatives and statements as data (JSON)"),
    media_type="application/json",
    public=True,
)(presentation.as_json)
exporter(
    "signatures.csv",
    title=gettext_lazy("Signatures of initiatives as a table (CSV)"),
    media_type="text/csv; charset=utf-8",
    public=True,
)(presentation.as_csv)

AT_A_TIME = 500


@table(
    "initiatives",
    title=gettext_lazy("Initiatives and statements"),
    columns=(
        *("initiative", "kind", "state", "title_en", "title_zh", "summary", "session", "launched_on"),
        *("published_at", "signatures_confirmed"),
    ),
    filters=(Filter("kind", gettext_lazy("Kind"), Initiative.Kind.choices),),
)
def initiatives(edition: Edition, wanted: Wanted) -> Rows:
    rows = Initiative.objects.filter(edition=edition).prefetch_related("signatures").order_by("pk")
    for row in rows.filter(kind=wanted["kind"]) if wanted.get("kind") else rows:
        confirmed = sum(signature.state == Signature.State.CONFIRMED for signature in row.signatures.all())
        yield (
            *(row.pk, row.kind, row.state, *languages(row.title, "en", "zh-hans"), row.summary, row.session_id),
            *(row.launched_on, row.published_at, confirmed),
        )


@table(
    "signatures",
    title=gettext_lazy("Signatures of initiatives"),
    columns=(
        *("signature", "initiative", "institution_en", "institution_zh", "office", "name", "country", "firm", "mail"),
        *("state", "signed_on", "on_paper", "confirmed_at", "withdrawn_on", "reason"),
    ),
    filters=(Filter("state", gettext_lazy("State"), Signature.State.choices),),
    personal=True,
)
def signatures_table(edition: Edition, wanted: Wanted) -> Rows:
    rows = Signature.objects.filter(edition=edition).select_related("participation__firm").order_by("pk")
    rows = rows.filter(state=wanted["state"]) if wanted.get("state") else rows
    for row in rows.iterator(AT_A_TIME):
        yield (
            *(row.pk, row.initiative_id, *languages(row.institution, "en", "zh-hans"), row.office, row.name),
            *(row.country, row.participation.firm.identifier if row.participation else "", row.mail, row.state),
            *(row.signed_on, row.paper_id is not None, row.confirmed_at, row.withdrawn_on, row.reason),
        )


@table(
    "commitments",
    title=gettext_lazy("Commitments of signatories"),
    columns=(
        *("commitment", "initiative", "signature", "text_en", "text_zh", "due_on"),
        *("state", "notes", "last_noted_on"),
    ),
    filters=(Filter("state", gettext_lazy("State"), Commitment.State.choices),),
)
def commitments_table(edition: Edition, wanted: Wanted) -> Rows:
    rows = Commitment.objects.filter(edition=edition).prefetch_related("notes").order_by("pk")
    for row in rows.filter(state=wanted["state"]) if wanted.get("state") else rows:
        noted = [note.noted_on for note in row.notes.all()]
        yield (
            *(row.pk, row.initiative_id, row.signature_id, *languages(row.text, "en", "zh-hans"), row.due_on),
            *(row.state, len(noted), max(noted, default=None)),
        )


@kept(
    "signatories",
    title=gettext_lazy("Signatories of initiatives"),
    text=gettext_lazy(
        "Mail addresses of who was asked to sign, and the names of who did not. Signatures that were given stay."
    ),
    days=1095,
)
def _forget(edition: Edition) -> int:
    return forget_signatories(edition)
