"""Forms of the import."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language, language_name
from serai.expo.base.workbooks.domain.grid import letters
from serai.expo.site.imports.domain.fields import LANGUAGES
from serai.expo.site.imports.domain.subject import OWN, Subject
from serai.expo.site.imports.domain.subjects import SUBJECTS
from serai.expo.site.imports.models import Import


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
