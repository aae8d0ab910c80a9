"""Segments, templates, mailings and the outbox on the organiser's desk, and the page that stops letters."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from serai.expo.base.text import language_name
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required, renames
from serai.expo.fairs.mailing.domain import outbox as mails
from serai.expo.fairs.mailing.domain.outbox import OutboxError
from serai.expo.fairs.mailing.domain.segments import (
    mailings_visible_to,
    participations,
    reach,
    reaches,
    remove_segment,
    save_segment,
    segments_visible_to,
    templates_visible_to,
)
from serai.expo.fairs.mailing.domain.templates import PLACES, TemplateFaultError, read_token, save_template, write
from serai.expo.fairs.mailing.models import Mail, Mailing, MailTemplate, Segment
from serai.expo.fairs.mailing.pages.forms import MailingForm, SegmentForm, TemplateForm
from serai.expo.people.account.domain.consents import PURPOSES, withdraw
from serai.expo.people.account.models import Organisation, User

A_PAGE = 50


@organiser_required("GET", "POST")
@renames({Segment: lambda segment, user: save_segment(segment, user=user)})
def segments(request: OrganiserRequest) -> HttpResponse:
    """All segments with how many are in each now."""
    rows = segments_visible_to(request.user, request.edition)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    listed = list(zip(page, reaches(request.edition, [segment.filters for segment in page]), strict=True))
    return render(request, "fairs/mailing/segments.html", {"page": page, "listed": listed})


@organiser_required
@require_http_methods(["GET", "POST"])
def segment(request: OrganiserRequest, pk: int = 0) -> HttpResponse:
    """A new segment, or one that is there, with who is in it."""
    rows = segments_visible_to(request.user, request.edition)
    row = get_object_or_404(rows, pk=pk) if pk else Segment(edition=request.edition)
    if request.method == "POST" and "remove" in request.POST and pk:
        remove_segment(row, user=request.user)
        messages.success(request, _("The segment has been taken away."))
        return redirect("segments", request.edition.slug)
    form = SegmentForm(request.edition, request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        kept = form.save(commit=False)
        kept.filters = form.filters()
        save_segment(kept, user=request.user)
        messages.success(request, _("The segment is kept."))
        return redirect("segment", request.edition.slug, kept.pk)
    context = {
        "segment": row,
        "form": form,
        "reach": reach(request.edition, row.filters) if pk else None,
        "members": participations(request.edition, row.filters).select_related("firm")[:20] if pk else [],
    }
    return render(request, "fairs/mailing/segment.html", context, status=400 if form.errors else 200)


@organiser_required
@require_GET
def templates(request: OrganiserRequest) -> HttpResponse:
    """All templates with their languages."""
    rows = templates_visible_to(request.user, request.edition)
    listed = [(row, [language_name(code) for code in row.body]) for row in rows]
    return render(request, "fairs/mailing/templates.html", {"listed": listed})


@organiser_required
@require_http_methods(["GET", "POST"])
def template(request: OrganiserRequest, pk: int = 0) -> HttpResponse:
    """A new template, or one that is there, with a preview in each of its languages."""
    rows = templates_visible_to(request.user, request.edition)
    row = get_object_or_404(rows, pk=pk) if pk else MailTemplate(edition=request.edition)
    form = TemplateForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            kept = save_template(form.save(commit=False), user=request.user)
        except TemplateFaultError as error:
            form.add_error("key", str(error))
        else:
            messages.success(request, _("The template is kept."))
            return redirect("mail-template", request.edition.slug, kept.pk)
    previews = []
    if pk and request.method == "GET":
        sample = participations(request.edition, {"state": "confirmed"}).select_related("firm").first()
        previews = [
            (
                language_name(code),
                write(
                    request.edition,
                    row.subject,
                    row.body,
                    request.user,
                    sample,
                    language=code,
                    site=_site(request),
                    purpose=row.purpose,
                ),
            )
            for code in row.body
        ]
    context = {"template": row, "form": form, "places": PLACES.items(), "previews": previews}
    return render(request, "fairs/mailing/template.html", context, status=400 if form.errors else 200)


@organiser_required
@require_http_methods(["GET", "POST"])
def outbox(request: OrganiserRequest) -> HttpResponse:
    """Mailings with what became of them, and all mails by state; a POST writes the drafts of a new mailing."""
    form = MailingForm(request.user, request.edition, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.segments[form.cleaned_data["segment"]]
        letter = form.templates[form.cleaned_data["template"]]
        try:
            drafted = mails.draft(
                request.edition, letter, chosen.name, chosen.filters, _site(request), user=request.user
            )
        except OutboxError as error:
            form.add_error("segment", str(error))
        else:
            return redirect("mailing", request.edition.slug, drafted.pk)
    shown = mailings_visible_to(request.user, request.edition).select_related("template", "made_by")
    rows = mails.with_counts(shown).order_by("-made_at", "-pk")
    context = {
        "form": form,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "counts": _with_labels(mails.counts(mails.visible_to(request.user, request.edition))),
        "failed": mails.visible_to(request.user, request.edition)
        .filter(state=Mail.State.FAILED)
        .select_related("user")[:20],
        "console": "console" in str(settings.MAILERS["default"]["BACKEND"]),
    }
    return render(request, "fairs/mailing/outbox.html", context, status=400 if form.errors else 200)


@organiser_required
@require_http_methods(["GET", "POST"])
def mailing(request: OrganiserRequest, pk: int) -> HttpResponse:
    """A mailing: one letter in each language to look at, who gets it, and what became of it; released by a POST."""
    rows = mailings_visible_to(request.user, request.edition)
    row = get_object_or_404(rows.select_related("edition", "made_by"), pk=pk)
    if request.method == "POST":
        return _act(request, row)
    sent = Mail.objects.filter(mailing=row)
    samples: dict[str, Mail] = {}
    for code in sent.order_by().values_list("language", flat=True).distinct():
        if first := sent.filter(language=code).order_by("pk").first():
            samples[language_name(code)] = first
    context = {
        "mailing": row,
        "counts": _with_labels(mails.counts(sent)),
        "samples": samples.items(),
        "page": Paginator(sent.select_related("user").order_by("pk"), A_PAGE).get_page(request.GET.get("page")),
        "has_drafts": sent.filter(state=Mail.State.DRAFT).exists(),
        "has_failed": sent.filter(state=Mail.State.FAILED).exists(),
    }
    return render(request, "fairs/mailing/mailing.html", context)


def _act(request: OrganiserRequest, row: Mailing) -> HttpResponse:
    try:
        if "discard" in request.POST:
            mails.discard(row, user=request.user)
            messages.success(request, _("The drafts have been thrown away."))
            return redirect("outbox", request.edition.slug)
        count = (
            mails.retry(request.edition, row, user=request.user)
            if "retry" in request.POST
            else mails.release(row, user=request.user)
        )
        messages.success(request, ngettext("%d mail is on its way.", "%d mails are on their way.", count) % count)
    except OutboxError as error:
        messages.error(request, str(error))
    return redirect("mailing", request.edition.slug, row.pk)


@organiser_required
@require_POST
def retry_all(request: OrganiserRequest) -> HttpResponse:
    """Send again all that failed."""
    count = mails.retry(request.edition, user=request.user)
    messages.success(request, ngettext("%d mail is on its way.", "%d mails are on their way.", count) % count)
    return redirect("outbox", request.edition.slug)


@csrf_exempt  # a mail program posts here for its reader (RFC 8058), and the address is the key
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, secret: str) -> HttpResponse:
    """Stop letters of a purpose: the page asks, and a POST does it."""
    try:
        number, purpose, written_by = read_token(secret)
    except (BadSignature, ValueError, TypeError):
        raise Http404(_("This address stops nothing.")) from None
    reader = User.objects.filter(pk=number).first()
    if reader is None or purpose not in PURPOSES:
        raise Http404(_("This address stops nothing."))
    organisation = Organisation.objects.filter(pk=written_by).first() if written_by else None
    if request.method == "POST":
        withdraw(reader, purpose, organisation)
    context = {"purpose": PURPOSES[purpose], "organisation": organisation, "done": request.method == "POST"}
    return render(request, "fairs/mailing/unsubscribe.html", context)


def _with_labels(counted: Mapping[str, int]) -> list[tuple[str, object, int]]:
    return [(state, label, counted[state]) for state, label in Mail.State.choices if counted.get(state)]


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
