"""Asking for a level of verification, and the organiser's list of those who ask."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.files.domain import FileRefusedError, keep
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required, user_required
from serai.expo.firms.verification.domain import verification as verifying
from serai.expo.firms.verification.pages.claim_views import edited_firm
from serai.expo.firms.verification.pages.forms import DecideForm, VerificationForm


@user_required("GET", "POST")
def firm_verification(request: Any, identifier: str) -> HttpResponse:
    firm = edited_firm(request, identifier)
    form = VerificationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, FileRefusedError, verifying.VerificationError):
            with transaction.atomic():
                given = [
                    verifying.Given(kind, text, keep(upload, firm=firm, user=request.user) if upload else None)
                    for kind, text, upload in form.given()
                ]
                verifying.ask(firm, form.cleaned_data["level"], given, user=request.user)
            messages.success(request, _("The organiser has your request."))
            return redirect("firm-verification", request.edition.slug, firm.identifier)
    level = verifying.level_of(firm, timezone.localdate())
    history = verifying.history_of(firm, timezone.localdate())
    return render(
        request,
        "firms/verification/verification.html",
        {"firm": firm, "form": form, "level": level, "requests": history},
    )


@organiser_required("GET", "POST")
def verification_list(request: OrganiserRequest) -> HttpResponse:
    waiting = verifying.waiting(request.edition)
    if request.method == "POST":
        form = DecideForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
        else:
            given = form.cleaned_data
            asked = get_object_or_404(waiting, pk=given["number"])
            with told_to(request, verifying.VerificationError):
                verifying.decide(
                    asked,
                    request.edition,
                    grant=request.POST.get("answer") == "grant",
                    user=request.user,
                    note=given["note"],
                    until=given["until"],
                )
        return redirect("verification-list", request.edition.slug)
    usual = timezone.localdate() + verifying.VALID
    return render(request, "firms/verification/verifications.html", {"waiting": waiting, "usual": usual})


@organiser_required("GET", "POST")
def granted_list(request: OrganiserRequest) -> HttpResponse:
    """What this organiser has granted, to be withdrawn with a reason."""
    granted = verifying.granted_here(request.edition)
    if request.method == "POST":
        number = request.POST.get("number", "")
        verification = get_object_or_404(granted, pk=number_of(number) or 0)
        reason = request.POST.get("reason", "")[:2000]
        with told_to(request, verifying.VerificationError):
            verifying.withdraw(verification, request.edition, user=request.user, reason=reason)
            messages.success(request, _("The level is withdrawn; the firm reads your reason."))
        return redirect("granted-list", request.edition.slug)
    page = Paginator(granted, 25).get_page(request.GET.get("page"))
    return render(request, "firms/verification/granted.html", {"page": page, "today": timezone.localdate()})
