"""Choices stand in the direction of what they hold; what else a form draws is as Django draws it."""

from django import forms


class Chosen(forms.Form):
    table = forms.ChoiceField(choices=[("a", "OECD Inter-Country Input-Output Tables")])
    several = forms.MultipleChoiceField(choices=[("a", "A")])
    name = forms.CharField()


def test_a_choice_says_its_direction_by_its_first_option() -> None:
    form = Chosen()
    assert 'dir="auto"' in str(form["table"])
    assert "dir=" not in str(form["several"])
    assert "dir=" not in str(form["name"])
