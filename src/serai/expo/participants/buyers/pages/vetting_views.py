"""The organiser vets buyers, publishes the terms for hosted ones, and sees how these keep them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base import filters
from serai.expo.base.filter_form import FilterForm
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.participants.buyers.domain import hosted_terms as hosting
from serai.expo.participants.buyers.domain import registration as registering
from serai.expo.participants.buyers.domain.hosted_buyers import HostedFilter, counted, hosted_buyers, narrowed
from serai.expo.participants.buyers.pages.forms import TermsForm, VetForm
from serai.expo.participants.questions.domain.answers import answers_of_all

A_PAGE = 50


@organiser_required("GET", "POST")
def buyers(request: OrganiserRequest) -> HttpResponse:
    """Buyers who wait, each with what it said of itself; a POST decides on one or asks it for more."""
    queue = registering.queue(request.edition)
    if request.method == "POST":
        form = VetForm(request.POST)
        vetting = queue.filter(pk=number_of(request.POST.get("vetting")) or 0).first()
        if vetting is None or not form.is_valid():
            raise Http404(_("There is no such registration."))
        to, words = form.cleaned_data["to"], form.cleaned_data["words"]
        with told_to(request, registering.RegistrationRefusedError):
            if to == "ask":
                registering.ask_more(vetting, words, by=request.user)
            else:
                reason = {get_language() or "en": words} if words else {}
                registering.vet(vetting, Participation.State(to), reason, by=request.user)
            messages.success(request, _("Saved."))
        return redirect("buyers", request.edition.slug)
    waiting = list(queue)
    own = answers_of_all([vetting.participation for vetting in waiting])
    listed = [(vetting, own[vetting.participation_id]) for vetting in waiting]
    return render(request, "participants/buyers/vetting.html", {"listed": listed})


@organiser_required("GET", "POST")
def terms(request: OrganiserRequest) -> HttpResponse:
    """The terms for hosted buyers; a POST publishes a new version."""
    last = hosting.current_terms(request.edition)
    initial = (
        {"text": last.text, "suggested": last.meetings_suggested, "maximum": last.meetings_maximum}
        if last
        else {"suggested": 6, "maximum": 24}
    )
    form = TermsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with told_in(form, hosting.TermsRefusedError):
            made = hosting.publish_terms(
                request.edition, given["text"], suggested=given["suggested"], maximum=given["maximum"], by=request.user
            )
            messages.success(request, _("Version %d is published.") % made.version)
            return redirect("hosted-terms", request.edition.slug)
    return render(
        request,
        "participants/buyers/terms.html",
        {"form": form, "last": last, "accepted": last.accepted.count() if last else 0},
    )


@organiser_required("GET")
def hosted(request: OrganiserRequest) -> HttpResponse:
    """The hosted buyers: which terms each accepted and when, and how its meetings went."""
    wanted = filters.read(HostedFilter, request.GET)
    everyone = hosted_buyers(request.edition)
    return render(
        request,
        "participants/buyers/hosted.html",
        {
            "page": Paginator(narrowed(everyone, wanted), A_PAGE).get_page(request.GET.get("page")),
            "form": FilterForm(wanted, always=("q", "standing")),
            "counts": counted(everyone),
            "last": hosting.current_terms(request.edition),
        },
    )
