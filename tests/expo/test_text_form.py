"""A text per language is edited with its languages side by side."""

import pytest
from django import forms
from django.utils import translation

from serai.expo.editions.models import Section
from serai.expo.text_form import LocalizedTextFormField


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
