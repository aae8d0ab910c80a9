"""The page to which the link of a signatory leads: read, sign or decline, withdraw, tell what became of commitments."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from serai.expo.base.numbers import number_of
from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.programme.initiatives.domain import commitments, signatures
from serai.expo.programme.initiatives.domain.initiatives import InitiativeRefusedError
from serai.expo.programme.initiatives.models import Signature
from serai.expo.programme.initiatives.pages.forms import NoteForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signing(request: EditionRequest, token: str) -> HttpResponse:
    """Signing is a POST, so that no mail program signs by looking at the link."""
    signature = signatures.signature_of(request.edition, token)
    if signature is None:
        raise Http404(_("This link was replaced or has run out. Ask the organiser for a new one."))
    form = NoteForm(
        request.POST if request.POST.get("act") == "tell" else None,
        request.FILES or None,
        initial={"noted_on": timezone.localdate()},
    )
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        with told_to(request, InitiativeRefusedError):
            messages.success(request, _act(request, signature, form))
        return redirect("initiative-sign", request.edition.slug, token)
    page = {
        "signature": signature,
        "initiative": signature.initiative,
        "commitments": commitments.commitments_of(signature),
        "told": signature.notes.select_related("commitment"),
        "form": form,
    }
    answer = render(request, "programme/initiatives/sign.html", page, status=400 if form.errors else 200)
    answer["Referrer-Policy"] = "no-referrer"  # the address is a key
    return answer


def _act(request: EditionRequest, signature: Signature, form: NoteForm) -> str:
    """Do what the button says; returns what is told."""
    reason = request.POST.get("reason", "")
    match request.POST.get("act"):
        case "sign":
            if not request.POST.get("agreed"):
                raise InitiativeRefusedError(_("Say that you may sign for the institution."))
            signatures.sign(signature)
            return _("Signed. The public sees it once the organiser has confirmed it.")
        case "decline":
            signatures.decline(signature, reason)
            return _("Declined.")
        case "withdraw":
            signatures.withdraw(signature, reason)
            return _("Withdrawn. It stays told as withdrawn.")
        case "tell":
            number = number_of(request.POST.get("commitment")) or 0
            rows = commitments.commitments_of(signature)
            told_of = row_of(rows, number, _("There is no such commitment of yours."))
            commitments.note(told_of, form.content(), signature=signature)
            return _("Thank you. The public sees it once the organiser has read it.")
        case _other:
            raise Http404
