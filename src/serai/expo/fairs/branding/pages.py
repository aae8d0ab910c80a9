"""The organiser's pages of the look of a fair, and the pages that it writes itself."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.files.domain import FileRefusedError
from serai.expo.base.submission import submitted
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.branding import domain
from serai.expo.fairs.branding.domain import USES, ColourRefusedError, checked, keep_page, remove_page
from serai.expo.fairs.branding.models import OwnPage
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.pages.guards import EditionRequest, OrganiserRequest, organiser_required, renames
from serai.expo.fairs.edition.rules import organiser_role

MOST_CHARACTERS = 20_000


class ColoursForm(forms.Form):
    """The colours of a fair, each checked for contrast; an empty one is as Serai comes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, use in USES.items():
            self.fields[key] = forms.CharField(
                label=use.title,
                required=False,
                max_length=7,
                widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "#0c5460", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for key in USES:
            try:
                cleaned[key] = checked(key, cleaned[key]) if cleaned.get(key) else ""
            except ColourRefusedError as refusal:
                self.add_error(key, str(refusal))
        return cleaned


class PictureForm(forms.Form):
    """A picture to hand in."""

    file = forms.FileField(
        label=gettext_lazy("Picture"), widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})
    )


class WordsForm(forms.ModelForm[Edition]):
    """The fair's own words on its front page."""

    welcome = LocalizedTextFormField(
        label=gettext_lazy("Your words on the front page"),
        long=True,
        max_length=MOST_CHARACTERS,
        required=False,
        help_text=gettext_lazy("In Markdown: **bold**, [a link](https://…), lists. Shown below the header."),
    )

    class Meta:
        model = Edition
        fields = ("welcome",)


class OwnPageForm(forms.ModelForm[OwnPage]):
    """An own page."""

    title = LocalizedTextFormField(label=gettext_lazy("Title"), max_length=120)
    text = LocalizedTextFormField(
        label=gettext_lazy("Text"),
        long=True,
        max_length=MOST_CHARACTERS,
        help_text=gettext_lazy("In Markdown: # heading, **bold**, [a link](https://…), lists and tables."),
    )

    class Meta:
        model = OwnPage
        fields: ClassVar = ("title", "slug", "text", "order", "published")

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        others = OwnPage.objects.filter(edition=self.instance.edition, slug=slug).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(gettext_lazy("Another page of this fair has this address."))
        return slug


def sheet(request: EditionRequest) -> HttpResponse:
    """The colours of the fair as a stylesheet, so that no page needs a style of its own."""
    answer = HttpResponse(domain.stylesheet(request.edition), content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


def own_page(request: EditionRequest, page: str) -> HttpResponse:
    """A page in the organiser's words; a draft for organisers only."""
    row = OwnPage.objects.filter(edition=request.edition, slug=page).first()
    if row is None or not (row.published or organiser_role(request.user, request.edition)):
        raise Http404(_("There is no such page."))
    return render(request, "fairs/branding/own_page.html", {"page": row})


@organiser_required("GET", "POST")
@renames({OwnPage: lambda page, user: keep_page(page, user=user)})
def branding(request: OrganiserRequest) -> HttpResponse:
    """Colours, pictures and words; a POST changes one of them, and the others stay."""
    edition, what = request.edition, request.POST.get("what", "") if request.method == "POST" else ""
    chosen = {key: edition.branding.get(key, "") for key in USES}
    colours = ColoursForm(request.POST if what == "colours" else None, initial=chosen)
    words = WordsForm(request.POST if what == "words" else None, instance=Edition.objects.get(pk=edition.pk))
    pictures = {
        key: PictureForm(request.POST, request.FILES, auto_id=f"{key}-%s")
        if key == what
        else PictureForm(auto_id=f"{key}-%s")
        for key in domain.PICTURES
    }
    is_done = (
        (what == "colours" and submitted(request, colours, lambda: _set_colours(request, colours), ColourRefusedError))
        or (what == "words" and submitted(request, words, lambda: _set_words(request, words)))
        or (what in pictures and _set_picture(request, what, pictures[what]))
    )
    if is_done:
        messages.success(request, _("It is saved."))
        return redirect("branding", edition.slug)
    context = {
        "colours": colours,
        "chosen": [(USES[key].title, colour) for key, colour in chosen.items() if colour],
        "pictures": [
            ("logo", _("Logo"), _("Beside the name of the fair on every page."), pictures["logo"]),
            (
                "picture",
                _("Header picture"),
                _("In the header of the front page, beside the words."),
                pictures["picture"],
            ),
        ],
        "words": words,
        "own_pages": OwnPage.objects.filter(edition=edition),
    }
    wrong = any(form.errors for form in (colours, words, *pictures.values()))
    return render(request, "fairs/branding/branding.html", context, status=400 if wrong else 200)


def _set_colours(request: OrganiserRequest, form: ColoursForm) -> None:
    domain.set_colours(request.edition, form.cleaned_data, user=request.user)


def _set_words(request: OrganiserRequest, form: WordsForm) -> None:
    domain.set_words(request.edition, form.cleaned_data["welcome"], user=request.user)


def _set_picture(request: OrganiserRequest, key: str, form: PictureForm) -> bool:
    """Whether the picture was replaced or taken away."""
    if "remove" in request.POST:
        domain.set_picture(request.edition, key, None, user=request.user)
        return True
    if "focus" in request.POST and key == "picture" and not request.FILES:
        domain.set_focus(request.edition, request.POST["focus"], user=request.user)
        return True
    return submitted(
        request,
        form,
        lambda: domain.set_picture(request.edition, key, form.cleaned_data["file"], user=request.user),
        FileRefusedError,
    )


@organiser_required("GET", "POST")
def edit(request: OrganiserRequest, number: int | None = None) -> HttpResponse:
    """A new own page, or one that is there; it can be removed."""
    row = OwnPage(edition=request.edition)
    if number is not None:
        row = get_object_or_404(OwnPage, edition=request.edition, pk=number)
    if number is not None and request.method == "POST" and "remove" in request.POST:
        remove_page(row, user=request.user)
        messages.success(request, _("The page is removed."))
        return redirect("branding", request.edition.slug)
    form = OwnPageForm(request.POST if request.method == "POST" else None, instance=row)
    if submitted(request, form, lambda: keep_page(form.save(commit=False), user=request.user)):
        messages.success(request, _("It is saved."))
        return redirect("branding", request.edition.slug)
    return render(
        request, "fairs/branding/edit.html", {"form": form, "number": number}, status=400 if form.errors else 200
    )


urlpatterns = [
    path("branding.css", sheet, name="branding-sheet"),
    path("pages/<slug:page>/", own_page, name="own-page"),
    path("organiser/branding/", branding, name="branding"),
    path("organiser/branding/pages/new/", edit, name="own-page-new"),
    path("organiser/branding/pages/<int:number>/", edit, name="own-page-edit"),
]
