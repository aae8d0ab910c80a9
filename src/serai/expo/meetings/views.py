"""Placing, matching and the timetable on the organiser's desk."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.chains.domain import place_edition
from serai.expo.chains.models import Placement
from serai.expo.editions.access import OrganiserRequest, organiser_required
from serai.expo.firms.directory import exhibitors
from serai.expo.market.models import Need, Offer
from serai.expo.meetings.choosing import ask_for_curve, choose
from serai.expo.meetings.forms import ChoiceForm
from serai.expo.meetings.matching import choice_of
from serai.expo.meetings.models import Meeting, TimetableRun, Wish
from serai.expo.meetings.timetabling import (
    REASONS,
    NothingToPublishError,
    NoWishesError,
    TimetableRefusedError,
    make_timetable,
    publish_timetable,
)

SECONDS_IN_A_REQUEST = 20.0
"""How long the solver may work while a page waits for it; `serai timetable --seconds` gives it longer."""


@organiser_required
@require_http_methods(["GET", "POST"])
def matching(request: OrganiserRequest) -> HttpResponse:
    """What is placed and what is not, and what is chosen about matching; a POST places everything anew."""
    if request.method == "POST":
        count = place_edition(request.edition)
        messages.success(request, ngettext("%d placement was made.", "%d placements were made.", count) % count)
        return redirect("matching", request.edition.slug)
    return _matching(request, ChoiceForm(choice_of(request.edition)))


@organiser_required
@require_POST
def choose_matching(request: OrganiserRequest) -> HttpResponse:
    """Keep the floor and the weights, or have the curve computed that shows what a floor costs."""
    if "curve" in request.POST:
        ask_for_curve(request.edition)
        messages.success(request, _("The curve is being computed; it will stand here in a minute."))
        return redirect("matching", request.edition.slug)
    form = ChoiceForm(choice_of(request.edition), request.POST)
    if not form.is_valid():
        return _matching(request, form)
    choose(
        request.edition,
        floor=form.cleaned_data["floor"],
        link_weights=form.link_weights(),
        most_lost=form.cleaned_data["most_lost"] / 100,
        user=request.user,
    )
    messages.success(request, _("Your choice is kept; the next proposals follow it."))
    return redirect("matching", request.edition.slug)


def _matching(request: OrganiserRequest, form: ChoiceForm) -> HttpResponse:
    placed = Placement.objects.filter(edition=request.edition)
    unplaced = (
        exhibitors(request.edition)
        .filter(offers__isnull=False)
        .exclude(pk__in=placed.filter(side=Placement.Side.OFFER).values("participation"))
        .select_related("firm")
        .distinct()
    )
    return render(
        request,
        "meetings/matching.html",
        {
            "offers": Offer.objects.filter(edition=request.edition).count(),
            "needs": Need.objects.filter(edition=request.edition).count(),
            "offers_placed": placed.filter(offer__isnull=False).values("offer").distinct().count(),
            "needs_placed": placed.filter(need__isnull=False).values("need").distinct().count(),
            "form": form,
            "choice": choice_of(request.edition),
            "page": Paginator(unplaced, 50).get_page(request.GET.get("page")),
        },
    )


@organiser_required
@require_http_methods(["GET", "POST"])
def timetable(request: OrganiserRequest) -> HttpResponse:
    """The latest timetable with its proof, day by day; a POST makes a new draft."""
    if request.method == "POST":
        try:
            made = make_timetable(request.edition, seconds=SECONDS_IN_A_REQUEST, by=request.user)
        except NoWishesError:
            messages.error(
                request, _("There is no wish to meet yet and no match along a chain, so there is nothing to seat.")
            )
        except TimetableRefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request,
                ngettext("%d meeting has been seated.", "%d meetings have been seated.", made.placed) % made.placed,
            )
        return redirect("timetable", request.edition.slug)
    run = TimetableRun.objects.filter(edition=request.edition).exclude(state=TimetableRun.State.REPLACED).first()
    seated = (
        Meeting.objects.filter(edition=request.edition, starts_at__isnull=False)
        .select_related("host__firm", "guest__firm")
        .order_by("starts_at", "place", "pk")
    )
    return render(
        request,
        "meetings/timetable.html",
        {
            "run": run,
            "why_not": [(REASONS[reason], count) for reason, count in run.why_not.items()] if run else [],
            "page": Paginator(seated, 100).get_page(request.GET.get("page")),
            "wishes": Wish.objects.filter(edition=request.edition).exclude(strength=Wish.Strength.NO_THANKS).count(),
            "vetoes": Wish.objects.filter(edition=request.edition, strength=Wish.Strength.NO_THANKS).count(),
            "zone": ZoneInfo(request.edition.time_zone),
        },
    )


@organiser_required
@require_POST
def publish(request: OrganiserRequest) -> HttpResponse:
    try:
        publish_timetable(request.edition, by=request.user)
    except NothingToPublishError:
        messages.error(request, _("There is no draft to publish. Make the timetable first."))
    else:
        messages.success(request, _("The timetable has been published. Its meetings keep their time from now on."))
    return redirect("timetable", request.edition.slug)
