"""The pages of a firm's record: overview, a group of fields, a list of rows, one row."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.files.models import Audience
from serai.expo.base.submission import told_to
from serai.expo.base.text import languages_to_add
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Phase
from serai.expo.firms.record.domain import record_pages as record
from serai.expo.firms.record.domain.fields import FIRM, Row
from serai.expo.firms.record.domain.firm_page import Source, row_in_words, sources_of
from serai.expo.firms.record.domain.profile import ProfileError
from serai.expo.firms.record.domain.visibility import USUAL, audience_of, hidden_from, may_read, reads_as
from serai.expo.firms.record.models import Certification, Firm
from serai.expo.firms.record.pages import Page, RecordForm
from serai.expo.participants.exhibitors.pages import DeskRequest, desk_required
from serai.expo.site.exhibitor_desk.domain import completeness
from serai.expo.site.exhibitor_desk.pages import forms

PROFILE = "profile"
"""The first group, which has a page of its own."""


@desk_required("expo.edit_desk")
def overview(request: DeskRequest) -> HttpResponse:
    """The pages of the record, and which of them are empty."""
    firm = request.participation.firm
    reader = reads_as(request.user, firm)
    lacking = record.lacks(firm)
    groups = [
        (group, group.slug in lacking, not group.section or may_read(firm, group.section, reader))
        for group in record.GROUPS.values()
        if group.slug != PROFILE
    ]
    page = {"groups": groups, "completeness": completeness(request.participation)}
    return render(request, "site/exhibitor_desk/record.html", page)


@desk_required("expo.edit_desk", "GET", "POST")
def profile(request: DeskRequest) -> HttpResponse:
    """The firm's texts in two or more languages, and what is missing."""
    return _fields(request, record.GROUPS[PROFILE])


@desk_required("expo.edit_desk", "GET", "POST")
def group(request: DeskRequest, group: str) -> HttpResponse:
    record_group = _group(group)
    return _fields(request, record_group) if record_group.model is None else _rows(request, record_group)


@desk_required("expo.edit_desk", "GET", "POST")
def row(request: DeskRequest, group: str, number: int) -> HttpResponse:
    """A row of a list, to change or to remove."""
    record_group = _group(group)
    page = _page(request)
    _must_read(page, record_group)
    stored = _held(record_group, page).filter(pk=number).first()
    if stored is None:
        raise Http404(_("The firm has no such entry."))
    closed = closed_sentence(request.edition, Phase.Kind.PROFILE)
    sent = request.method == "POST" and not closed
    if sent and "remove" in request.POST:
        record.remove_row(stored, user=request.user, edition=request.edition)
        messages.success(request, _("It is removed."))
        return _back(request, record_group)
    form = RecordForm(record_group, page, stored, request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid() and _kept(request, form, stored):
        return _back(request, record_group)
    shown = {"group": record_group, "form": form, "row": stored, "closed": closed, "parts": _parts(form, {})}
    return render(request, "site/exhibitor_desk/record_fields.html", shown, status=400 if form.errors else 200)


def _fields(request: DeskRequest, group: record.Group) -> HttpResponse:
    page = _page(request)
    closed = closed_sentence(request.edition, Phase.Kind.PROFILE)
    sent = request.method == "POST" and not closed
    reader = reads_as(request.user, page.firm)
    hidden = hidden_from(page.firm, reader)
    readers = group.keys if reader == Audience.FIRM else ()
    form = RecordForm(group, page, page.firm, request.POST if sent else None, hidden=hidden, readers=readers)
    if sent and form.is_valid():
        try:
            changed = record.keep_fields(
                page.firm, form.values(), form.audiences(), user=request.user, edition=request.edition
            )
        except ProfileError as fault:
            form.add_fault(fault.field, str(fault))
        else:
            messages.success(request, _("The profile is saved.") if changed else _("Nothing was changed."))
            return _back(request, group)
    shown = {
        "group": group,
        "form": form,
        "closed": closed,
        "parts": _parts(form, sources_of(page.firm)),
        "hidden": sum(field.name in hidden for field in group.fields),
        "completeness": completeness(request.participation),
        "more_languages": _more(group, page),
    }
    return render(request, "site/exhibitor_desk/record_fields.html", shown, status=400 if form.errors else 200)


def _rows(request: DeskRequest, group: record.Group) -> HttpResponse:
    page = _page(request)
    _must_read(page, group)
    closed = closed_sentence(request.edition, Phase.Kind.PROFILE)
    sent = request.method == "POST" and not closed
    reader = reads_as(request.user, page.firm)
    assert group.model is not None
    if sent and "readers" in request.POST and reader == Audience.FIRM:
        chosen = {key: request.POST[key] for key in group.keys if key in request.POST}
        with told_to(request, ProfileError):
            record.choose_readers(page.firm, chosen, user=request.user, edition=request.edition)
            messages.success(request, _("It is kept who sees this."))
        return _back(request, group)
    new = group.model(firm=page.firm)
    form = RecordForm(group, page, new, request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid() and _kept(request, form, new):
        return _back(request, group)
    files = may_read(page.firm, "certificate_files", reader)
    shown = {
        "group": group,
        "form": form,
        "closed": closed,
        "parts": _parts(form, {}),
        "rows": [(row, row_in_words(group, row, files=files)) for row in _held(group, page)],
        "source": sources_of(page.firm).get(group.section),
        "readers": [
            (key, FIRM[key].words, chosen, Audience(chosen).label)
            for key, chosen in ((key, audience_of(page.firm, key)) for key in group.keys)
        ],
        "may_choose": reader == Audience.FIRM,
        "audiences": Audience.choices,
        "more_languages": _more(group, page),
    }
    return render(request, "site/exhibitor_desk/record_rows.html", shown, status=400 if form.errors else 200)


def _held(group: record.Group, page: Page) -> QuerySet[Any]:
    """The rows of a list of the firm. Raises Http404 for a group of fields."""
    if group.model is None:
        raise Http404(_("The firm has no such entry."))
    related = ("firm", "file") if group.model is Certification else ("firm",)
    return group.model._base_manager.filter(firm=page.firm).select_related(*related)


def _kept(request: DeskRequest, form: RecordForm, row: Row) -> bool:
    """Save the row. Returns False if it is refused; the form then shows the reason."""
    try:
        record.keep_row(
            form.group,
            row,
            form.values(),
            user=request.user,
            edition=request.edition,
            upload=form.cleaned_data.get("file"),
        )
    except ProfileError as fault:
        form.add_fault(fault.field, str(fault))
        return False
    messages.success(request, _("Saved."))
    return True


def _parts(form: RecordForm, sources: dict[str, Source]) -> list[dict[str, Any]]:
    """The fields of a form, each with its readers and its source."""
    chosen = bool(form.readers)
    return [
        {
            "field": field,
            "readers": readers,
            "everyone": chosen and key not in USUAL,
            "audience": readers and dict(Audience.choices)[readers.initial],
            "source": sources.get(field.name),
        }
        for field, key, readers in form.parts()
    ]


def _more(group: record.Group, page: Page) -> list[tuple[str, str]]:
    """The languages that can be added to the page."""
    has_texts = any(field.kind == "texts" for field in group.fields)
    return languages_to_add(page.languages) if has_texts else []


def _group(slug: str) -> record.Group:
    group = record.GROUPS.get(slug)
    if group is None or slug == PROFILE:
        raise Http404(_("The record has no such page."))
    return group


def _page(request: DeskRequest) -> Page:
    firm = Firm.objects.select_related("parent").get(pk=request.participation.firm_id)
    asked = request.GET.get("also", "")
    return Page(firm, request.user, request.edition, forms.languages_shown(firm, asked), asked)


def _must_read(page: Page, group: record.Group) -> None:
    """Raise PermissionDenied for a list that the firm hides from the reader."""
    if group.section and not may_read(page.firm, group.section, reads_as(page.user, page.firm)):
        raise PermissionDenied


def _back(request: DeskRequest, group: record.Group) -> HttpResponse:
    identifier = request.participation.firm.identifier
    if group.slug == PROFILE:
        return redirect("desk-profile", request.edition.slug, identifier)
    return redirect("desk-record-group", request.edition.slug, identifier, group.slug)
