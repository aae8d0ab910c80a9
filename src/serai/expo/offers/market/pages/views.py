"""Offers and needs at the desk of an exhibitor, their review by the organiser, and their files."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from serai.expo.base.files.models import Focus
from serai.expo.base.narrowed_files import narrowed_file, width_asked
from serai.expo.base.numbers import number_of
from serai.expo.base.rows import row_of
from serai.expo.base.submission import attempt, told_in, told_to
from serai.expo.base.text import WRITTEN, languages_to_add
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Phase
from serai.expo.fairs.edition.pages.guards import EditionRequest, OrganiserRequest, organiser_required
from serai.expo.offers.market.domain import sheets
from serai.expo.offers.market.domain.attachments import (
    Readers,
    add_certificate,
    add_file,
    keep_with_certificates,
    readers_of,
    remove_file,
    set_focus,
    verify_certificate,
)
from serai.expo.offers.market.domain.items import (
    ItemRefusedError,
    approve_item,
    keep_item,
    keep_items,
    kind_of,
    remove_item,
    renew,
    return_item,
    submit_for_review,
    waiting,
    withdraw_item,
)
from serai.expo.offers.market.models import MarketFile, MarketItem, Need, Offer, Review
from serai.expo.offers.market.pages.forms import (
    BriefForm,
    CertificateForm,
    FileForm,
    ItemForm,
    NeedForm,
    OfferForm,
    ReturnForm,
)
from serai.expo.participants.exhibitors.pages import DeskRequest, desk_required
from serai.expo.people.account.models import User

MOST_TOLD = 20
"""So many faults of a table are told at once."""

FORMS: Mapping[str, tuple[type[Offer] | type[Need], type[ItemForm], str, str]] = {
    "offer": (Offer, OfferForm, "desk-offers", Phase.Kind.PROFILE),
    "need": (Need, NeedForm, "desk-needs", Phase.Kind.NEEDS),
}
"""By kind of item: its model, its form, the page that lists it, and the phase in which it may be changed."""


@desk_required("expo.edit_market", "GET", "POST")
def item_list(request: DeskRequest, kind: str) -> HttpResponse:
    """The exhibitor's offers, or its needs, with where each stands; title and price of one are changed here."""
    model, _form, listed, phase = FORMS[kind]
    closed = closed_sentence(request.edition, phase)
    edited = None if closed else number_of(request.GET.get("edit"))
    form = None
    if edited is not None:
        item = _item(request, kind, edited)
        form = BriefForm(item, _languages(request, item), request.POST if request.method == "POST" else None)
        if form.is_valid():
            with told_in(form, ItemRefusedError):
                kept = keep_item(form.item(), user=request.user)
                messages.success(request, str(SAVED[kept.review]))
                return redirect(listed, request.edition.slug, request.participation.firm.identifier)
    page = {
        "kind": kind,
        "items": model.objects.filter(participation=request.participation).order_by("number", "pk"),
        "closed": closed,
        "form": form,
        "edits": request.get_full_path(),
    }
    return render(request, "offers/market/list.html", page, status=400 if form and form.errors else 200)


@desk_required("expo.edit_market", "GET", "POST")
def item_edit(request: DeskRequest, kind: str, number: int = 0) -> HttpResponse:
    """A new offer or need, or one to change; codes are suggested for its words."""
    model, form_class, listed, phase = FORMS[kind]
    new = model(edition=request.edition, participation=request.participation)
    item = _item(request, kind, number) if number else new
    closed = closed_sentence(request.edition, phase)
    asked = request.method == "POST" and "suggest" in request.POST
    languages = _languages(request, item)
    sent = request.POST if request.method == "POST" else None
    form = form_class(item, languages, sent, asked=request.GET.get("also", ""))
    valid = request.method == "POST" and form.is_valid()
    codes = form.suggested() if asked else None
    if valid and not asked and not closed:
        with told_in(form, ItemRefusedError):
            kept = keep_with_certificates(form.item(), form.cleaned_data.get("certifications", ()), user=request.user)
            return _handed_in(request, kept, listed)
    page = {
        "kind": kind,
        "form": form,
        "item": item if number else None,
        "codes": codes,
        "asked": asked,
        "closed": closed,
        "files": item.files.all() if number else [],
        "file_form": FileForm(languages) if number else None,
        "more_languages": languages_to_add(languages),
        "certificate_form": CertificateForm() if number and kind == "offer" else None,
    }
    return render(request, "offers/market/edit.html", page, status=400 if form.errors and not asked else 200)


@desk_required("expo.edit_market", "GET")
def item_table(request: DeskRequest, kind: str) -> HttpResponse:
    """The firm's offers or needs as a table, which can be changed and handed in again."""
    model, form_class, _page, _phase = FORMS[kind]
    items = list(model.objects.filter(participation=request.participation).order_by("number", "pk"))
    for item in items:
        item.participation = request.participation
    blank = model(edition=request.edition, participation=request.participation)
    languages = list(dict.fromkeys(code for item in [blank, *items] for code in _languages(request, item)))
    rows = [sheets.cells_of(form_class(item, languages), item.number) for item in items]
    return HttpResponse(
        sheets.table(sheets.columns_of(form_class(blank, languages)), rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{kind}s.csv"', "Cache-Control": "private, no-store"},
    )


@desk_required("expo.edit_market", "POST")
def item_table_in(request: DeskRequest, kind: str) -> HttpResponse:
    """A table of offers or needs, all of which are kept, or none where a row is wrong."""
    model, form_class, listed, _phase = FORMS[kind]
    back = redirect(listed, request.edition.slug, request.participation.firm.identifier)
    if _is_closed(request, kind):
        return back
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        messages.error(request, _("Choose a file."))
        return back
    by_number = {item.number: item for item in model.objects.filter(participation=request.participation)}
    blank = model(edition=request.edition, participation=request.participation)
    try:
        lines = sheets.lines_of(file, form_class(blank, _readable(request, by_number.values())))
    except sheets.SheetRefusedError as refusal:
        messages.error(request, str(refusal))
        return back
    ready, wrong = _read(lines, FORMS[kind], by_number, request)
    if wrong:
        for sentence in wrong[:MOST_TOLD]:
            messages.error(request, sentence)
        messages.error(request, _("Nothing was changed."))
        return back
    try:
        keep_items(ready, user=request.user)
    except ItemRefusedError as refusal:
        messages.error(request, f"{refusal} {_('Nothing was changed.')}")
        return back
    messages.success(request, _("%d are kept. New ones are drafts until you hand them in.") % len(ready))
    return back


def _read(
    lines: list[sheets.Line],
    of_kind: tuple[type[Offer] | type[Need], type[ItemForm], str, str],
    by_number: Mapping[int, MarketItem],
    request: DeskRequest,
) -> tuple[list[MarketItem], list[str]]:
    """The items that the rows make, not yet written, and what is wrong with rows."""
    new, form_class, _listed, _phase = of_kind
    wrong: list[str] = []
    ready: list[MarketItem] = []
    for line in lines:
        item = by_number.get(line.number) if line.number else new(edition=request.edition)
        if item is None:
            wrong.append(_("Row %(row)d: you have none with the number %(number)d.") % vars(line))
            continue
        item.participation = request.participation
        line.values.setlistdefault("musts", item.musts)  # a table of before there was this column
        columns = {name.rpartition("_")[2] for name in line.values}
        form = form_class(item, [code for code in _readable(request, [item]) if code in columns], line.values)
        if form.is_valid():
            ready.append(form.item())
        wrong += [
            _("Row %(row)d, %(column)s: %(fault)s")
            % {"row": line.row, "column": name, "fault": " ".join(map(str, faults))}
            for name, faults in form.errors.items()
        ]
    return ready, wrong


SAVED: Mapping[str, Promise] = {
    Review.DRAFT: gettext_lazy("It is saved as a draft that only your firm sees. Hand it in to have it on the market."),
    Review.SUBMITTED: gettext_lazy("It is saved. It is on the market once the organiser has read it."),
    Review.RETURNED: gettext_lazy("It is saved. Hand it in again to have it on the market."),
    Review.PUBLISHED: gettext_lazy("It is saved, and on the market as you changed it."),
    Review.EXPIRED: gettext_lazy("It is saved. Renew it to have it on the market again."),
}
"""What saving means, by where the item stands."""


def _hand_in(request: DeskRequest, item: MarketItem) -> None:
    """Hand it in, and say what follows."""
    with told_to(request, ItemRefusedError):
        submit_for_review(item, user=request.user)
        is_shown = item.review == Review.PUBLISHED
        waits = _("It is with the organiser, and on the market once it has been read.")
        messages.success(request, _("It is on the market now.") if is_shown else waits)


def _handed_in(request: DeskRequest, kept: MarketItem, listed: str) -> HttpResponse:
    if "submit" in request.POST and kept.review != Review.PUBLISHED:
        _hand_in(request, kept)
    else:
        messages.success(request, str(SAVED[kept.review]))
    return redirect(listed, request.edition.slug, request.participation.firm.identifier)


def _languages(request: DeskRequest, item: MarketItem) -> list[str]:
    firm = request.participation.firm
    second = "zh-hans" if firm.language == "en" else "en"
    also = [asked] if (asked := request.GET.get("also", "")) in WRITTEN else []
    return list(dict.fromkeys([firm.language, second, *firm.name, *item.title, *item.summary, *item.text, *also]))


def _readable(request: DeskRequest, items: Iterable[MarketItem]) -> list[str]:
    """The languages of which a table may have columns."""
    return list(dict.fromkeys([*WRITTEN, *(code for item in items for code in _languages(request, item))]))


def _item(request: DeskRequest, kind: str, number: int) -> Offer | Need:
    rows: QuerySet[Offer | Need] = FORMS[kind][0].objects.filter(participation=request.participation)
    item = row_of(rows, number, _("There is nothing of yours at this address."))
    item.participation = request.participation
    return item


def _is_closed(request: DeskRequest, kind: str) -> bool:
    """Whether offers, or needs, cannot be changed now; it is said when."""
    closed = closed_sentence(request.edition, FORMS[kind][3])
    if closed:
        messages.error(request, closed)
    return bool(closed)


def _try(request: DeskRequest | OrganiserRequest, done: str, act: Callable[..., object], *arguments: object) -> None:
    """Do it and say so, or say why not."""
    attempt(request, lambda: act(*arguments, user=request.user), ItemRefusedError, done)


@require_POST
@desk_required("expo.edit_market")
def item_act(request: DeskRequest, kind: str, number: int, act: str) -> HttpResponse:
    """Hand in, renew, take back or remove an offer or a need by one click."""
    _model, _form, listed, _phase = FORMS[kind]
    item = _item(request, kind, number)
    if _is_closed(request, kind):
        pass
    elif act == "submit":
        _hand_in(request, item)
    elif act == "renew":
        _try(request, _("It is renewed."), renew, item)
    elif act == "withdraw":
        _try(request, _("It is a draft again, and on no page."), withdraw_item, item)
    else:
        _try(request, _("It is removed."), remove_item, item)
    return redirect(listed, request.edition.slug, request.participation.firm.identifier)


@require_POST
@desk_required("expo.edit_market")
def file_add(request: DeskRequest, kind: str, number: int) -> HttpResponse:
    item = _item(request, kind, number)
    form = FileForm(_languages(request, item), request.POST, request.FILES)

    def add(values: dict[str, Any], *, user: User) -> None:
        add_file(item, user=user, **values | {"focus": values["focus"] or Focus.CENTRE})

    return _added(request, kind, number, form, _("The file is added."), add)


def _added(
    request: DeskRequest, kind: str, number: int, form: Form, done: str, add: Callable[..., object]
) -> HttpResponse:
    """Add what the form holds to an offer or a need, or say what is wrong with it, and go back to the item."""
    if _is_closed(request, kind):
        pass
    elif form.is_valid():
        _try(request, done, add, form.cleaned_data)
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    return redirect(f"desk-{kind}-edit", request.edition.slug, request.participation.firm.identifier, number)


@require_POST
@desk_required("expo.edit_market")
def certificate_add(request: DeskRequest, number: int) -> HttpResponse:
    """A certificate of the firm that an offer carries, with its file."""
    form = CertificateForm(request.POST, request.FILES)
    offer = _item(request, "offer", number)
    assert isinstance(offer, Offer)
    add = partial(add_certificate, offer)
    return _added(request, "offer", number, form, _("The certificate is added."), add)


@require_POST
@desk_required("expo.edit_market")
def file_remove(request: DeskRequest, number: int) -> HttpResponse:
    return _changed_file(request, number, remove_file)


@require_POST
@desk_required("expo.edit_market")
def file_focus(request: DeskRequest, number: int) -> HttpResponse:
    """What of a picture must stay in sight where it is cut."""
    return _changed_file(request, number, partial(set_focus, focus=request.POST.get("focus", "")))


def _changed_file(request: DeskRequest, number: int, change: Callable[..., None]) -> HttpResponse:
    """Change a file of the exhibitor's own, and go back to what it belongs to."""
    own = MarketFile.objects.filter(pk=number).select_related("offer", "need", "edition")
    file = next((file for file in own if (file.offer or file.need).participation_id == request.participation.pk), None)  # type: ignore[union-attr]
    if file is None:
        raise Http404(_("There is nothing of yours at this address."))
    kind, item = ("offer", file.offer_id) if file.offer_id else ("need", file.need_id)
    if not _is_closed(request, kind):
        change(file, user=request.user)
        messages.success(request, _("The changes are kept."))
    return redirect(f"desk-{kind}-edit", request.edition.slug, request.participation.firm.identifier, item)


def market_file(request: EditionRequest, number: int) -> HttpResponseBase:
    """A picture or a document: for everyone where its item is, else for its firm and the organiser."""
    file = MarketFile.objects.filter(edition=request.edition, pk=number).select_related("offer", "need").first()
    readers = readers_of(file, request.user) if file else Readers.NOBODY
    if file is None or readers == Readers.NOBODY:
        raise Http404(_("There is no such file."))
    picture = file.kind == MarketFile.Kind.PICTURE
    name = Path(file.file.name or "").name
    path = Path(file.file.path)
    if picture:
        path = narrowed_file(path, width_asked(request.GET.get("width", "")))
    answer = FileResponse(path.open("rb"), as_attachment=not picture, filename=name, content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "public, max-age=3600" if readers == Readers.ALL else "private, no-store"
    return answer


# The organiser's review


@organiser_required
def review(request: OrganiserRequest) -> HttpResponse:
    """All that waits for review, each with all that it says."""
    items = waiting(request.edition)
    return render(
        request, "offers/market/review.html", {"items": [(item, kind_of(item)) for item in items], "form": ReturnForm()}
    )


@require_POST
@organiser_required
def decide(request: OrganiserRequest, kind: str, number: int) -> HttpResponse:
    """Approve an offer or a need, or return it with a reason."""
    rows: QuerySet[Offer | Need] = FORMS[kind][0].objects.filter(edition=request.edition)
    item = row_of(rows, number, _("There is no such offer or need."))
    certificate = number_of(request.POST.get("verify"))
    if certificate is not None and isinstance(item, Offer):
        how = request.POST.get("how", "")
        _try(request, _("It is marked as verified."), verify_certificate, item, certificate, how)
    elif "approve" in request.POST:
        _try(request, _("It is published."), approve_item, item)
    else:
        _try(request, _("It is returned."), return_item, item, request.POST.get("reason", "")[:1_000])
    return redirect("market-review", request.edition.slug)
