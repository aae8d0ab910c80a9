"""The directory, the page of a firm, its partners along the chain, and the page on which the organiser adds a
participant.
"""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.files.models import Audience
from serai.expo.base.filters import read
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import EditionRequest, OrganiserRequest, organiser_required
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.firms.record.domain.firm_page import profile
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.domain.size_classes import rules_of, size_of
from serai.expo.firms.record.domain.visibility import may_read, reads_as
from serai.expo.firms.record.models import Firm, is_identifier
from serai.expo.firms.record.rules import may_see_needs
from serai.expo.meetings.matchmaking.domain.matching import partners_of
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.domain.positions import stands
from serai.expo.offers.chains.models import CONFIDENT, Placement
from serai.expo.offers.market.domain.visibility import lasting
from serai.expo.offers.market.models import PUBLISHED
from serai.expo.participants.contact_persons.domain import ContactRefusedError
from serai.expo.participants.contact_persons.domain import add as add_contact
from serai.expo.participants.exhibitors.pages import DeskRequest
from serai.expo.participants.own_fields.domain import READ_BY_ALL, READ_BY_FIRM, readable
from serai.expo.participants.participation.domain import changes
from serai.expo.participants.participation.domain.exhibitors import visible_to
from serai.expo.participants.participation.domain.representation import desks_of
from serai.expo.participants.participation.pages.participants import AddForm
from serai.expo.participants.team.domain import VCARD_TYPE, contacts_of, vcard
from serai.expo.people.account.models import User
from serai.expo.site.directory.domain.directory import Filter, answer, facets, find, node_named, offers_answering
from serai.expo.site.web.pages.search_engines import exhibitor
from serai.expo.venue.halls.models import Booth

A_PAGE = 24


def sure_placements() -> QuerySet[Placement]:
    """The placements that the public sees, with their nodes."""
    return Placement.objects.filter(confidence__gte=CONFIDENT).select_related("node__chain")


def wanted(request: EditionRequest) -> Filter:
    """The filter in the page's address, without what it does not know."""
    return read(Filter, request.GET)


def shown(participations: QuerySet[Participation]) -> QuerySet[Participation]:
    """The participations with everything that a card shows, in a fixed number of queries."""
    return participations.select_related("firm__logo", "section", "lead__firm").prefetch_related(
        Prefetch("booths", Booth.objects.select_related("hall")),
        Prefetch(
            "placements",
            sure_placements().filter(side=Placement.Side.OFFER).order_by("-confidence", "pk"),
            to_attr="places",
        ),
    )


def directory(request: EditionRequest) -> HttpResponse:
    filter_ = wanted(request)
    if is_identifier(filter_.words.upper()):
        return HttpResponseRedirect(reverse("firm", args=[request.edition.slug, filter_.words.upper()]))
    answered = answer(request.edition, filter_)
    best_first = answered.participations if answered else None
    exhibitors = find(request.edition, filter_, best_first)
    page = _page(exhibitors, best_first, request.GET.get("page"))
    if best_first:
        answering = offers_answering(request.edition, filter_.words, [participation.pk for participation in page])
        for participation in page:
            participation.answering = answering.get(participation.pk, [])  # type: ignore[attr-defined]  # for its card alone
    return render(
        request,
        "site/directory/directory.html",
        {
            "filter": filter_,
            "page": page,
            "answer": answered,
            "facets": facets(request.edition, filter_, chains_of_edition(request.edition), best_first),
            "node": node_named(filter_.chain, filter_.node),
            "narrowed": filter_ != Filter(),
        },
    )


def _page(
    exhibitors: QuerySet[Participation], best_first: Sequence[int] | None, number: str | None
) -> Page[Participation]:
    """A page of exhibitors with everything that their cards show: by name, or the best matches first."""
    if best_first is None:
        return Paginator(shown(exhibitors), A_PAGE).get_page(number)
    kept = set(exhibitors.order_by().values_list("pk", flat=True))
    keys = Paginator([pk for pk in best_first if pk in kept], A_PAGE).get_page(number)
    cards = {card.pk: card for card in shown(Participation.objects.filter(pk__in=list(keys)))}
    paginator = cast("Paginator[Participation]", keys.paginator)  # it counts keys
    return Page([cards[pk] for pk in keys], keys.number, paginator)


def _moved(request: EditionRequest, identifier: str, page: str, *args: int) -> HttpResponse:
    """Redirect to the firm into which this one was merged. Raises Http404 if there is none."""
    if (current := leading(identifier)) == identifier.upper():
        raise Http404(_("No exhibitor of this fair has this identifier."))
    return HttpResponseRedirect(reverse(page, args=[request.edition.slug, current, *args]))


def _participation(request: EditionRequest, identifier: str) -> Participation | None:
    """The firm's participation if the reader may see it: confirmed exhibitors for all, others for their own people."""
    visible = visible_to(request.user, request.edition).filter(firm__identifier=identifier.upper())
    return shown(visible).order_by("pk").first()


def firm(request: EditionRequest, identifier: str) -> HttpResponse:
    participation = _participation(request, identifier)
    if participation is None:
        return _moved(request, identifier, "firm")
    offers = participation.offers.filter(PUBLISHED, lasting()).prefetch_related(
        Prefetch("placements", sure_placements()), "files", "certifications__file"
    )
    needs = participation.needs.filter(PUBLISHED, lasting()).prefetch_related(
        Prefetch("placements", sure_placements()), "files"
    )
    reader = reads_as(request.user, participation.firm)
    sized = size_of(participation.firm, rules_of(request.edition))
    return render(
        request,
        "site/directory/firm.html",
        {
            "participation": participation,
            "firm": participation.firm,
            "profile": profile(participation.firm, reader, timezone.localdate(), sized),
            "is_own": reader == Audience.FIRM,
            "own_fields": readable(participation, READ_BY_FIRM if reader == Audience.FIRM else READ_BY_ALL),
            "reads_files": may_read(participation.firm, "certificate_files", reader),
            "organises": request.user.has_perm("expo.read_people", request.edition),
            "media": participation.firm.media.select_related("file"),
            "stands": stands(participation.firm, request.edition),
            "offers": offers,
            "needs": needs,
            "contacts": contacts_of(participation, request.user),
            "structured": exhibitor(participation, offers, needs, request),
            "co_exhibitors": participation.co_exhibitors.filter(state=Participation.State.CONFIRMED).select_related(
                "firm"
            ),
        },
    )


def contact_card(request: EditionRequest, identifier: str, number: int) -> HttpResponse:
    """A person of the firm whom the reader may see, as a vCard for the telephone."""
    participation = _participation(request, identifier)
    if participation is None:
        return _moved(request, identifier, "contact-card", number)
    contact = next((person for person in contacts_of(participation, request.user) if person.person.pk == number), None)
    if contact is None:
        raise Http404(_("There is nobody here whom you may see."))
    page = request.build_absolute_uri(reverse("firm", args=[request.edition.slug, participation.firm.identifier]))
    card = vcard(contact, firm=str(in_language(participation.firm.name)), country=participation.firm.country, url=page)
    return HttpResponse(
        card,
        content_type=VCARD_TYPE,
        headers={"Content-Disposition": 'attachment; filename="contact.vcf"'},
    )


def partners(request: EditionRequest, identifier: str) -> HttpResponse:
    """Whom a firm should meet; who acts for it has the page within the desk."""
    participation = _participation(request, identifier)
    if participation is None:
        return _moved(request, identifier, "partners")
    if isinstance(request.user, User) and participation in desks_of(request.user, request.edition):
        cast(DeskRequest, request).participation = participation
    own = may_see_needs(request.user, participation)
    listed = partners_of(participation, public=not own)
    return render(
        request,
        "site/directory/partners.html",
        {"participation": participation, "firm": participation.firm, "partners": listed, "own": own},
    )


@organiser_required("GET", "POST")
def participant_add(request: OrganiserRequest) -> HttpResponse:
    form = AddForm(request.POST if request.method == "POST" else None)
    alike: list[Any] = []
    if request.method == "POST" and form.is_valid():
        entered = form.entered(get_language() or "en")
        alike = changes.alike(entered)
        chosen = request.POST.get("firm", "")
        if chosen or not alike:
            firm: Firm | changes.Entered = entered
            if chosen and chosen != "new":
                offered = {alike_firm.pk for alike_firm, _likeness in alike}
                firm = get_object_or_404(Firm, pk=number if (number := number_of(chosen)) in offered else 0)
            with told_in(form, changes.AddingRefusedError, ContactRefusedError), transaction.atomic():
                kind = form.cleaned_data["kind"]
                participation = changes.add(request.edition, firm, kind, on=timezone.localdate(), user=request.user)
                if contact := form.contact():
                    add_contact(participation, contact, user=request.user)
                messages.success(request, _("%s takes part now.") % shown_name(participation.firm))
                return redirect("firm", request.edition.slug, participation.firm.identifier)
    page = {"form": form, "found": alike}
    return render(request, "site/directory/add.html", page, status=400 if form.errors else 200)


urlpatterns = [
    path("firms/", directory, name="directory"),
    path("firms/<slug:identifier>/", firm, name="firm"),
    path("firms/<slug:identifier>/people/<int:number>.vcf", contact_card, name="contact-card"),
    path("firms/<slug:identifier>/partners/", partners, name="partners"),
    path("organiser/participants/add/", participant_add, name="participant-add"),
]
