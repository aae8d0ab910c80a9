"""Forms of one participation: what the organiser changes of it, and the end of it."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import choose_from, country_choices
from serai.expo.base.text import in_language
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Participation, Section
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.firms.record.domain.fields import ROWS
from serai.expo.firms.record.models import FirmIdentifier
from serai.expo.firms.verification.pages.forms import NewFirmForm
from serai.expo.participants.contact_persons.models import column
from serai.expo.participants.contact_persons.pages.forms import language_choices
from serai.expo.participants.participation.domain.changes import ALIKE, MOST, MOST_M2, kinds_for, leaders_for
from serai.expo.participants.participation.domain.new_participant import Entered


class ParticipantForm(forms.Form):
    """What the organiser changes of a participation; of who does not exhibit, what it has."""

    kind = forms.ChoiceField(label=_("As"))
    section = forms.ModelChoiceField(Section._base_manager.none(), label=_("Section"), required=False)
    pavilion = forms.ChoiceField(label=_("Country pavilion"), required=False)
    area_m2 = forms.IntegerField(label=_("Area granted, in m²"), min_value=1, max_value=MOST_M2, required=False)
    lead = forms.CharField(
        label=_("Stands with"),
        required=False,
        max_length=32,
        help_text=_("The identifier of the chain leader, as its page shows it. Empty: it stands for itself."),
    )
    seats = forms.IntegerField(label=_("Seats of the team"), min_value=0, max_value=MOST)
    meetings_minimum = forms.IntegerField(label=_("Meetings at least"), min_value=0, max_value=MOST)
    meetings_maximum = forms.IntegerField(label=_("Meetings at most"), min_value=0, max_value=MOST)

    def __init__(self, participation: Participation, data: Any = None) -> None:
        leader = participation.lead.firm.identifier if participation.lead else ""
        plain = ("kind", "section", "pavilion", "area_m2", "seats", "meetings_minimum", "meetings_maximum")
        super().__init__(data, initial={name: getattr(participation, name) for name in plain} | {"lead": leader})
        self.participation = participation
        labels = dict(Participation.Kind.choices)
        self._offer("kind", [(kind, labels[kind]) for kind in kinds_for(participation)])
        self._offer("pavilion", country_choices())
        choose_from(self, "section", Section.objects.filter(edition=participation.edition), _title)
        if participation.kind not in ALIKE[0]:
            for name in ("pavilion", "area_m2", "lead", "seats"):
                del self.fields[name]

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_lead(self) -> Participation | None:
        identifier = self.cleaned_data["lead"].strip()
        if not identifier:
            return None
        if "lead" not in self.changed_data:
            return self.participation.lead
        leader = leaders_for(self.participation).filter(firm__identifier=leading(identifier)).first()
        if leader is None:
            raise forms.ValidationError(
                _("No confirmed exhibitor of this fair who could be its leader has this identifier.")
            )
        return leader

    def changes(self) -> dict[str, Any]:
        """The fields that were changed, so that what another has changed meanwhile stays."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


def _title(section: Section) -> str:
    return in_language(section.title).text or section.slug


class CancelForm(forms.Form):
    """The organiser's reason for ending a participation."""

    reason = LocalizedTextFormField(
        label=_("Reason"), long=True, max_length=2000, help_text=_("The people of the firm read it in the letter.")
    )


class WithdrawalForm(forms.Form):
    """A firm ends its own participation: it says so twice, and why if it likes."""

    reason = forms.CharField(
        label=_("Why, for the organiser"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    sure = forms.BooleanField(
        label=_("We do not take part any more; I have read what ends."),
        error_messages={"required": _("Confirm that you don't take part any more; nothing was changed.")},
    )


CONTACT = ("name", "email", "phone", "language", "consent_source")


def _field_of_contact(name: str) -> forms.Field:
    """The field of a contact person in the form of a new participant, which may be left empty."""
    of_model = column(name)
    label = format_lazy(_("Contact person: {field}"), field=of_model.verbose_name)
    given: dict[str, Any] = {"label": label, "required": False, "help_text": of_model.help_text}
    if name == "language":
        return forms.ChoiceField(choices=language_choices, **given)
    kind = forms.EmailField if name == "email" else forms.CharField
    return kind(max_length=of_model.max_length, **given)


class AddForm(NewFirmForm):
    """A participant as an organiser writes it down."""

    field_order = ("legal_name", "country", "kind")
    kind = forms.ChoiceField(label=_("As"), choices=Participation.Kind.choices)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for scheme in FirmIdentifier.Scheme:
            self.fields[scheme.value] = forms.CharField(
                label=scheme.label, required=False, max_length=ROWS[FirmIdentifier]["value"].most
            )
        for name in CONTACT:
            self.fields[f"contact_{name}"] = _field_of_contact(name)

    def contact(self) -> dict[str, str]:
        """What was written of a contact person; empty where nobody was named."""
        written = {name: str(self.cleaned_data[f"contact_{name}"]) for name in CONTACT}
        return written if written["name"] or written["email"] or written["phone"] else {}

    def entered(self, language: str) -> Entered:
        """What was written, with the address and the name in a language."""
        written = self.cleaned_data
        numbers = {scheme.value: written[scheme.value] for scheme in FirmIdentifier.Scheme if written[scheme.value]}
        return Entered(
            written["legal_name"], written["country"], language, written["address"], written["website"], numbers
        )
