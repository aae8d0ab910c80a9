"""Signing in: by a code sent by mail, a passkey, or the server of an organisation; and the words of its pages."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from serai.expo.base.tokens import seal, unseal
from serai.expo.people.account.domain.profile import account_letter
from serai.expo.people.account.models import User


class ProveMailAddress(EmailVerificationStage):
    """A person who signs up proves the mail address first. An account that was made with a password need not."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if not self.login.signup and user is not None and user.has_usable_password():
            return None, True
        answer: tuple[HttpResponse | None, bool] = super().handle()
        return answer


GOOD_FOR = {
    "account/email/login_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
    "account/email/password_reset_code": app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT,
    "account/email/email_confirmation": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
    "account/email/email_confirmation_signup": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
}
"""For how many seconds the code in a letter is good."""
UNKNOWN, CLOSED = "account/email/unknown_account", "account/email/account_closed"
"""The letters to an address without an account, and to one whose account is closed."""


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This mail address and this password do not belong together. Check both and try again."
        ),
        "incorrect_code": _("This is not the code that was sent. Check it and try again."),
        "too_many_login_attempts": _("Too many attempts. Wait some minutes and try again."),
        "rate_limited": _("Too many attempts. Wait some minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return bool(settings.SIGN_UP)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's address; the sender's own where the request has passed fewer proxies than are configured."""
        try:
            return str(super().get_client_ip(request))
        except (ImproperlyConfigured, PermissionDenied):
            return str(request.META.get("REMOTE_ADDR", ""))

    def get_login_stages(self) -> list[str]:
        ours = f"{ProveMailAddress.__module__}.{ProveMailAddress.__name__}"
        theirs = f"{EmailVerificationStage.__module__}.{EmailVerificationStage.__name__}"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ways to confirm that it is oneself: a code by mail for who has neither password nor second factor."""
        by_mail = {"id": "mail", "description": _("Send me a code"), "url": reverse("confirm-by-mail")}
        return super().get_reauthentication_methods(user) or ([by_mail] if user.is_authenticated else [])

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.name = form.cleaned_data.get("name", "")
        user.language = translation.get_language() or "en"
        return super().save_user(request, user, form, commit)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the letter, in the language of the account with this address, else of the page.

        The owner of a closed account reads that it is closed, and not that there is none.
        """
        account = User.objects.filter(email=email.lower()).first()
        if template_prefix == UNKNOWN and account is not None and not account.is_active:
            template_prefix = CLOSED
        with translation.override(account.language if account else translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def render_mail(self, template_prefix: str, *given: Any, **named: Any) -> EmailMessage:
        message = super().render_mail(template_prefix, *given, **named)
        return QueuedLetter(message.subject, message.body, to=message.to, good_for=GOOD_FOR.get(template_prefix))


class QueuedLetter(EmailMessage):
    """A letter that is queued when it is sent: no page waits for a mail server."""

    def __init__(self, *given: Any, good_for: int | None, **named: Any) -> None:
        super().__init__(*given, **named)
        self.good_for = good_for

    def send(self, *_given: Any, **_named: Any) -> int:
        language = translation.get_language() or "en"
        account_letter.call(self.to[0], language, str(self.subject), str(self.body), self.good_for)
        return 1


class OrganisationAccountAdapter(DefaultSocialAccountAdapter):
    """Accounts that an organisation's own server vouches for."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return True  # the operator named the server, and it names who may come in

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:  # noqa: ARG002
        """Mark the mail address of an existing account as verified where the server vouches for it."""
        user = sociallogin.user
        if user.pk and user.email in {address.email for address in sociallogin.email_addresses if address.verified}:
            EmailAddress.objects.update_or_create(
                user=user, email=user.email, defaults={"verified": True, "primary": True}
            )

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = str(data.get("name") or " ".join(part for part in parts if part))[:200]
        user.language = translation.get_language() or "en"
        return user


class FactorAdapter(DefaultMFAAdapter):
    """Second factors. Their secrets are encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong or no longer valid. Wait for the next one and try again."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, "second factors")

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, "second factors")


# ruff: noqa: E501 - what a library says is quoted as it stands there


WORDS = (
    gettext_noop("The password reset token was invalid."),
    gettext_noop("Use authenticator app or code"),
    gettext_noop("You cannot activate two-factor authentication until you have verified your email address."),
    gettext_noop(
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional requirements such as biometrics or PIN protection."
    ),
    gettext_noop(
        "An account already exists with this email address. Please sign in to that account first, then connect your %s account."
    ),
    gettext_noop("Your account has no verified email address."),
    gettext_noop("Email Addresses"),
    gettext_noop("The following email addresses are associated with your account:"),
    gettext_noop("Primary"),
    gettext_noop("Re-send Verification"),
    gettext_noop("Add Email Address"),
    gettext_noop("Add Email"),
    gettext_noop("Do you really want to remove the selected email address?"),
    gettext_noop("You cannot remove your primary email address (%(email)s)."),
    gettext_noop("You have confirmed %(email)s."),
    gettext_noop("Removed email address %(email)s."),
    gettext_noop("Primary email address set."),
    gettext_noop("Verify Your Email Address"),
    gettext_noop("Your account is protected by two-factor authentication. Please enter an authenticator code:"),
    gettext_noop("You are about to generate a new set of recovery codes for your account."),
    gettext_noop(
        "To protect your account with two-factor authentication, scan the QR code below with your authenticator app. Then, input the verification code generated by the app below."
    ),
    gettext_noop("Passkey"),
    gettext_noop("This key does not indicate whether it is a passkey."),
)
