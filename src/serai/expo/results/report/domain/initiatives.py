"""Figures of initiatives and statements launched at the fair, among its outcomes. Drafts count nowhere."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.initiatives.domain.initiatives import published
from serai.expo.programme.initiatives.models import Commitment, Initiative, Signature
from serai.expo.results.report.domain.ledger import of_ledger


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
