"""The organisers of the fair's organisation: their roles, and invitations. Owners change both."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from serai.expo.base.submission import submitted, told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.edition.rules.roles import AREAS, EXPLAINED, ROLES
from serai.expo.fairs.organisers.domain import invitations as inviting
from serai.expo.fairs.organisers.domain.organisers import LastOwnerError, change_role, organisers_of, remove
from serai.expo.fairs.organisers.pages.forms import InviteForm, RoleForm
from serai.expo.people.account.models import Role
from serai.expo.people.account.pages.confirmation import ask_to_confirm


@organiser_required("GET", "POST")
def organisers(request: OrganiserRequest) -> HttpResponse:
    """Who organises, who is invited, what each role may do; a POST invites somebody."""
    given = request.POST if request.method == "POST" else None
    form = InviteForm(
        given, initial={name: request.GET[name] for name in InviteForm.base_fields if name in request.GET}
    )
    if given is not None:
        typed = urlencode({name: given.get(name, "") for name in InviteForm.base_fields})
        if answer := ask_to_confirm(request, f"{request.path}?{typed}"):
            return answer

    def act() -> None:
        inviting.invite(request.edition, **form.cleaned_data, by=request.user)

    if submitted(request, form, act, inviting.InvitationRefusedError):
        messages.success(request, _("The invitation is on its way."))
        return redirect("organisers", request.edition.slug)
    organisation = request.edition.organisation
    context = {
        "form": form,
        "organisation": organisation,
        "people": [(role, RoleForm(role)) for role in organisers_of(organisation)],
        "invitations": inviting.invitations(organisation),
        "roles": [{"title": Role.Kind(kind).label, "text": EXPLAINED[kind]} for kind in ROLES],
        "areas": _areas(),
    }
    return render(request, "fairs/organisers/organisers.html", context, status=400 if form.errors else 200)


def _areas() -> list[tuple[Promise, list[str]]]:
    """Each area of work with what every role may do in it: ``changes``, ``reads`` or nothing."""
    return [
        (
            title,
            [
                "changes" if rights.may(area, change=True) else "reads" if rights.may(area) else ""
                for rights in ROLES.values()
            ],
        )
        for area, title in AREAS.items()
    ]


@organiser_required("POST")
def change(request: OrganiserRequest, number: int) -> HttpResponse:
    """Another role for an organiser, or the role taken away."""
    role = organisers_of(request.edition.organisation).filter(pk=number).first()
    if role is None:
        raise Http404(_("There is no such organiser."))
    if answer := ask_to_confirm(request, reverse("organisers", args=[request.edition.slug])):
        return answer
    form = RoleForm(role, request.POST)
    with told_to(request, LastOwnerError):
        if "remove" in request.POST:
            remove(role, by=request.user)
            messages.success(request, _("%s does not organise here any more.") % role.user)
        elif form.is_valid() and form.cleaned_data["kind"] != role.kind:
            change_role(role, form.cleaned_data["kind"], by=request.user)
            messages.success(
                request, _("%(person)s is now: %(role)s.") % {"person": role.user, "role": role.get_kind_display()}
            )
    if role.user == request.user:  # the own role may not open this page any more
        return redirect("organiser", request.edition.slug)
    return redirect("organisers", request.edition.slug)


@organiser_required("POST")
def invitation(request: OrganiserRequest, number: int) -> HttpResponse:
    """Send an invitation again, or take it back."""
    row = inviting.invitations(request.edition.organisation).filter(pk=number).first()
    if row is None:
        raise Http404(_("There is no such invitation."))
    with told_to(request, inviting.InvitationRefusedError):
        if "withdraw" in request.POST:
            inviting.withdraw(row, request.edition, by=request.user)
            messages.success(request, _("The invitation is taken back."))
        else:
            inviting.send_again(row, request.edition, by=request.user)
            messages.success(request, _("The invitation is on its way again, with a new link."))
    return redirect("organisers", request.edition.slug)
