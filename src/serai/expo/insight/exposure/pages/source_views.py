"""A firm's sources: typed in, or by a small workbook with a preview."""

import io

from django.contrib import messages
from django.core.signing import BadSignature, dumps, loads
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.downloads import download
from serai.expo.base.rows import row_of
from serai.expo.base.submission import attempt, submitted
from serai.expo.insight.exposure.domain import source_table, sources
from serai.expo.insight.exposure.domain.sources import SourcesRefusedError
from serai.expo.insight.exposure.models import DeclaredInput
from serai.expo.insight.exposure.pages.forms import InputForm, TableForm
from serai.expo.insight.exposure.pages.guards import ExposureRequest, exposure_required

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_SECONDS = 3_600
"""How long a preview can be taken."""


@exposure_required("GET", "POST")
def source_list(request: ExposureRequest) -> HttpResponse:
    """What is declared, and a form to declare more."""
    chosen = request.GET.get("input", "")
    form = InputForm(request.participation, None, request.POST if request.method == "POST" else None, chosen=chosen)
    if submitted(request, form, lambda: _declare(request, form), SourcesRefusedError):
        messages.success(request, _("Kept. Only the owners and managers of your firm see it."))
        return redirect("own-exposure", request.edition.slug, request.participation.firm.identifier)
    return _page(request, form)


@exposure_required("GET", "POST")
def source(request: ExposureRequest, number: int) -> HttpResponse:
    """One input: change or forget what is declared of it."""
    row = _row(request, number)
    if request.method == "POST" and "remove" in request.POST:
        sources.withdraw(row, user=request.user)
        messages.success(request, _("It is forgotten."))
        return _to_list(request)
    form = InputForm(request.participation, row, request.POST if request.method == "POST" else None)
    if submitted(request, form, lambda: _declare(request, form), SourcesRefusedError):
        messages.success(request, _("Kept. Only the owners and managers of your firm see it."))
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
        messages.error(request, _("The preview is too old. Hand the table in again."))
        return _to_list(request)

    def keep() -> None:
        read = source_table.read(request.participation, io.BytesIO(content))
        rows = ((subject, said) for subject, _title, said in read.taken.values())
        sources.declare_all(request.participation, rows, user=request.user)

    attempt(request, keep, SourcesRefusedError, _("Kept. Only the owners and managers of your firm see it."))
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
    return row_of(sources.inputs_of(request.participation), number, _("There is no such input of yours."))


def _to_list(request: ExposureRequest) -> HttpResponse:
    return redirect("own-sources", request.edition.slug, request.participation.firm.identifier)
