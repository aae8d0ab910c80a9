"""A person's own data: all of it as one file, and gone when the person says so.

Rows that refer to a person are found from the models themselves, so that a new model cannot be forgotten: the person's
own rows (roles, seats, the calendar's address) go with the person, and facts of a fair (an entry of the audit trail, a
run of the timetable) stay without the name. Rooms find by the hooks ``rows_about`` and ``erasing`` what others keep.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.audit.domain.erasure import mask_mentions, mask_rows
from serai.expo.base.signals import Hook
from serai.expo.base.text import in_language
from serai.expo.people.account.domain.photo import contents_of, forget_files
from serai.expo.people.account.models import Organisation, Role, User

SAID = "said_by"
"""The field that names who has said something to another firm."""
ABOUT_OTHERS = {"lead"}  # the people whom a person met are not its own to take away


rows_about = Hook[[User], dict[str, list[dict[str, Any]]]]("rows about a person")
"""What rooms keep of a person in rows that do not refer to its account: name of the rows -> values of each."""
erasing = Hook[[User], None]("a person is erased", highest_first=True)
"""Rooms take a person out of their rows before the account is deleted. Called with all scopes disabled."""


class ErasureRefusedError(ValueError):
    """Why a person cannot be erased yet, in the reader's language."""


def references() -> Iterator[tuple[type[Model], str]]:
    """Every model and field that refers to a person, hidden ones included."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and not relation.related_model._meta.auto_created:
            yield relation.related_model, relation.field.name


def mentions() -> Iterator[tuple[type[Model], str]]:
    """Every model and field that may hold a person's mail address without referring to the person."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.EmailField) and model is not User:
                yield model, field.name


def export_of(user: User) -> dict[str, Any]:
    """All that is kept of a person, as plain values: the account, the rows of each model that refer to it, and the
    content of the person's own files, such as the photo, as addresses that a browser opens (RFC 2397)."""
    with scopes_disabled():
        rows = {
            f"{model._meta.model_name}.{name}": [
                _shown(row, said=name == SAID) for row in model._default_manager.filter(**{name: user}).order_by("pk")
            ]
            for model, name in references()
        } | {
            f"{model._meta.model_name}.{name}": [
                _shown(row) for row in model._default_manager.filter(**{f"{name}__iexact": user.email}).order_by("pk")
            ]
            for model, name in mentions()
        }
        for more in rows_about.call(user):
            rows |= more
    return (
        {"exported_at": timezone.now().isoformat(), "account": state(user)}
        | {key: values for key, values in rows.items() if values}
        | {"files": [{"name": file.name, "content": content} for file, content in contents_of(user)]}
    )


def _shown(row: Model, *, said: bool = False) -> dict[str, Any]:
    """A row as it is given to the person: whole where the person has said it; of one that is about somebody else only
    that it is there."""
    return {"id": row.pk} if row._meta.model_name in ABOUT_OTHERS else state(row, whole=said)


@transaction.atomic
def erase(user: User) -> None:
    """Delete a person and all that is the person's own, and its name where others keep it; seats go to who waits.

    Raises ErasureRefusedError while the person is the only owner of an organisation.
    """
    for organisation in Organisation.objects.filter(roles__user=user, roles__kind=Role.Kind.OWNER):
        others = Role.objects.filter(organisation=organisation, kind=Role.Kind.OWNER).exclude(user=user)
        if not others.exists():
            raise ErasureRefusedError(
                _("You are the only owner of %s. Make somebody else an owner first.")
                % (in_language(organisation.name).text or organisation.slug)
            )
    with scopes_disabled():
        erasing.call(user)
    forget_files(user)
    _forget_in_the_audit_trail(user)
    _forget_the_mail_address(user)
    record("user.erased", user)
    with scopes_disabled():
        user.delete()


def _forget_the_mail_address(user: User) -> None:
    """What bears the address and belongs to persons goes; an invitation stays, to nobody."""
    own = {model for model, name in references() if _goes_with_the_person(model, name)}
    with scopes_disabled():
        for model, name in mentions():
            for row in model._default_manager.filter(**{f"{name}__iexact": user.email}):
                if model in own:
                    row.delete()
                else:
                    setattr(row, name, f"erased-{row.pk}@erased.invalid")
                    row.save(update_fields=[name])


def _goes_with_the_person(model: type[Model], name: str) -> bool:
    field = model._meta.get_field(name)
    return isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE


def _forget_in_the_audit_trail(user: User) -> None:
    """Mask what the trail holds of the account, of rows that go with it, and wherever its mail address stands."""
    mask_rows(User, [user.pk])
    with scopes_disabled():
        for model, name in references():
            if _goes_with_the_person(model, name):
                mask_rows(model, model._default_manager.filter(**{name: user}).values_list("pk", flat=True))
    mask_mentions(user.email)
