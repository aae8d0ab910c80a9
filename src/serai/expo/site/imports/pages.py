"""The import in the browser: upload, preview, correct, choose, apply, take back. Works without JavaScript."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import attempt
from serai.expo.base.text import in_language, language_name
from serai.expo.base.workbooks.domain.grid import MOST_BYTES, MOST_ROWS, letters
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.jobs.pages import follow
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain import columns, jobs
from serai.expo.site.imports.domain.custody import BEGUN, ImportStateError, is_interrupted
from serai.expo.site.imports.domain.fields import LANGUAGES, fields
from serai.expo.site.imports.domain.identity import LEFT_OUT, NEW
from serai.expo.site.imports.domain.import_report import NOTED, in_state, reports, show
from serai.expo.site.imports.domain.subject import OWN, Subject
from serai.expo.site.imports.domain.subjects import SUBJECTS, importable, why_not
from serai.expo.site.imports.domain.template import template
from serai.expo.site.imports.models import Import, ImportRow


class UploadForm(forms.Form):
    """A file and, where the list is not on the first sheet with firms, its sheet."""

    file = forms.FileField(
        label=_("Workbook"),
        allow_empty_file=True,  # reading it gives the better message
        help_text=_(
            "A list as .xlsx or .csv, with the titles of the columns above; of a programme also schedule.json or .ics."
        ),
        error_messages={"required": _("Choose a file."), "missing": _("Choose a file.")},
    )
    subject = forms.ChoiceField(label=_("What the list is about"), required=False)
    sheet = forms.CharField(
        label=_("Sheet"), required=False, help_text=_("Only where the workbook has several; by default the first list.")
    )

    def __init__(self, *given: Any, subjects: Iterable[Subject]) -> None:
        """A form for lists of these kinds."""
        super().__init__(*given)
        field = self.fields["subject"]
        assert isinstance(field, forms.ChoiceField)
        kinds = [(subject.key, subject.title) for subject in subjects]
        field.choices = [("", _("As the titles of its columns say")), *kinds]


class MappingForm(forms.Form):
    """For each column of an import the field that it fills."""

    def __init__(self, import_: Import, data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.import_ = import_
        choices = _field_choices(SUBJECTS[import_.subject])
        for column, title in enumerate(import_.header):
            self.fields[f"column-{column}"] = forms.ChoiceField(
                label=f"{letters(column)} {title}".strip(),
                choices=choices,
                required=False,
                initial=import_.mapping.get(str(column), ""),
            )

    def mapped(self) -> dict[int, str]:
        """The mapping that was chosen."""
        return {
            column: name
            for column in range(len(self.import_.header))
            if (name := self.cleaned_data.get(f"column-{column}", ""))
        }


def _field_choices(subject: Subject) -> list[tuple[str, object]]:
    """The fields by title, those kept per language as a group with the languages."""
    choices: list[tuple[str, object]] = [("", _("– not imported –"))]
    if subject.keeps_own:
        choices.append((OWN, _("– a field of your own –")))
    for field in subject.columns().values():
        title = in_language(field.title).text
        if field.localized:
            languages = [(f"{field.key}:{language}", f"{title}: {language_name(language)}") for language in LANGUAGES]
            choices.append((title, [(field.key, title), *languages]))
        else:
            choices.append((field.key, title))
    return choices


ROWS_A_PAGE = 50
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TABS = ("possible", "rejected", "new", "matched", "unchanged", NOTED)  # first those that need a person


@organiser_required
@require_GET
def import_list(request: OrganiserRequest) -> HttpResponse:
    """All imports of the fair, the latest first."""
    imports = Import.objects.filter(edition=request.edition).select_related("made_by")
    page = Paginator(imports, ROWS_A_PAGE).get_page(request.GET.get("page"))
    counts = domain.counts_of(page)
    listed = [(import_, counts[import_.pk], sum(counts[import_.pk].values())) for import_ in page]
    return render(
        request,
        "site/imports/list.html",
        {"page": page, "listed": listed, "importable": importable(request.user, request.edition)},
    )


@organiser_required
@require_http_methods(["GET", "POST"])
def upload(request: OrganiserRequest) -> HttpResponse:
    """Send a file, which is read by a job; one that is refused leads back here, and nothing has changed."""
    subjects = importable(request.user, request.edition)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, subjects=subjects)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("sheet", "subject")}
        file = form.cleaned_data["file"]
        return follow(jobs.start_preview(request.edition, file, user=request.user, page=request.path, **given))
    context = {
        "form": form,
        "most_rows": MOST_ROWS,
        "most_megabytes": MOST_BYTES // 1_000_000,
        "subjects": subjects,
        "templates": settings.LANGUAGES,
    }
    return render(request, "site/imports/upload.html", context, status=400 if form.errors else 200)


@organiser_required
@require_http_methods(["GET", "POST"])
def detail(request: OrganiserRequest, pk: int) -> HttpResponse:
    """An import with its rows by state; a POST keeps the choices for rows held back."""
    import_ = _get(request, pk)
    if request.method == "POST":
        _require_right(request, import_)
        return _choose(request, import_)
    rows = ImportRow.objects.filter(batch=import_).select_related("firm", "participation").order_by("number")
    counts = domain.counts(import_) | {NOTED: in_state(rows, NOTED).count()}
    tab = request.GET.get("state", "")
    if tab not in _TABS:
        tab = next((tab for tab in _TABS if counts[tab]), "new")
    page = Paginator(in_state(rows, tab), ROWS_A_PAGE).get_page(request.GET.get("page"))
    labels = {**dict(ImportRow.State.choices), NOTED: gettext_lazy("With a note")}
    context = {
        "import": import_,
        "subject": domain.subject_of(import_),
        "counts": [(state, labels[state], counts[state]) for state in _TABS],
        "total": sum(counts[state] for state in ImportRow.State.values),
        "changes": counts["new"] + counts["matched"],
        "held_back": counts["possible"],
        "decided": _decided(rows),
        "tab": tab,
        "page": page,
        "rows": show(import_, page),
        "form": MappingForm(import_),
        "columns": list(reports(import_)),
        "begun": import_.state in BEGUN,
        "interrupted": is_interrupted(import_),
        "trouble": domain.subject_of(import_).problem(domain.field_by_column(import_)),
        "kind": domain.kind_told(import_),
        "without_kind": domain.is_without_kind(import_),
        "without_trade": domain.is_without_trade(import_),
        "kind_column": in_language(fields()["kind"].title).text,
        "sheets": domain.sheets(import_) if import_.state == Import.State.PREVIEWED else [],
        "earlier": _same_file(import_).filter(state=Import.State.APPLIED).first(),
        "new": NEW,
        "left_out": LEFT_OUT,
    }
    return render(request, "site/imports/detail.html", context)


def _decided(rows: QuerySet[ImportRow]) -> int:
    return (
        rows.filter(state=ImportRow.State.POSSIBLE, reason_details__has_key="choice")
        .exclude(reason_details__choice="")
        .count()
    )


def _same_file(import_: Import) -> QuerySet[Import]:
    return Import.objects.filter(sha256=import_.sha256, sheet=import_.sheet).exclude(pk=import_.pk)


def _choose(request: OrganiserRequest, import_: Import) -> HttpResponse:
    choices = {
        number: str(value)
        for name, value in request.POST.items()
        if name.startswith("row-") and (number := number_of(name.removeprefix("row-"))) is not None
    }
    try:
        decided = domain.choose(import_, choices)
    except ImportStateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, ngettext("%d row is decided.", "%d rows are decided.", decided) % decided)
    return _back_to(request, import_)


@organiser_required
@require_POST
def change_mapping(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Read the rows by the mapping chosen, by the one guessed anew, or read another sheet of the workbook."""
    import_ = _require_right(request, _get(request, pk))
    if sheet := request.POST.get("sheet"):
        return follow(jobs.start_sheet(import_, sheet, user=request.user))
    if "guess" in request.POST:
        subject = domain.subject_of(import_)
        mapped = columns.with_own(subject, columns.guessed(subject, import_.header), import_.header)
        return follow(jobs.start_mapping(import_, mapped, user=request.user))
    form = MappingForm(import_, request.POST)
    if form.is_valid():
        return follow(jobs.start_mapping(import_, form.mapped(), user=request.user))
    messages.error(request, gettext("A column is to fill a field that there is not. Choose one of the list."))
    return _back_to(request, import_)


@organiser_required
@require_POST
def apply(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Apply a preview."""
    return follow(jobs.start_application(_require_right(request, _get(request, pk)), user=request.user))


@organiser_required
@require_http_methods(["GET", "POST"])
def undo(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Reverse an applied import after a confirmation, or discard a preview."""
    import_ = _get(request, pk)
    if request.method == "GET":
        return render(request, "site/imports/undo.html", {"import": import_, "counts": domain.counts(import_)})
    _require_right(request, import_)
    if import_.state in (Import.State.PREVIEWED, Import.State.READING):
        discard = partial(domain.discard, import_)
        if attempt(request, discard, ImportStateError, gettext("The preview has been discarded.")):
            return redirect("import-list", request.edition.slug)
        return _back_to(request, import_)
    return follow(jobs.start_reversal(import_, user=request.user))


@organiser_required
@require_GET
def download_template(_request: OrganiserRequest, subject: str, language: str) -> HttpResponse:
    """The workbook to fill in."""
    if language not in dict(settings.LANGUAGES) or subject not in SUBJECTS:
        raise Http404(gettext("There is no template of this kind in this language."))
    return HttpResponse(
        template(SUBJECTS[subject], language),
        content_type=_EXCEL,
        headers={"Content-Disposition": f'attachment; filename="serai-{subject}-{language}.xlsx"'},
    )


def _get(request: OrganiserRequest, pk: int) -> Import:
    rows = Import.objects.select_related("edition", "made_by")
    import_ = get_object_or_404(rows, pk=pk, edition=request.edition)
    request.area = domain.subject_of(import_).area  # the page says whether the reader changes it
    return import_


def _require_right(request: OrganiserRequest, import_: Import) -> Import:
    """The import itself. Raises PermissionDenied for an organiser whose role does not import such lists."""
    if reason := why_not(request.user, request.edition, domain.subject_of(import_)):
        raise PermissionDenied(reason)
    return import_


def _back_to(request: OrganiserRequest, import_: Import) -> HttpResponse:
    return redirect("import-detail", request.edition.slug, import_.pk)


urlpatterns = [
    path("organiser/imports/", import_list, name="import-list"),
    path("organiser/imports/new/", upload, name="import-upload"),
    path(
        "organiser/imports/template/<slug:subject>/<slug:language>.xlsx",
        download_template,
        name="import-template",
    ),
    path("organiser/imports/<int:pk>/", detail, name="import-detail"),
    path("organiser/imports/<int:pk>/mapping/", change_mapping, name="import-mapping"),
    path("organiser/imports/<int:pk>/apply/", apply, name="import-apply"),
    path("organiser/imports/<int:pk>/undo/", undo, name="import-undo"),
]
