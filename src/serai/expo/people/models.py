"""Organisations that hold fairs, users, and the roles that users have in organisations and firms."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.text import LocalizedTextField, validate_language


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

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=16, default="en", validators=[validate_language])
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.Model):
    """What a user is in one organisation or one firm."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("Owner")
        MANAGER = "manager", _("Manager")
        SALES = "sales", _("Sales")
        SCANNER = "scanner", _("Lead scanner")
        MEMBER = "member", _("Member")

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
