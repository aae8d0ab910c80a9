"""What is known of a person, how it is told and how it is erased, also where texts mention it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.audit.domain.erasure import ERASED, mask_mentions, mask_rows
from serai.expo.base.rooms import Hook
from serai.expo.base.text import in_language
from serai.expo.people.account.domain.profile import HAN_OR_HANGUL, contents_of, forget_files
from serai.expo.people.account.models import Organisation, Role, User

AUTHOR = "said_by"
"""The field that names the author of a message to another firm."""
ABOUT_OTHERS = {"lead"}  # rows about people whom the person met are not the person's own data


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
    """All data of a person as plain values: the account, the rows of each model that refer to the person, and the
    content of the person's own files, such as the photo, as addresses that a browser opens (RFC 2397)."""
    with scopes_disabled():
        rows = {
            f"{model._meta.model_name}.{name}": [
                _shown(row, whole=name == AUTHOR)
                for row in model._default_manager.filter(**{name: user}).order_by("pk")
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


def _shown(row: Model, *, whole: bool = False) -> dict[str, Any]:
    """A row as the person reads it: ``whole`` if the person is its author, only its number if it is about others."""
    return {"id": row.pk} if row._meta.model_name in ABOUT_OTHERS else state(row, whole=whole)


@transaction.atomic
def erase(user: User) -> None:
    """Delete a person and its own rows, and mask its name in the rows of others. Its seats go to those who wait.

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
    """Delete rows with the mail address that belong to persons. Others, such as an invitation, stay without it."""
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
    """Mask in the trail the account, the rows that are deleted with it, and every value with its mail address."""
    mask_rows(User, [user.pk])
    with scopes_disabled():
        for model, name in references():
            if _goes_with_the_person(model, name):
                mask_rows(model, model._default_manager.filter(**{name: user}).values_list("pk", flat=True))
    mask_mentions(user.email)


def mask_words(rows: QuerySet[Any], fields: Iterable[str], words: list[str]) -> None:
    """Mask these words wherever they stand in these fields of the rows."""
    pattern = whole_words(words)
    holding = Q()
    for field in fields:
        for word in words:
            holding |= Q(**{f"{field}__icontains": word})
    for row in rows.filter(holding):
        for field in fields:
            setattr(row, field, pattern.sub(ERASED, getattr(row, field)))
        row.save(update_fields=list(fields))


def whole_words(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these words as a whole, the longest first. Chinese and Korean put nothing between words."""
    longest = sorted(filter(None, words), key=len, reverse=True)
    parts = (
        re.escape(word) if HAN_OR_HANGUL.search(word) else rf"(?<![\w.+-]){re.escape(word)}(?![\w-])"
        for word in longest
    )
    return re.compile("|".join(parts), re.IGNORECASE)
