"""The organiser's list of delegations."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.numbers import number_of
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required
from serai.expo.participants.delegations import domain as delegating
from serai.expo.participants.delegations.models import DelegationMember


def member_of(request: UserRequest, among: QuerySet[DelegationMember]) -> DelegationMember:
    """The member that a form names, one of these. Raises Http404."""
    member = among.filter(pk=number_of(request.POST.get("member")) or 0).first()
    if member is None:
        raise Http404(_("There is no such member."))
    return member


@organiser_required("GET", "POST")
def delegations(request: OrganiserRequest) -> HttpResponse:
    """All delegations with who comes when and which letters are wanted; a POST says that a letter was sent."""
    members = DelegationMember.objects.filter(edition=request.edition)
    if request.method == "POST":
        if "forget" in request.POST:
            count = delegating.forget_journeys(request.edition)
            messages.success(request, _("The journeys of %d members are deleted.") % count)
        else:
            delegating.letter_sent(member_of(request, members), by=request.user)
            messages.success(request, _("Kept."))
        return redirect("delegations", request.edition.slug)
    shown = members.select_related("delegation__leader", "participation__firm").order_by("delegation__name", "pk")
    return render(request, "participants/delegations/delegations.html", {"members": shown})
