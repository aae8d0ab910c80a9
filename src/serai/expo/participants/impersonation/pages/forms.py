"""The person for whom an organiser acts, and the reason."""

from django import forms

from serai.expo.people.staff.pages.forms import ReasonForm


class ActAsForm(ReasonForm):
    person = forms.IntegerField(widget=forms.HiddenInput)
