"""Initiatives for the public: all of them, one with who signed, and the page to which the link of a signatory leads.

A signatory reads, signs or declines, withdraws, and tells what became of commitments.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from serai.expo.base.numbers import number_of
from serai.expo.base.rows import row_of
from serai.expo.base.structured_data import CONTEXT, JSONObject, absolute_address, text_of, without_empty
from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.programme.initiatives.domain import commitments, signatures
from serai.expo.programme.initiatives.domain.initiatives import InitiativeRefusedError, published, visible_to
from serai.expo.programme.initiatives.domain.presentation import Shown, shown_initiatives
from serai.expo.programme.initiatives.models import Signature
from serai.expo.programme.initiatives.pages.forms import NoteForm
from serai.expo.programme.sessions.domain.releases import known_session


def initiative_data(shown: Shown, request: HttpRequest) -> JSONObject:
    """A published initiative as a DigitalDocument that the institutions which signed have made."""
    initiative = shown.initiative
    slug = initiative.edition.slug
    return without_empty(
        CONTEXT
        | {
            "@type": "DigitalDocument",
            "url": absolute_address(request, "initiative", slug, str(initiative.pk)),
            "name": text_of(initiative.title),
            "genre": initiative.get_kind_display(),
            "abstract": text_of(initiative.summary),
            "text": text_of(initiative.text),
            "dateCreated": initiative.launched_on.isoformat() if initiative.launched_on else "",
            "datePublished": initiative.published_at.date().isoformat() if initiative.published_at else "",
            "author": [
                {"@type": "Organization", "name": text_of(row.signature.institution)} for row in shown.signatories
            ],
            "isPartOf": {"@type": "Event", "url": absolute_address(request, "edition", slug)},
        }
    )


def initiatives(request: EditionRequest) -> HttpResponse:
    """All that are published, in the order in which they were launched."""
    return render(
        request,
        "programme/initiatives/initiatives.html",
        {"initiatives": shown_initiatives(published(request.edition))},
    )


def initiative(request: EditionRequest, number: int) -> HttpResponse:
    """An initiative as the public reads it; an organiser reads a draft too."""
    shown = next(iter(shown_initiatives(visible_to(request.user, request.edition).filter(pk=number))), None)
    if shown is None:
        raise Http404(_("There is no such initiative."))
    session = shown.initiative.session
    page = {
        "shown": shown,
        "is_to_come": shown.initiative.launched_on is not None and shown.initiative.launched_on > timezone.localdate(),
        "initiative": shown.initiative,
        "session": known_session(request.edition, session.pk) if session else None,
        "address": request.build_absolute_uri(reverse("initiative", args=[request.edition.slug, number])),
        "structured": initiative_data(shown, request) if shown.initiative.published_at else None,
    }
    return render(request, "programme/initiatives/initiative.html", page)


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
