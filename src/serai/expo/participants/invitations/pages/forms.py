"""Forms of invitations: whom to invite and as what, and when to remind."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.visibility import segments_visible_to
from serai.expo.participants.invitations.domain.invitations import KINDS
from serai.expo.people.account.models import User


class InviteForm(forms.Form):
    """The segment, what its contact persons become, and where consent comes from that is not known."""

    segment = forms.ChoiceField(label=_("Segment"), required=False)
    kind = forms.ChoiceField(
        label=_("As"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        help_text=_("The first of a firm is best its owner. Of a firm that has an owner everybody else is a member."),
    )
    consent = forms.CharField(
        label=_("Source of consent where none is known"),
        required=False,
        max_length=200,
        help_text=_(
            "Such as: contract of participation. It is kept with each person, with today's date. Left empty, nobody"
            " without a source of consent is written to."
        ),
    )

    def __init__(self, user: User, edition: Edition, data: Any = None) -> None:
        super().__init__(data)
        self.segments = {str(segment.pk): segment for segment in segments_visible_to(user, edition)}
        field = self.fields["segment"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("everyone")), *((key, segment.name) for key, segment in self.segments.items())]

    def filters(self) -> dict[str, Any]:
        segment = self.segments.get(self.cleaned_data["segment"])
        return dict(segment.filters) if segment else {}


class PlanForm(forms.Form):
    """After how many days who has not joined is reminded."""

    days = forms.CharField(
        label=_("Remind after so many days"),
        required=False,
        max_length=40,
        help_text=_("Numbers with commas between them, such as 7, 14. Empty: never by itself."),
    )

    def clean_days(self) -> list[int]:
        written = self.cleaned_data["days"].replace(";", ",").replace("،", ",").split(",")
        try:
            return [int(part) for part in written if part.strip()]
        except ValueError:
            raise forms.ValidationError(_("Write whole numbers of days, such as 7, 14.")) from None
