"""A firm's exposure on the screen and on paper, and its sources: typed in, or by a small workbook with a preview.

Its owners and managers see them, and nobody else.
"""

import io
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, dumps, loads
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.datasets import FORMATS
from serai.expo.base.exporters import PDF, download
from serai.expo.base.field_form import country_choices
from serai.expo.base.forms import LongSelect
from serai.expo.base.numbers import plain_number
from serai.expo.base.rows import row_of
from serai.expo.base.submission import attempt, submitted
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import Guard, UserRequest
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.insight.exposure.domain import source_table, sources
from serai.expo.insight.exposure.domain.documents import EXPOSURE, content_of, numbers_of, paper_of
from serai.expo.insight.exposure.domain.presentation import page_of
from serai.expo.insight.exposure.domain.results import exposure_of
from serai.expo.insight.exposure.domain.sources import (
    MOST_SOURCES,
    Said,
    Source,
    SourcesRefusedError,
    Subject,
    key_of,
    subjects_of,
)
from serai.expo.insight.exposure.models import DeclaredInput
from serai.expo.offers.market.domain.specification import UNITS
from serai.expo.participants.participation.pages.guards import CHOSEN


class ExposureRequest(UserRequest):
    """A request by someone who keeps the sources of a participant. For types only."""

    participation: Participation


def exposure_required(*methods: str) -> Guard[ExposureRequest]:
    """Finds the participation of the firm ``identifier`` in the address and lets in who keeps its sources."""

    def admit(request: Any, address: dict[str, Any]) -> None:
        identifier = str(address.pop("identifier"))
        rows = Participation.objects.filter(edition=request.edition, firm__identifier=leading(identifier))
        row = rows.exclude(state__in=Participation.OVER).select_related("firm", "edition").order_by("pk").first()
        if row is None:
            raise Http404(gettext("No participant of this fair has this identifier."))
        if not request.user.has_perm("expo.use_sources", row):
            raise PermissionDenied
        request.participation = row
        request.session[CHOSEN] = row.firm.identifier

    return Guard[ExposureRequest](admit, *methods)


@exposure_required("GET")
def exposure(request: ExposureRequest) -> HttpResponse:
    """The stored exposure, or that it is being computed; with ``?paper`` the paper too."""
    result = exposure_of(request.participation)
    page = {
        "result": result,
        "paper": paper_of(request.participation) if "paper" in request.GET and result.data else None,
        "page": page_of(request.participation, result),
    }
    return render(request, "insight/exposure/exposure.html", page)


@exposure_required("GET", "POST")
def paper(request: ExposureRequest) -> HttpResponse:
    """The paper for the firm's board. A POST asks for it; a GET gives it, or leads back where it is not set yet."""
    setting = paper_of(request.participation)
    if request.method == "GET" and setting.is_current and setting.data:
        return download(content_of(setting), "exposure.pdf", PDF)
    return redirect(f"{_own_page(request)}?paper")


@exposure_required("GET")
def exposure_file(request: ExposureRequest, ending: str) -> HttpResponse:
    """The stored exposure as CSV, JSON or a data package. Leads to its page where nothing is stored yet."""
    if ending not in FORMATS:
        raise Http404(gettext("There are no such data."))
    result = exposure_of(request.participation)
    if result.data is None:
        return redirect(_own_page(request))
    media, make = FORMATS[ending]
    return download(make(EXPOSURE, numbers_of(request.participation, result)), f"exposure.{ending}", media)


def _own_page(request: ExposureRequest) -> str:
    return reverse("own-exposure", args=[request.edition.slug, request.participation.firm.identifier])


BLANK_ROWS = 3
"""Empty rows for sources below those that are filled."""


class SourceForm(forms.Form):
    """A source: its country, a firm where it is named, a share where it is known."""

    country = forms.ChoiceField(label=_("Country or region"), required=False, widget=LongSelect)
    firm = forms.CharField(label=_("Firm"), required=False, max_length=200)
    share = forms.DecimalField(
        label=_("Share in per cent"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )

    def __init__(self, *args: Any, countries: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = countries

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("country") and (values.get("firm") or values.get("share")):
            self.add_error("country", _("Choose the country of this source."))
        return values

    def source(self) -> Source | None:
        """The source that the row says, None for an empty row."""
        values = self.cleaned_data
        return Source(values["country"], values["firm"], values["share"]) if values["country"] else None


class InputForm(forms.Form):
    """What is bought, how long the stock lasts, and what is bought in a year; with its rows of sources."""

    input = forms.ChoiceField(label=_("What you buy"))
    stock_weeks = forms.DecimalField(
        label=_("Stock in weeks"),
        help_text=_("How many weeks of normal use you keep in stock."),
        required=False,
        min_value=0,
        max_digits=5,
        decimal_places=1,
    )
    volume = forms.DecimalField(
        label=_("What you buy in a year"), required=False, min_value=0, max_digits=16, decimal_places=2
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, required=False)

    def __init__(
        self, participation: Participation, row: DeclaredInput | None = None, data: Any = None, *, chosen: str = ""
    ) -> None:
        self.subjects = subjects_of(participation)
        subject = (row.node or row.need) if row else None
        initial: dict[str, Any] = {"input": key_of(subject) if subject else chosen}
        if row:
            initial |= {"stock_weeks": row.stock_weeks, "volume": plain_number(row.volume), "unit": row.unit}
        super().__init__(data, initial=initial)
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, (_subject, group, title) in self.subjects.items():
            groups.setdefault(group, []).append((key, title))
        field = self.fields["input"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *groups.items()]
        if row:
            field.disabled = True
        countries = country_choices()
        present = list(row.sources.all()) if row else []
        blank = max(0, min(BLANK_ROWS, MOST_SOURCES - len(present)))
        known = [{"country": s.country, "firm": s.firm, "share": plain_number(s.share)} for s in present]
        self.sources = [
            SourceForm(data, prefix=f"source-{number}", initial=initial_, countries=countries)
            for number, initial_ in enumerate([*known, *[{}] * blank])
        ]

    def is_valid(self) -> bool:
        """Whether the input and all of its rows are."""
        return all([super().is_valid(), *(form.is_valid() for form in self.sources)])

    def subject(self) -> Subject:
        """What is bought."""
        return self.subjects[self.cleaned_data["input"]][0]

    def said(self) -> Said:
        """What the form says of it."""
        sources = tuple(source for form in self.sources if (source := form.source()) is not None)
        values = self.cleaned_data
        return Said(sources, values["stock_weeks"], values["volume"], values["unit"])


class TableForm(forms.Form):
    """A workbook of sources."""

    file = forms.FileField(label=_("Your table"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}))


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_SECONDS = 3_600
"""How long a preview can be taken."""


@exposure_required("GET", "POST")
def source_list(request: ExposureRequest) -> HttpResponse:
    """What is declared, and a form to declare more."""
    chosen = request.GET.get("input", "")
    form = InputForm(request.participation, None, request.POST if request.method == "POST" else None, chosen=chosen)
    if submitted(request, form, lambda: _declare(request, form), SourcesRefusedError):
        messages.success(request, gettext("Kept. Only the owners and managers of your firm see it."))
        return redirect("own-exposure", request.edition.slug, request.participation.firm.identifier)
    return _page(request, form)


@exposure_required("GET", "POST")
def source(request: ExposureRequest, number: int) -> HttpResponse:
    """One input: change or forget what is declared of it."""
    row = _row(request, number)
    if request.method == "POST" and "remove" in request.POST:
        sources.withdraw(row, user=request.user)
        messages.success(request, gettext("It is forgotten."))
        return _to_list(request)
    form = InputForm(request.participation, row, request.POST if request.method == "POST" else None)
    if submitted(request, form, lambda: _declare(request, form), SourcesRefusedError):
        messages.success(request, gettext("Kept. Only the owners and managers of your firm see it."))
        return redirect("own-exposure", request.edition.slug, request.participation.firm.identifier)
    page = {"form": form, "input": row, "title": sources.title_of(row)}
    return render(request, "insight/exposure/source.html", page, status=400 if form.is_bound else 200)


@exposure_required("GET")
def source_template(request: ExposureRequest) -> HttpResponse:
    """All that is declared as a workbook, with rows to be filled."""
    return download(source_table.template(request.participation), "sources.xlsx", XLSX)


@exposure_required("POST")
def source_upload(request: ExposureRequest) -> HttpResponse:
    """A preview of what a workbook says, with the reason for each row that is not taken; then it is kept."""
    if "content" in request.POST:
        return _take(request)
    form = TableForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["file"].read(source_table.MOST_BYTES + 1)
        try:
            read = source_table.read(request.participation, io.BytesIO(content))
        except SourcesRefusedError as refusal:
            form.add_error("file", str(refusal))
        else:
            kept = dumps(content.hex(), salt=_salt(request), compress=True) if read.taken else ""
            return render(request, "insight/exposure/preview.html", {"read": read, "content": kept})
    return _page(request, InputForm(request.participation), form)


def _take(request: ExposureRequest) -> HttpResponse:
    try:
        content = bytes.fromhex(loads(request.POST["content"], salt=_salt(request), max_age=KEPT_SECONDS))
    except BadSignature:
        messages.error(request, gettext("The preview is too old. Hand the table in again."))
        return _to_list(request)

    def keep() -> None:
        read = source_table.read(request.participation, io.BytesIO(content))
        rows = ((subject, said) for subject, _title, said in read.taken.values())
        sources.declare_all(request.participation, rows, user=request.user)

    attempt(request, keep, SourcesRefusedError, gettext("Kept. Only the owners and managers of your firm see it."))
    return _to_list(request)


def _salt(request: ExposureRequest) -> str:
    return f"sources-{request.participation.pk}"


def _declare(request: ExposureRequest, form: InputForm) -> None:
    sources.declare(request.participation, form.subject(), form.said(), user=request.user)


def _page(request: ExposureRequest, form: InputForm, table: TableForm | None = None) -> HttpResponse:
    rows = [(row, sources.title_of(row)) for row in sources.inputs_of(request.participation)]
    page = {"form": form, "table": table or TableForm(), "rows": rows}
    wrong = form.is_bound or (table is not None and table.errors)
    return render(request, "insight/exposure/sources.html", page, status=400 if wrong else 200)


def _row(request: ExposureRequest, number: int) -> DeclaredInput:
    return row_of(sources.inputs_of(request.participation), number, gettext("There is no such input of yours."))


def _to_list(request: ExposureRequest) -> HttpResponse:
    return redirect("own-sources", request.edition.slug, request.participation.firm.identifier)


urlpatterns = [
    path("desk/<slug:identifier>/exposure/", exposure, name="own-exposure"),
    path("desk/<slug:identifier>/exposure/paper/", paper, name="own-exposure-paper"),
    path("desk/<slug:identifier>/exposure/data.<slug:ending>", exposure_file, name="own-exposure-file"),
    path("desk/<slug:identifier>/sources/", source_list, name="own-sources"),
    path("desk/<slug:identifier>/sources/table/", source_template, name="own-sources-table"),
    path("desk/<slug:identifier>/sources/upload/", source_upload, name="own-sources-upload"),
    path("desk/<slug:identifier>/sources/<int:number>/", source, name="own-source"),
]
