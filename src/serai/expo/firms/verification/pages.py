"""Proof of what a firm says, and claims of its record, for the firm and for the organiser."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import country_choices
from serai.expo.base.files.domain import FileRefusedError, keep
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required, user_required
from serai.expo.firms.identity.domain.duplicates import like, record_of
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.firms.record.domain.fields import longest
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import duties_in, is_visible_at
from serai.expo.firms.verification import domain
from serai.expo.firms.verification.domain import NEEDED
from serai.expo.firms.verification.models import Claim, Evidence, Verification


class ClaimForm(forms.Form):
    """A code from the organiser, or words on how the user belongs to the firm."""

    code = forms.CharField(
        label=_("Code from the organiser"),
        required=False,
        max_length=40,
        help_text=_("If you have one, you speak for the firm at once."),
    )
    note = forms.CharField(
        label=_("How do you belong to the firm?"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class NewFirmForm(forms.Form):
    """What is needed to enter a firm, and to find it where it is known already."""

    legal_name = forms.CharField(
        label=_("Legal name"), max_length=longest("legal_name"), help_text=_("As in the certificate of registration.")
    )
    country = forms.ChoiceField(label=_("Country or region"), choices=country_choices)
    address = forms.CharField(label=_("Address"), required=False, max_length=longest("address"))
    website = forms.URLField(label=_("Web site"), required=False, max_length=longest("website"), assume_scheme="https")


class RegisterForm(NewFirmForm):
    """A firm as one of its people enters it."""

    sure = forms.BooleanField(label=_("It is none of these: enter it as a new firm"), required=False)

    def __init__(self, data: Any = None, *, asked: bool = False) -> None:
        super().__init__(data)
        if not asked:
            del self.fields["sure"]


class VerificationForm(forms.Form):
    """A level and its evidence, each kind in words or as a file."""

    level = forms.TypedChoiceField(label=_("Level"), choices=Verification.Level, coerce=int)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        for level, kinds in NEEDED.items():
            for kind in kinds:
                label = f"{level} · {kind.label}"
                self.fields[f"{kind.value}_text"] = forms.CharField(
                    label=label, required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
                )
                self.fields[f"{kind.value}_file"] = forms.FileField(
                    label=_("%s: file") % label, required=False, help_text=_("PDF or picture, 8 MB at most.")
                )

    def given(self) -> list[tuple[str, str, Any]]:
        """Kind, words and upload of each piece of evidence."""
        cleaned = self.cleaned_data
        return [
            (kind, cleaned.get(f"{kind}_text", ""), cleaned.get(f"{kind}_file"))
            for kind in Evidence.Kind.values
            if f"{kind}_text" in self.fields
        ]


class DecideForm(forms.Form):
    """Granting or refusing a level."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    until = forms.DateField(label=_("Valid until"), required=False, widget=forms.DateInput({"type": "date"}))
    note = forms.CharField(label=_("Reason or remark"), required=False, max_length=2000)


def firm_here(request: Any, identifier: str) -> Firm:
    """A firm that takes part in the edition, by its own identifier or one that leads to it."""
    firm = get_object_or_404(Firm, identifier=leading(identifier))
    get_object_or_404(Participation.objects.filter(edition=request.edition, firm=firm).order_by("pk")[:1])
    return firm


def edited_firm(request: Any, identifier: str) -> Firm:
    """A firm of the edition that the reader may change. Raises PermissionDenied, or Http404 for who may not see it."""
    firm = firm_here(request, identifier)
    if "edit" not in duties_in(request.user, firm.pk):
        _require_known(request, firm)
        raise PermissionDenied
    return firm


def _require_known(request: Any, firm: Firm) -> None:
    # That a buyer takes part, or who has applied, is nobody else's to learn.
    if not is_visible_at(request.user, request.edition, firm):
        raise Http404(gettext("No exhibitor of this fair has this identifier."))


@user_required("GET", "POST")
def firm_claim(request: Any, identifier: str) -> HttpResponse:
    """Claim a firm that everyone sees, or one that an organiser gave a code."""
    firm = firm_here(request, identifier)
    if not firm.claim_codes.filter(used_at=None, expires_at__gt=timezone.now()).exists():
        _require_known(request, firm)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, domain.ClaimError):
            made = domain.claim(firm, request.user, **form.cleaned_data, edition=request.edition)
            granted = made.state == Claim.State.GRANTED
            sentence = (
                gettext("You speak for the firm now.") if granted else gettext("Your claim waits for the organiser.")
            )
            messages.success(request, sentence)
            return redirect("firm", request.edition.slug, firm.identifier)
    of_domain = domain.has_its_domain(request.user, firm)
    return render(request, "firms/verification/claim.html", {"firm": firm, "form": form, "of_domain": of_domain})


@user_required("GET", "POST")
def register_firm(request: Any) -> HttpResponse:
    """Enter a firm; one that may be known is shown first."""
    form = RegisterForm(request.POST or None, asked=request.method == "POST")
    alike: list[Any] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        entered = (given["country"], [given["legal_name"]], given["address"])
        alike = like(record_of(*entered, website=given["website"]))
        if not alike or given["sure"]:
            language = get_language() or "en"
            made = domain.register(
                legal_name=given["legal_name"],
                country=given["country"],
                name={language: given["legal_name"]},
                address={language: given["address"]} if given["address"] else {},
                website=given["website"],
                language=language,
                user=request.user,
                edition=request.edition,
                on=timezone.localdate(),
            )
            messages.success(
                request, gettext("%s is entered; its identifier is %s.") % (made.legal_name, made.identifier)
            )
            return redirect("edition", request.edition.slug)
    return render(request, "firms/verification/register.html", {"form": form, "found": alike})


@organiser_required("GET", "POST")
def claim_list(request: OrganiserRequest) -> HttpResponse:
    """The claims that wait, and codes for firms."""
    waiting = domain.waiting_claims(request.edition)
    if request.method == "POST":
        if "identifier" in request.POST:
            firm = firm_here(request, request.POST["identifier"].strip()[:16])
            code = domain.new_code(firm, request.edition, user=request.user)
            messages.success(request, gettext("Code for %s, shown this once: %s") % (shown_name(firm), code))
        else:
            claim = get_object_or_404(waiting, pk=number_of(request.POST.get("claim")) or 0)
            with told_to(request, domain.ClaimError):
                domain.decide_claim(
                    claim, request.edition, grant=request.POST.get("answer") == "grant", user=request.user
                )
        return redirect("claim-list", request.edition.slug)
    return render(request, "firms/verification/claims.html", {"claims": waiting})


@user_required("GET", "POST")
def firm_verification(request: Any, identifier: str) -> HttpResponse:
    firm = edited_firm(request, identifier)
    form = VerificationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, FileRefusedError, domain.VerificationError):
            with transaction.atomic():
                given = [
                    domain.Given(kind, text, keep(upload, firm=firm, user=request.user) if upload else None)
                    for kind, text, upload in form.given()
                ]
                domain.ask(firm, form.cleaned_data["level"], given, user=request.user)
            messages.success(request, gettext("The organiser has your request."))
            return redirect("firm-verification", request.edition.slug, firm.identifier)
    level = domain.level_of(firm, timezone.localdate())
    history = domain.history_of(firm, timezone.localdate())
    return render(
        request,
        "firms/verification/verification.html",
        {"firm": firm, "form": form, "level": level, "requests": history},
    )


@organiser_required("GET", "POST")
def verification_list(request: OrganiserRequest) -> HttpResponse:
    waiting = domain.waiting(request.edition)
    if request.method == "POST":
        form = DecideForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
        else:
            given = form.cleaned_data
            asked = get_object_or_404(waiting, pk=given["number"])
            with told_to(request, domain.VerificationError):
                domain.decide(
                    asked,
                    request.edition,
                    grant=request.POST.get("answer") == "grant",
                    user=request.user,
                    note=given["note"],
                    until=given["until"],
                )
        return redirect("verification-list", request.edition.slug)
    usual = timezone.localdate() + domain.VALID
    return render(request, "firms/verification/verifications.html", {"waiting": waiting, "usual": usual})


@organiser_required("GET", "POST")
def granted_list(request: OrganiserRequest) -> HttpResponse:
    """What this organiser has granted, to be withdrawn with a reason."""
    granted = domain.granted_here(request.edition)
    if request.method == "POST":
        number = request.POST.get("number", "")
        verification = get_object_or_404(granted, pk=number_of(number) or 0)
        reason = request.POST.get("reason", "")[:2000]
        with told_to(request, domain.VerificationError):
            domain.withdraw(verification, request.edition, user=request.user, reason=reason)
            messages.success(request, gettext("The level is withdrawn; the firm reads your reason."))
        return redirect("granted-list", request.edition.slug)
    page = Paginator(granted, 25).get_page(request.GET.get("page"))
    return render(request, "firms/verification/granted.html", {"page": page, "today": timezone.localdate()})


urlpatterns = [
    path("firms/register/", register_firm, name="register-firm"),
    path("firms/<slug:identifier>/claim/", firm_claim, name="firm-claim"),
    path("firms/<slug:identifier>/verification/", firm_verification, name="firm-verification"),
    path("organiser/claims/", claim_list, name="claim-list"),
    path("organiser/verification/", verification_list, name="verification-list"),
    path("organiser/verification/granted/", granted_list, name="granted-list"),
]
