"""Organisations that hold fairs, users, and the roles that users have in organisations and firms."""

from typing import Any, ClassVar

import rules
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.text import LocalizedTextField, validate_language


class Organisation(models.Model):
    """A trade-promotion body, chamber, ministry or fair company that holds editions. It alone controls their data."""

    slug = models.SlugField(unique=True)
    name = LocalizedTextField()
    country = models.CharField(max_length=2)

    def __str__(self) -> str:
        return self.slug


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who signs in with ``email``; without a password there is no sign-in by password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What a user may do follows from roles, never from flags on the user."""

    class NameOrder(models.TextChoices):
        GIVEN_FIRST = "given_first", _("Given name first, as in Li Na Wang")
        FAMILY_FIRST = "family_first", _("Family name first, as in Wang Li Na")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True, help_text=_("As it is shown."))
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    name_order = models.CharField(max_length=16, choices=NameOrder, default=NameOrder.GIVEN_FIRST)
    native_name = models.CharField(max_length=200, blank=True, help_text=_("In its own script, as in 王小明."))
    position = models.CharField(max_length=200, blank=True)
    languages = models.JSONField(default=list, blank=True, help_text=_("Languages spoken, the best first."))
    language = models.CharField(max_length=16, default="en", validators=[validate_language])
    photo = models.ForeignKey("StoredFile", models.SET_NULL, null=True, blank=True, related_name="+")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    staff_session: Any = None  # set for a request in an open staff session, and never kept
    helping_organisation: int | None = None  # whose organiser acts for this person in a request, and never kept
    without_organising: bool = False  # set for a program whose key may not organise, and never kept

    def __str__(self) -> str:
        return self.name or self.email

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the user may; a superuser has the rights of one in an open staff session only."""
        if self.is_superuser and self.staff_session is None:
            return self.is_active and bool(rules.has_perm(perm, self, obj))  # type: ignore[no-untyped-call]
        return super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return self.staff_session is not None and super().has_module_perms(app_label)


class Consent(models.Model):
    """A person's yes or no to one purpose under one wording. Rows are added, never changed: the last one counts."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=32)
    given = models.BooleanField()
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=16)
    wording = models.TextField(help_text=_("The very words that were shown."))
    organisation = models.ForeignKey(
        "Organisation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The one organiser that the answer is for; empty for all."),
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["purpose", "user"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.purpose} {self.given}"


class Role(models.Model):
    """What a user is in one organisation or one firm."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("Owner")
        MANAGER = "manager", _("Manager")
        SALES = "sales", _("Sales")
        SCANNER = "scanner", _("Lead scanner")
        MEMBER = "member", _("Member")
        PROGRAMME = "programme", pgettext_lazy("a role", "Programme")
        FLOOR = "floor", pgettext_lazy("a role", "Floor")
        MATCHMAKING = "matchmaking", pgettext_lazy("a role", "Matchmaking")
        VIEWER = "viewer", pgettext_lazy("a role", "Viewer")

    IN_A_FIRM = (Kind.OWNER, Kind.MANAGER, Kind.SALES, Kind.SCANNER, Kind.MEMBER)
    IN_AN_ORGANISATION = (Kind.OWNER, Kind.MANAGER, Kind.PROGRAMME, Kind.FLOOR, Kind.MATCHMAKING, Kind.VIEWER)

    user = models.ForeignKey(User, models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=16, choices=Kind)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="roles")
    firm = models.ForeignKey("Firm", models.CASCADE, null=True, blank=True, related_name="roles")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="role_is_in_an_organisation_or_a_firm",
                condition=models.Q(organisation__isnull=True, firm__isnull=False)
                | models.Q(organisation__isnull=False, firm__isnull=True),
            ),
            models.UniqueConstraint(fields=["user", "organisation"], name="one_role_per_organisation"),
            models.UniqueConstraint(fields=["user", "firm"], name="one_role_per_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kind} {self.organisation or self.firm}"
