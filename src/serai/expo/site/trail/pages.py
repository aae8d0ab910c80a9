"""The audit trail of an edition, for its organisers."""

from collections.abc import Iterable, Mapping, Sequence

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from serai.expo.base.audit.domain.words import done, in_words
from serai.expo.base.collation import index_key
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.record.domain.visibility import readable
from serai.expo.results.exports.domain.record_tables import record_title
from serai.expo.site.trail.domain import entries, kinds


class LookForm(forms.Form):
    """Which entries of the audit trail to show."""

    action = forms.ChoiceField(label=_("Action"), required=False)
    object_type = forms.ChoiceField(label=_("Kind of record"), required=False)
    object_id = forms.CharField(label=_("Number of the record"), required=False, max_length=64)
    user = forms.CharField(
        label=_("Person"), required=False, max_length=200, help_text=_("Part of the name or mail address.")
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    request = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput())

    def __init__(self, data: Mapping[str, str], actions: Sequence[str], object_types: Sequence[str]) -> None:
        super().__init__(data)
        labelled: Mapping[str, Iterable[tuple[str, str]]] = {
            "action": ((action, f"{done(action)} ({action})") for action in actions),
            "object_type": ((name, str(record_title(name))) for name in object_types),
        }
        for name, choices in labelled.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("all")), *sorted(choices, key=lambda choice: index_key(choice[1]))]


ENTRIES_A_PAGE = 50


@organiser_required("GET")
def audit_trail(request: OrganiserRequest) -> HttpResponse:
    """Entries narrowed by the query string, each with what changed in words."""
    user, edition = request.user, request.edition
    form = LookForm(request.GET.dict(), *kinds(user, edition))
    valid = form.is_valid()
    # A wrong field does not narrow: cleaned_data holds the others.
    page = Paginator(entries(user, edition, form.cleaned_data), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    states = readable(page, edition)
    worded = in_words([(entry.object_type, *states[entry.pk]) for entry in page])
    listed = [
        {"entry": entry, "record": record_title(entry.object_type), "done": done(entry.action), "changes": changed}
        for entry, changed in zip(page, worded, strict=True)
    ]
    return render(
        request,
        "site/trail/trail.html",
        {"form": form, "page": page, "listed": listed},
        status=200 if valid else 400,
    )


urlpatterns = [path("organiser/audit/", audit_trail, name="audit-trail")]
