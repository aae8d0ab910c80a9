"""Forms of initiatives: the text, who signs, a signature on paper, commitments and what became of them."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import choose_from, country_choices
from serai.expo.base.forms import LongSelect
from serai.expo.base.text import in_language
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.programme.initiatives.domain.commitments import NoteContent
from serai.expo.programme.initiatives.models import Commitment, Initiative, Signature
from serai.expo.programme.sessions.models import Session

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class InitiativeForm(forms.ModelForm[Initiative]):
    """The text of an initiative, and where it is launched."""

    title = LocalizedTextFormField(label=_("Title"), max_length=300)
    summary = LocalizedTextFormField(label=_("Summary"), long=True, required=False, max_length=1000)
    text = LocalizedTextFormField(
        label=_("Text"),
        long=True,
        required=False,
        max_length=20_000,
        help_text=_("Markdown: an empty line between paragraphs, '- ' before the items of a list."),
    )
    session = forms.ModelChoiceField(
        Session._base_manager.none(), label=_("Launched in the session"), required=False, widget=LongSelect
    )

    class Meta:
        model = Initiative
        fields = ("kind", "title", "summary", "text", "session", "launched_on")
        widgets: ClassVar = {"launched_on": DAY}
        help_texts: ClassVar = {"launched_on": _("Empty: the day of the session.")}

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Queries of its rows need the scope of the edition.
        sessions = Session.objects.filter(edition=edition).exclude(state=Session.State.CANCELLED)
        sessions = sessions | Session.objects.filter(edition=edition, pk=self.instance.session_id or 0)
        choose_from(self, "session", sessions.select_related("forum"), _title_of)
        self.initial["session"] = self.instance.session_id


def _title_of(session: Session) -> str:
    title = in_language(session.title or session.forum.title).text
    return f"{timezone.localtime(session.starts_at):%Y-%m-%d} · {title}"


class SignatoryForm(forms.ModelForm[Signature]):
    """Who signs, in what office, for which institution and country."""

    institution = LocalizedTextFormField(label=_("For which institution"), max_length=300)
    office = LocalizedTextFormField(label=_("In what office"), required=False, max_length=200)
    name = LocalizedTextFormField(label=_("Who signs"), required=False, max_length=200)
    country = forms.ChoiceField(label=_("Country or region"), required=False, choices=country_choices)
    participation = forms.ModelChoiceField(
        Participation._base_manager.none(),
        label=_("Participant"),
        required=False,
        widget=LongSelect,
        help_text=_("Where the institution takes part in the fair."),
    )
    language = forms.ChoiceField(label=_("Language of letters"), choices=settings.LANGUAGES)

    class Meta:
        model = Signature
        fields = ("institution", "country", "name", "office", "participation", "mail", "language", "order")
        help_texts: ClassVar = {"mail": _("To it goes the link to sign by. Organisers alone see it.")}

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Participation.objects.filter(edition=edition, state=Participation.State.CONFIRMED).select_related("firm")
        choose_from(self, "participation", rows, lambda row: shown_name(row.firm))
        self.initial["participation"] = self.instance.participation_id
        self.fields["order"].required = False

    def clean_order(self) -> int:
        return int(self.cleaned_data["order"] or 0)

    def clean_mail(self) -> str:
        return str(self.cleaned_data["mail"]).strip().lower()


class PaperForm(forms.Form):
    """A signature that was given on paper."""

    signed_on = forms.DateField(label=_("Signed on"), widget=DAY)
    scan = forms.FileField(label=_("Scan of the paper"), help_text=_("PDF or picture. Organisers alone see it."))


class ProofForm(forms.Form):
    """How an organiser knows that an institution has signed."""

    proof = forms.CharField(
        label=_("How you know that the institution signed"),
        max_length=500,
        help_text=_("Such as a letter of the institution, or a call to its office. Organisers alone read it."),
    )


class CommitmentForm(forms.ModelForm[Commitment]):
    """What is promised, by whom and until when."""

    text = LocalizedTextFormField(label=_("What is promised"), long=True, max_length=1000)
    signature = forms.ModelChoiceField(
        Signature._base_manager.none(), label=_("Whose commitment"), required=False, empty_label=_("All signatories")
    )

    class Meta:
        model = Commitment
        fields = ("text", "signature", "due_on", "order")
        widgets: ClassVar = {"due_on": DAY}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Signature.objects.filter(initiative=self.instance.initiative)
        choose_from(self, "signature", rows, lambda row: in_language(row.institution).text)
        self.initial["signature"] = self.instance.signature_id
        self.fields["order"].required = False

    def clean_order(self) -> int:
        return int(self.cleaned_data["order"] or 0)


class NoteForm(forms.Form):
    """What became of a commitment."""

    state = forms.ChoiceField(label=_("State"), choices=Commitment.State.choices)
    words = LocalizedTextFormField(label=_("In a few words"), long=True, required=False, max_length=1000)
    noted_on = forms.DateField(label=_("As of"), widget=DAY)
    link = forms.URLField(label=_("Evidence on the web"), required=False, max_length=500, assume_scheme="https")
    document = forms.FileField(
        label=_("Document that proves it"), required=False, help_text=_("PDF or picture. Organisers alone read it.")
    )

    def content(self) -> NoteContent:
        """The note as it was filled in."""
        return NoteContent(**self.cleaned_data)
