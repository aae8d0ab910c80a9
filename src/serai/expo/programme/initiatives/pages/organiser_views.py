"""Initiatives on the organiser's desk: texts, signatories, commitments, and what to confirm."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.files.pages import handed_out
from serai.expo.base.rows import row_of
from serai.expo.base.submission import submitted, told_to
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required, renames
from serai.expo.programme.initiatives.domain import commitments, initiatives, signatures
from serai.expo.programme.initiatives.domain.initiatives import InitiativeRefusedError
from serai.expo.programme.initiatives.models import Commitment, CommitmentNote, Initiative, Signature
from serai.expo.programme.initiatives.pages.forms import (
    CommitmentForm,
    InitiativeForm,
    NoteForm,
    PaperForm,
    ProofForm,
    SignatoryForm,
)


@organiser_required("GET", "POST")
@renames({Initiative: lambda row, user: initiatives.save_initiative(row, by=user)}, InitiativeRefusedError)
def overview(request: OrganiserRequest) -> HttpResponse:
    """All initiatives with how many have signed, and what waits for a decision."""
    edition = request.edition
    rows = Initiative.objects.filter(edition=edition).prefetch_related("signatures", "commitments")
    page = {
        "initiatives": [(row, *_counts(row)) for row in rows],
        "to_confirm": signatures.to_confirm(edition),
        "notes": commitments.notes_waiting(edition).select_related("commitment", "signature"),
    }
    return render(request, "programme/initiatives/overview.html", page)


def _counts(row: Initiative) -> tuple[int, int, int]:
    """How many have signed and are confirmed, how many are named, and how many commitments there are."""
    named = list(row.signatures.all())
    confirmed = sum(signature.state == Signature.State.CONFIRMED for signature in named)
    return confirmed, len(named), len(row.commitments.all())


@organiser_required("GET")
def initiative(request: OrganiserRequest, number: int) -> HttpResponse:
    """An initiative with its signatories and commitments, and what can be done with it."""
    row = _initiative(request, number)
    page = {
        "initiative": row,
        "signatures": row.signatures.select_related("participation__firm"),
        "commitments": row.commitments.select_related("signature").prefetch_related("notes__signature"),
    }
    return render(request, "programme/initiatives/desk.html", page)


@organiser_required("GET", "POST")
def edit(request: OrganiserRequest, number: int | None = None) -> HttpResponse:
    """The form of a new initiative, or of the text of one."""
    row = _initiative(request, number) if number else Initiative(edition=request.edition)
    form = InitiativeForm(request.edition, request.POST or None, instance=row)

    def save() -> None:
        initiatives.save_initiative(form.save(commit=False), by=request.user)

    if submitted(request, form, save, InitiativeRefusedError):
        messages.success(request, _("Saved."))
        return redirect("initiative-desk", request.edition.slug, row.pk)
    return _form(request, form, row if number else None, _("Edit the text") if number else _("New initiative"))


@organiser_required("POST")
def act(request: OrganiserRequest, number: int) -> HttpResponse:
    """Publish, take back or remove an initiative."""
    row, wanted = _initiative(request, number), request.POST.get("act", "")
    with told_to(request, InitiativeRefusedError):
        if wanted == "publish":
            initiatives.publish(row, by=request.user)
            is_draft = request.edition.state == Edition.State.DRAFT
            read_by_all = _("Published. Everybody can read it.")
            messages.success(request, _("Published. It is read once the fair is public.") if is_draft else read_by_all)
        elif wanted == "take-back":
            initiatives.take_back(row, request.POST.get("reason", ""), by=request.user)
            messages.success(request, _("Taken back. The public does not see it any more."))
        elif wanted == "remove":
            initiatives.remove(row, by=request.user)
            messages.success(request, _("Removed."))
            return redirect("initiatives-desk", request.edition.slug)
        else:
            raise Http404
    return redirect("initiative-desk", request.edition.slug, number)


@organiser_required("GET", "POST")
def signatory(request: OrganiserRequest, number: int, signature: int | None = None) -> HttpResponse:
    """The form of who signs, and what can be done with the signature."""
    row = _initiative(request, number)
    signed = _signature(row, signature) if signature else Signature(edition=request.edition, initiative=row)
    form = SignatoryForm(request.edition, request.POST or None, instance=signed)

    def save() -> None:
        signatures.save_signatory(form.save(commit=False), by=request.user)

    if submitted(request, form, save, InitiativeRefusedError):
        messages.success(request, _("Saved."))
        return redirect("signatory", request.edition.slug, number, signed.pk)
    return _signatory(request, row, signed, form)


def _signatory(
    request: OrganiserRequest, row: Initiative, signed: Signature, form: SignatoryForm, **forms: BaseForm
) -> HttpResponse:
    page = {
        "initiative": row,
        # The form has written on its own row what was refused.
        "signature": Signature.objects.get(pk=signed.pk) if signed.pk else None,
        "form": form,
        "paper_form": forms.get("paper", PaperForm(initial={"signed_on": timezone.localdate()})),
        "proof_form": forms.get("proof", ProofForm()),
        "is_open": signed.state in signatures.OPEN,
    }
    wrong = any(sent.errors for sent in (form, *forms.values()))
    return render(request, "programme/initiatives/signatory.html", page, status=400 if wrong else 200)


@organiser_required("POST")
def act_on_signature(request: OrganiserRequest, number: int, signature: int) -> HttpResponse:
    """Ask for a signature, keep one on paper, confirm or withdraw it, or remove who has not signed."""
    row = _initiative(request, number)
    signed, wanted = _signature(row, signature), request.POST.get("act", "")
    asked = {"paper": PaperForm, "confirm": ProofForm}.get(wanted)
    form = asked(request.POST, request.FILES) if asked else None
    if form is not None and not form.is_valid():
        own = SignatoryForm(request.edition, instance=signed)
        return _signatory(request, row, signed, own, **{"paper" if wanted == "paper" else "proof": form})
    if wanted not in ACTS:
        raise Http404
    with told_to(request, InitiativeRefusedError):
        given = form.cleaned_data if form else {"reason": request.POST.get("reason", "")}
        ACTS[wanted](signed, given, request)
        messages.success(request, _("Saved."))
        if wanted == "remove":
            return redirect("initiative-desk", request.edition.slug, number)
    return redirect("signatory", request.edition.slug, number, signature)


type Act = Callable[[Signature, Mapping[str, Any], OrganiserRequest], object]

ACTS: Mapping[str, Act] = {
    "invite": lambda row, _given, request: signatures.invite(row, by=request.user),
    "paper": lambda row, given, request: signatures.sign_on_paper(
        row, given["signed_on"], given["scan"], by=request.user
    ),
    "confirm": lambda row, given, request: signatures.confirm(row, given["proof"], by=request.user),
    "withdraw": lambda row, given, request: signatures.withdraw(row, given["reason"], by=request.user),
    "remove": lambda row, _given, request: signatures.remove(row, by=request.user),
}
"""What an organiser does with a signature, by the value of the button."""


@organiser_required("GET")
def paper(request: OrganiserRequest, number: int, signature: int) -> FileResponse:
    """The scan of a signature on paper."""
    signed = _signature(_initiative(request, number), signature)
    if signed.paper is None:
        raise Http404(_("There is no such file."))
    return handed_out(signed.paper)


@organiser_required("GET", "POST")
def commitment(request: OrganiserRequest, number: int, commitment: int | None = None) -> HttpResponse:
    """The form of a commitment, with what was told of it."""
    row = _initiative(request, number)
    new = Commitment(edition=request.edition, initiative=row)
    promised = row_of(row.commitments.all(), commitment, _("There is no such commitment.")) if commitment else new
    form = CommitmentForm(request.POST or None, instance=promised)

    def save() -> None:
        commitments.save_commitment(form.save(commit=False), by=request.user)

    if submitted(request, form, save, InitiativeRefusedError):
        messages.success(request, _("Saved."))
        return redirect("commitment", request.edition.slug, number, promised.pk)
    return _commitment(request, row, promised, form)


def _commitment(
    request: OrganiserRequest,
    row: Initiative,
    promised: Commitment,
    form: CommitmentForm,
    note_form: NoteForm | None = None,
) -> HttpResponse:
    page = {
        "initiative": row,
        "commitment": promised if promised.pk else None,
        "form": form,
        "note_form": note_form or NoteForm(initial={"state": promised.state, "noted_on": timezone.localdate()}),
        "notes": promised.notes.select_related("signature", "document") if promised.pk else (),
    }
    wrong = form.errors or (note_form and note_form.errors)
    return render(request, "programme/initiatives/commitment.html", page, status=400 if wrong else 200)


@organiser_required("POST")
def act_on_commitment(request: OrganiserRequest, number: int, commitment: int) -> HttpResponse:
    """Tell what became of a commitment, or remove one of which nothing was told."""
    row = _initiative(request, number)
    promised = row_of(row.commitments.all(), commitment, _("There is no such commitment."))
    if request.POST.get("act") == "remove":
        with told_to(request, InitiativeRefusedError):
            commitments.remove(promised, by=request.user)
            messages.success(request, _("Removed."))
            return redirect("initiative-desk", request.edition.slug, number)
        return redirect("commitment", request.edition.slug, number, commitment)
    form = NoteForm(request.POST, request.FILES)

    def tell() -> None:
        commitments.note(promised, form.content(), by=request.user)

    if submitted(request, form, tell, InitiativeRefusedError):
        messages.success(request, _("Saved."))
        return redirect("commitment", request.edition.slug, number, commitment)
    return _commitment(request, row, promised, CommitmentForm(instance=promised), form)


@organiser_required("POST")
def decide_on_note(request: OrganiserRequest, number: int, note: int) -> HttpResponse:
    """Show a signatory's note to the public, or leave it out."""
    row = _note(_initiative(request, number), note)
    decisions = {"show": CommitmentNote.Decision.SHOWN, "refuse": CommitmentNote.Decision.REFUSED}
    decision = decisions.get(request.POST.get("act", ""))
    if decision is None:
        raise Http404
    with told_to(request, InitiativeRefusedError):
        commitments.decide(row, decision, by=request.user)
        messages.success(request, _("Saved."))
    return redirect("commitment", request.edition.slug, number, row.commitment_id)


@organiser_required("GET")
def document(request: OrganiserRequest, number: int, note: int) -> FileResponse:
    """The document that proves what was told of a commitment."""
    row = _note(_initiative(request, number), note)
    if row.document is None:
        raise Http404(_("There is no such file."))
    return handed_out(row.document)


def _form(request: OrganiserRequest, form: BaseForm, row: Initiative | None, heading: str) -> HttpResponse:
    page = {"form": form, "initiative": row, "heading": heading}
    return render(request, "programme/initiatives/text.html", page, status=400 if form.errors else 200)


def _initiative(request: OrganiserRequest, number: int) -> Initiative:
    rows = Initiative.objects.filter(edition=request.edition).select_related("session__forum", "edition")
    return row_of(rows, number, _("There is no such initiative."))


def _signature(row: Initiative, number: int) -> Signature:
    return row_of(row.signatures.select_related("paper"), number, _("There is no such signatory."))


def _note(row: Initiative, number: int) -> CommitmentNote:
    rows = CommitmentNote.objects.filter(commitment__initiative=row).select_related("document")
    return row_of(rows, number, _("There is no such note."))
