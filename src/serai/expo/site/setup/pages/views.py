"""Setting a fair up: a new one, its steps, its fields, sections and state, and a copy of it."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.domain import changes
from serai.expo.fairs.edition.domain.changes import EditionStateError
from serai.expo.fairs.edition.domain.clone import clone_edition, plan_clone
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Edition, Phase, Section
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required, user_required
from serai.expo.fairs.jobs.domain.jobs import start
from serai.expo.offers.chains.domain.sections import set_sections
from serai.expo.participants.participation.domain.decisions import (
    DecisionRefusedError,
    answer_invitation,
    invitations_of,
)
from serai.expo.site.setup.domain import shown, steps
from serai.expo.site.setup.pages.forms import CloneForm, EditionForm, NewEditionForm, SectionsForm

A_YEAR = timedelta(weeks=52)
"""The usual time to the next fair: it opens on the same day of the week."""


@user_required("GET", "POST")
def new_edition(request: UserRequest) -> HttpResponse:
    """A new fair, for readers with a role in an organisation."""
    organisations = list(changes.organisations_of(request.user))
    if not organisations:
        return render(request, "site/setup/new.html", {"form": None})
    own = {"country": organisations[0].country}
    form = NewEditionForm(organisations, request.POST if request.method == "POST" else None, initial=own)
    if request.method == "POST" and form.is_valid():
        edition = changes.create_edition(form.save(commit=False), user=request.user)
        messages.success(request, _("The fair is made, as a draft that only you see. Now bring your list of firms."))
        return redirect("import-upload", edition.slug)
    return render(request, "site/setup/new.html", {"form": form}, status=400 if form.errors else 200)


@organiser_required("GET")
def setup(request: OrganiserRequest) -> HttpResponse:
    """The steps of setting the fair up, and which of them are done."""
    listed = steps(request.edition)
    return render(request, "site/setup/steps.html", {"steps": listed, "done": sum(step.done for step in listed)})


@organiser_required("GET", "POST")
def edition_change(request: OrganiserRequest) -> HttpResponse:
    """All fields of the edition."""
    # The form writes the given values into its instance; the frame of the page shows the stored edition.
    edition = Edition.objects.get(pk=request.edition.pk)
    form = EditionForm(request.POST if request.method == "POST" else None, instance=edition)
    if request.method == "POST" and form.is_valid():
        changes.change_edition(form.save(commit=False), user=request.user)
        messages.success(request, _("The changes are kept."))
        return redirect("setup", request.edition.slug)
    return render(request, "site/setup/change.html", {"form": form}, status=400 if form.errors else 200)


@organiser_required("GET", "POST")
def sections(request: OrganiserRequest) -> HttpResponse:
    """The chains for which the fair has a section."""
    kept = Section.objects.filter(edition=request.edition, chain__isnull=False).values_list("chain__slug", flat=True)
    before = list(kept)
    form = SectionsForm(request.edition, before, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        count = set_sections(request.edition, form.cleaned_data["chains"], user=request.user)
        if set(kept.all()) != set(before):
            start(request.edition, "placing", user=request.user)
            messages.info(request, _("Offers and needs are being placed on the chains of the fair."))
        messages.success(request, ngettext("The fair has %d section.", "The fair has %d sections.", count) % count)
        page = "organiser-chains" if request.POST.get("back") == "organiser-chains" else "setup"
        return redirect(page, request.edition.slug)
    return render(request, "site/setup/sections.html", {"form": form}, status=400 if form.errors else 200)


@organiser_required("GET", "POST")
def edition_state(request: OrganiserRequest) -> HttpResponse:
    """Publish the fair, close it, or take either back."""
    if request.method == "POST":
        with told_to(request, EditionStateError):
            changes.change_state(request.edition, request.POST.get("to", ""), user=request.user)
            messages.success(request, _("The fair is now: %s.") % request.edition.get_state_display())
        return redirect("edition-state", request.edition.slug)
    missing = [step for step in steps(request.edition)[:-1] if not step.done]
    allowed = changes.NEXT[request.edition.state]
    return render(request, "site/setup/state.html", {"missing": missing, "allowed": allowed})


@organiser_required("POST")
def usual_phases(request: OrganiserRequest) -> HttpResponse:
    """Set the usual dates of those phases that have none."""
    count = changes.propose_phases(request.edition, user=request.user)
    messages.success(request, ngettext("%d phase was changed.", "%d phases were changed.", count) % count)
    return redirect("phases", request.edition.slug)


@organiser_required("GET", "POST")
def clone(request: OrganiserRequest) -> HttpResponse:
    """A copy of the fair for the next time, with its dates moved: shown first if asked, then made."""
    old = request.edition
    new = Edition.objects.get(pk=old.pk)
    new.pk = None
    new._state.adding = True
    new.starts_on, new.ends_on, new.slug = old.starts_on + A_YEAR, old.ends_on + A_YEAR, ""
    form = CloneForm(request.POST if request.method == "POST" else None, instance=new)
    if request.method == "POST" and form.is_valid():
        new, parts, invite = form.save(commit=False), form.cleaned_data["parts"], form.cleaned_data["invite"]
        if "preview" in request.POST:
            plan = shown(old, plan_clone(old, new, parts, invite=invite))
            return render(request, "site/setup/clone.html", {"form": form, "plan": plan})
        copy = clone_edition(old, new, parts, invite=invite, user=request.user)
        messages.success(request, _("The copy is made, as a draft that only you see."))
        if copy.invited:
            messages.success(
                request,
                ngettext("%d firm is invited again.", "%d firms are invited again.", copy.invited) % copy.invited,
            )
        return redirect("setup", copy.edition.slug)
    return render(request, "site/setup/clone.html", {"form": form}, status=400 if form.errors else 200)


@user_required("GET", "POST")
def invitations(request: UserRequest) -> HttpResponse:
    """The invitations of the reader's firms to this fair, and their answers."""
    own = invitations_of(request.user, request.edition)
    if request.method == "POST":
        invitation = own.filter(pk=number_of(request.POST.get("invitation")) or 0).first()
        if invitation is None:
            raise PermissionDenied
        with told_to(request, DecisionRefusedError):
            answer_invitation(invitation, "accept" in request.POST, user=request.user)
            messages.success(request, _("Thank you: the organiser has your answer."))
        return redirect("invitations", request.edition.slug)
    closed = closed_sentence(request.edition, Phase.Kind.APPLY)
    return render(request, "site/setup/invitations.html", {"invitations": own, "closed": closed})
