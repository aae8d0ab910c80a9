"""The contact persons of a participant, for the organiser and for the firm's own people, and the page that stops
letters.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in
from serai.expo.base.text import written_languages
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import Guard, UserRequest
from serai.expo.participants.contact_persons.domain import (
    FIELDS,
    ContactRefusedError,
    add,
    change,
    contact_persons,
    mail_of_stop,
    refuse,
    remove,
)
from serai.expo.participants.contact_persons.models import ContactPerson


def language_choices(kept: str = "") -> list[tuple[str, str]]:
    return [("", "—"), *written_languages([kept] if kept else [])]


class ContactPersonForm(forms.ModelForm[ContactPerson]):
    """What is said of a contact person."""

    class Meta:
        model = ContactPerson
        fields = FIELDS
        widgets: ClassVar = {"consent_on": forms.DateInput({"type": "date"})}

    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, data: Any = None, *, instance: ContactPerson) -> None:
        super().__init__(data, instance=instance)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = language_choices(self.instance.language)

    def _post_clean(self) -> None:
        """The domain sets the fields, so that the row stays as it is where it refuses."""

    def values(self) -> Mapping[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class ContactsRequest(UserRequest):
    """A request about the contact persons of a participant by someone who may read them. For types only."""

    participation: Participation
    may_edit: bool


def _admit(request: Any, address: dict[str, Any]) -> None:
    rows = Participation.objects.filter(edition=request.edition).select_related("firm", "edition")
    participation = row_of(rows, address.pop("number"), _("There is no such participant."))
    request.may_edit = request.user.has_perm("expo.edit_contact_persons", participation)
    may_see = request.user.has_perm("expo.see_contact_persons", participation)
    if not (request.may_edit if request.method == "POST" else may_see):
        raise PermissionDenied
    request.participation = participation


contacts_required = Guard[ContactsRequest](_admit)
"""Lets in who reads the contact persons of the participant ``number`` of the address, to change them who may."""


@contacts_required("GET", "POST")
def contacts(request: ContactsRequest) -> HttpResponse:
    """All contact persons of a participant, and a form for one more."""
    own = request.participation
    new = ContactPerson(edition=request.edition, participation=own)
    form = ContactPersonForm(request.POST if request.method == "POST" else None, instance=new)
    if request.method == "POST" and form.is_valid():
        with told_in(form, ContactRefusedError):
            add(own, form.values(), user=request.user)
            messages.success(request, _("The contact person is added."))
            return redirect("contact-persons", request.edition.slug, own.pk)
    page = {
        "participation": own,
        "contacts": contact_persons(own),
        "form": form,
        "organises": request.user.has_perm("expo.read_people", request.edition),
    }
    return render(request, "participants/contact_persons/contacts.html", page, status=400 if form.errors else 200)


@contacts_required("GET", "POST")
def contact(request: ContactsRequest, contact: int) -> HttpResponse:
    """One contact person; a POST changes or forgets it."""
    row = contact_persons(request.participation).filter(pk=contact).first()
    if row is None or not request.may_edit:
        raise Http404(_("There is no such contact person."))
    row.participation = request.participation
    here = redirect("contact-persons", request.edition.slug, request.participation.pk)
    if request.method == "POST" and "remove" in request.POST:
        remove(row, user=request.user)
        messages.success(request, _("The contact person is forgotten."))
        return here
    form = ContactPersonForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        with told_in(form, ContactRefusedError):
            change(row, form.values(), user=request.user)
            messages.success(request, _("It is saved."))
            return here
    page = {
        "participation": request.participation,
        "contact": row,
        "form": form,
        "organises": request.user.has_perm("expo.read_people", request.edition),
    }
    return render(request, "participants/contact_persons/contact.html", page, status=400 if form.errors else 200)


@csrf_exempt  # a mail program posts here for its reader (RFC 8058), and the address is the key
@require_http_methods(["GET", "POST"])
def contact_unsubscribe(request: HttpRequest, secret: str) -> HttpResponse:
    """Stop letters of organisers to a mail address: the page asks, and a POST does it."""
    try:
        email = mail_of_stop(secret)
    except BadSignature:
        raise Http404(_("This address stops nothing.")) from None
    if request.method == "POST":
        refuse(email)
    return render(request, "participants/contact_persons/unsubscribe.html", {"done": request.method == "POST"})


urlpatterns = [
    path("participants/<int:number>/contacts/", contacts, name="contact-persons"),
    path("participants/<int:number>/contacts/<int:contact>/", contact, name="contact-person"),
]

outside_of_editions = [
    path("unsubscribe/contact/<str:secret>/", contact_unsubscribe, name="contact-unsubscribe"),
]
