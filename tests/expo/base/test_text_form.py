"""A text per language is edited with its languages side by side."""

import pytest
from django import forms
from django.test.html import parse_html
from django.utils import translation

from serai.expo.base.text import grouped_languages, validate_language, written_in, written_languages
from serai.expo.base.text_form import LanguageSelect, LocalizedTextFormField
from serai.expo.fairs.edition.models import Section


class Form(forms.Form):
    title = LocalizedTextFormField(languages=("en", "zh-hans", "ar"), max_length=20)
    text = LocalizedTextFormField(languages=("en", "ar"), long=True, required=False)


def test_what_is_typed_in_each_language_becomes_one_mapping() -> None:
    form = Form({"title_en": "Separator ", "title_zh-hans": "隔膜", "title_ar": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"title": {"en": "Separator", "zh-hans": "隔膜"}, "text": {}}


def test_one_language_is_enough_and_none_is_not() -> None:
    assert Form({"title_ar": "فاصل"}).is_valid()
    assert list(Form({"title_en": "  "}).errors) == ["title"]


def test_a_text_that_is_too_long_is_refused_by_its_language() -> None:
    assert list(Form({"title_en": "x" * 21}).errors) == ["title"]


def test_each_input_has_a_label_a_language_and_a_direction() -> None:
    page = str(Form(initial={"title": {"ar": "فاصل"}})["title"])
    assert page.count("<label") == page.count("<input") == 3
    for said in ('lang="ar" dir="rtl"', 'lang="zh-hans" dir="ltr"', 'value="فاصل"', 'for="id_title_2"'):
        assert said in page
    assert str(Form()["text"]).count("<textarea") == 2


def test_the_languages_that_are_written_stand_first_and_the_others_behind_a_summary() -> None:
    class Spoken(forms.Form):
        title = LocalizedTextFormField()

    before, _, after = str(Spoken(initial={"title": {"ar": "فاصل"}})["title"]).partition("<details>")
    assert 'lang="ar"' in before
    assert 'lang="en"' in after
    with translation.override("zh-hans"):
        before, _, after = str(Spoken()["title"]).partition("<details>")
    assert 'lang="zh-hans"' in before
    assert 'lang="en"' in before
    assert 'lang="ar"' in after


def test_three_languages_or_fewer_stand_side_by_side() -> None:
    page = str(Form()["title"])
    assert page.count("<input") == 3
    assert "<details>" not in page


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_a_form_of_a_model_edits_its_texts_so(language: str) -> None:
    class SectionForm(forms.ModelForm[Section]):
        class Meta:
            model = Section
            fields = ("title",)

    with translation.override(language):
        form = SectionForm({"title_zh-hans": "清洁能源"}, instance=Section(title={"en": "Clean energy"}))
        assert form.is_valid()
        assert form.save(commit=False).title == {"zh-hans": "清洁能源"}


def test_a_language_that_the_form_does_not_show_is_kept() -> None:
    form = Form({"title_en": "Film"}, initial={"title": {"de": "Folie", "en": "Foil"}})
    assert form.is_valid()
    assert form.cleaned_data["title"] == {"de": "Folie", "en": "Film"}


def test_a_form_knows_whether_a_text_was_changed() -> None:
    same = Form({"title_en": "Film"}, initial={"title": {"en": "Film", "ar": ""}})
    assert same.changed_data == []
    assert Form({"title_en": "Foil"}, initial={"title": {"en": "Film"}}).changed_data == ["title"]


class Anywhere(forms.Form):
    title = LocalizedTextFormField(max_length=20)


def test_a_text_may_be_begun_in_any_language_that_forms_offer() -> None:
    form = Anywhere({"title_other-language": "vi", "title_other-text": "Màng ngăn"})
    assert form.is_valid()
    assert form.cleaned_data == {"title": {"vi": "Màng ngăn"}}
    page = str(Anywhere(initial=form.cleaned_data)["title"])
    assert 'name="title_vi" value="Màng ngăn"' in page  # from then on it has an input of its own
    assert 'name="title_de"' not in page
    assert ">Deutsch (German)</option>" in page


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"title_other-text": "Folie"}, "Say in which language the text is written."),
        ({"title_other-language": "tlh", "title_other-text": "Folie"}, "Select a valid choice"),
        ({"title_en": "Film", "title_other-language": "en", "title_other-text": "Foil"}, "two texts in one language"),
        ({"title_other-language": "de", "title_other-text": "x" * 21}, "at most 20 characters"),
    ],
)
def test_a_text_in_another_language_that_cannot_be_kept_is_refused_with_why(given: dict[str, str], fault: str) -> None:
    form = Anywhere(given)
    assert fault in str(form.errors["title"])
    assert "<details open>" in str(form["title"])


def test_a_language_that_was_not_sent_is_kept_and_one_that_was_emptied_is_not() -> None:
    known = {"title": {"de": "Folie", "en": "Foil", "cs": "Folie", "xx": "?"}}
    form = Anywhere({"title_en": "Film", "title_cs": ""}, initial=known)
    assert form.is_valid()
    assert form.cleaned_data["title"] == {"de": "Folie", "en": "Film", "xx": "?"}


def test_every_language_that_forms_offer_has_a_name_of_its_own_in_its_own_script() -> None:
    names = dict(written_languages())
    assert len(set(names.values())) == len(names) >= 30
    assert (names["de"], names["zh-hans"], names["km"], names["am"]) == ("Deutsch", "简体中文", "ខ្មែរ", "አማርኛ")
    latin = {
        "en",
        "fr",
        "es",
        "cs",
        "de",
        "fil",
        "hu",
        "id",
        "it",
        "ms",
        "nl",
        "pl",
        "pt",
        "ro",
        "sw",
        "tr",
        "uz",
        "vi",
    }
    assert {code for code, name in names.items() if not any(letter >= "\u0250" for letter in name)} <= latin
    assert dict(written_languages(["yue"]))["yue"] == "粵語"


@pytest.mark.parametrize(("language", "direction"), [("he", "rtl"), ("ur", "rtl"), ("fa", "rtl"), ("hi", "ltr")])
def test_an_input_runs_as_its_language_does(language: str, direction: str) -> None:
    page = str(Anywhere(initial={"title": {language: "x"}})["title"])
    assert f'lang="{language}" dir="{direction}"' in page


def test_a_fair_in_any_language_shows_its_languages_first() -> None:
    with written_in(["de", "ca"]):
        page = str(Anywhere()["title"])
        assert page.index('name="title_de"') < page.index('name="title_ca"') < page.index("<details")
        assert 'lang="ca">català</label>' in page
        form = Anywhere({"title_ca": "Separador", "title_de": "Separator"})
        assert form.is_valid()
        assert form.cleaned_data == {"title": {"ca": "Separador", "de": "Separator"}}
    kept = Anywhere({"title_ca": "Separadors"}, initial={"title": {"ca": "Separador"}})
    assert kept.is_valid()
    assert kept.cleaned_data == {"title": {"ca": "Separadors"}}
    assert 'name="title_ca"' not in str(Anywhere()["title"])


def test_every_language_can_be_chosen_by_its_name_the_common_ones_first() -> None:
    (_common, first), (_all, others) = grouped_languages()
    assert ("de", "Deutsch (German)") in first
    assert ("ca", "català (Catalan)") in others
    assert len(others) > 150
    assert not {code for code, _name in first} & {code for code, _name in others}
    for code, _name in others:
        validate_language(code)


@pytest.mark.parametrize("reader", ["en", "ar"])
@pytest.mark.parametrize("value", [None, "de"])
def test_a_choice_of_languages_is_drawn_as_any_other_choice_for_each_reader(reader: str, value: str | None) -> None:
    choice, attrs = LanguageSelect(), {"class": "short", "id": "id_title_6"}
    with translation.override(reader):
        for name in ("title_6", "about_6"):
            anew = forms.Select.render(choice, name, value, attrs)
            assert parse_html(choice.render(name, value, attrs)) == parse_html(anew)
