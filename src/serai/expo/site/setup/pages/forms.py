"""Forms of setting a fair up."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import country_choices
from serai.expo.base.text import grouped_languages, in_language, written_languages
from serai.expo.fairs.edition.domain.changes import AddressTakenError, check_address
from serai.expo.fairs.edition.domain.clone import PARTS
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain.sections import choosable_chains
from serai.expo.people.account.models import Organisation

DAY = {"type": "date"}
HOUR = {"type": "time"}
MOST_DAYS = 60


def _day(widget_attributes: Mapping[str, str] = DAY) -> forms.DateInput:
    return forms.DateInput(attrs=dict(widget_attributes), format="%Y-%m-%d")


class EditionForm(forms.ModelForm[Edition]):
    """The fields of an edition."""

    class Meta:
        model = Edition
        fields: ClassVar[tuple[str, ...]] = (
            *("name", "theme", "starts_on", "ends_on", "country", "time_zone", "city", "venue", "area_m2"),
            *("meetings_from", "meetings_until", "meeting_minutes", "meeting_tables", "booth_events_maximum"),
            "publishes_at_once",
        )
        labels: ClassVar[dict[str, Any]] = {
            "name": pgettext_lazy("of a thing", "Name"),
            "theme": _("Theme"),
            "starts_on": _("First day"),
            "ends_on": _("Last day"),
            "country": _("Host country or region"),
            "time_zone": _("Time zone"),
            "city": _("City"),
            "venue": _("Venue"),
            "area_m2": _("Area, m²"),
            "meetings_from": _("Meetings from"),
            "meetings_until": _("Meetings until"),
            "meeting_minutes": _("Minutes a meeting"),
            "meeting_tables": _("Tables for meetings"),
            "booth_events_maximum": _("Events at the booth"),
            "publishes_at_once": _("Publish offers and needs without a review before"),
        }
        widgets: ClassVar = {
            "starts_on": _day(),
            "ends_on": _day(),
            "meetings_from": forms.TimeInput(attrs=HOUR, format="%H:%M"),
            "meetings_until": forms.TimeInput(attrs=HOUR, format="%H:%M"),
        }
        help_texts: ClassVar[dict[str, Any]] = {"country": ""}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].required = True
        self.fields["booth_events_maximum"].required = False  # empty: as it is
        self.initial.setdefault("languages", self.instance.languages)
        self.fields["country"] = forms.ChoiceField(label=_("Host country or region"), choices=country_choices())
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            choices=[(zone, zone) for zone in sorted(available_timezones()) if zone != "localtime"],
        )
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("Languages of the fair"),
            required=False,
            choices=written_languages(self.instance.languages),
            widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
            help_text=_("In which you write its texts. Forms show these languages first."),
        )
        self.fields["more_language"] = forms.ChoiceField(
            label=_("One more language"),
            required=False,
            choices=[("", "—"), *grouped_languages()],
            help_text=_("Type the first letters of its name to find it."),
        )
        self.order_fields([*self.Meta.fields, "languages", "more_language"])

    def clean_booth_events_maximum(self) -> int:
        given = self.cleaned_data["booth_events_maximum"]
        return self.instance.booth_events_maximum if given is None else int(given)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = [*cleaned.get("languages", ()), cleaned.get("more_language", "")]
        self.instance.languages = list(dict.fromkeys(filter(None, chosen)))
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day can't be before the first."))
        elif first and last and last - first > timedelta(days=MOST_DAYS):
            self.add_error("ends_on", gettext("A fair lasts %d days at most.") % MOST_DAYS)
        begins, ends, minutes = (cleaned.get(f"meeting{name}") for name in ("s_from", "s_until", "_minutes"))
        if begins and ends and ends <= begins:
            self.add_error("meetings_until", gettext("Meetings can't end before they begin."))
        if minutes is not None and minutes < 5:
            self.add_error("meeting_minutes", gettext("A meeting lasts 5 minutes at least."))
        return cleaned


class NewEditionForm(EditionForm):
    """A new edition, with its address and organisation."""

    class Meta(EditionForm.Meta):
        fields: ClassVar = ("organisation", "slug", *EditionForm.Meta.fields)
        labels: ClassVar = EditionForm.Meta.labels | {"organisation": _("Held by"), "slug": _("Address")}
        help_texts: ClassVar = EditionForm.Meta.help_texts | {
            "slug": _("The last part of its web address, such as 'fair-2027': letters, digits and hyphens.")
        }

    def __init__(self, organisations: Sequence[Organisation], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        held_by = forms.TypedChoiceField(
            label=_("Held by"),
            choices=[(holder.pk, in_language(holder.name).text or holder.slug) for holder in organisations],
            coerce=lambda number: next(holder for holder in organisations if str(holder.pk) == str(number)),
        )
        self.fields["organisation"] = held_by
        self.order_fields(self.Meta.fields)

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        try:
            check_address(slug)
        except AddressTakenError as error:
            raise forms.ValidationError(str(error)) from None
        return slug


class CloneForm(forms.ModelForm[Edition]):
    """The copy of an edition: new name, address and days, and the copied parts."""

    class Meta:
        model = Edition
        fields = ("name", "slug", "starts_on", "ends_on")
        labels: ClassVar = {key: NewEditionForm.Meta.labels[key] for key in ("name", "slug", "starts_on", "ends_on")}
        help_texts: ClassVar = {"slug": NewEditionForm.Meta.help_texts["slug"]}
        widgets: ClassVar = {"starts_on": _day(), "ends_on": _day()}

    parts = forms.MultipleChoiceField(
        label=_("What is copied"),
        required=False,
        choices=[(key, format_lazy("{}: {}", title, text)) for key, (title, text) in PARTS.items()],
        initial=list(PARTS),
        widget=forms.CheckboxSelectMultiple,
    )
    invite = forms.BooleanField(
        label=_("Invite the exhibitors again"),
        required=False,
        help_text=_("They stand as invited, which nobody but you and they sees, until they answer."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].required = True

    clean_slug = NewEditionForm.clean_slug

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day can't be before the first."))
        return cleaned


class SectionsForm(forms.Form):
    """The chains for which the fair has a section."""

    chains = forms.MultipleChoiceField(
        label=_("Chains of this fair"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A section that firms are in stays. Without a choice the fair has the first six chains."),
    )

    def __init__(self, edition: Edition, chosen: Sequence[str], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"chains": list(chosen)})
        field = self.fields["chains"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (chain.slug, f"{in_language(chain.title).text}: {in_language(chain.summary).text}".rstrip(": "))
            for chain in choosable_chains(edition)
        ]
