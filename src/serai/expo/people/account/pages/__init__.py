"""Addresses of signing in and of the own account.

The names with an underscore are those that django-allauth asks for.
"""

from allauth.account import views as sign_in
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as organisation_accounts
from django.urls import path
from django.views.decorators.http import require_POST

from serai.expo.people.account.pages import views
from serai.expo.people.account.pages.confirmation import confirm_by_mail, confirmed

sign_out = require_POST(views.leaving_nothing(sign_in.logout))

outside_of_editions = [
    path("sign-in/", sign_in.login, name="sign-in"),
    path("sign-in/", sign_in.login, name="account_login"),
    path("sign-in/code/", sign_in.request_login_code, name="account_request_login_code"),
    path("sign-in/code/enter/", sign_in.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/second-factor/", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/closed/", sign_in.account_inactive, name="account_inactive"),
    path(
        "sign-in/organisation/cancelled/", organisation_accounts.login_cancelled, name="socialaccount_login_cancelled"
    ),
    path("sign-in/organisation/error/", organisation_accounts.login_error, name="socialaccount_login_error"),
    path("sign-in/organisation/complete/", organisation_accounts.signup, name="socialaccount_signup"),
    path("sign-up/", sign_in.signup, name="account_signup"),
    path("sign-out/", sign_out, name="sign-out"),
    path("sign-out/", sign_out, name="account_logout"),
    path("password/reset/", sign_in.password_reset, name="account_reset_password"),
    path("password/reset/code/", sign_in.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("password/reset/new/", sign_in.complete_password_reset, name="account_complete_password_reset"),
    path("password/reset/done/", sign_in.password_reset_from_key_done, name="account_password_reset_completed"),
    path("account/", views.account, name="account"),
    path("account/my-data.json", views.own_data, name="own-data"),
    path("account/profile/", views.profile, name="profile"),
    path("account/consents/", views.consents, name="consents"),
    path("account/mail/", confirmed(sign_in.email, looking=True), name="account_email"),
    path("account/mail/code/", sign_in.email_verification_sent, name="account_email_verification_sent"),
    path("account/security/", factors.index, name="mfa_index"),
    path("account/security/password/", sign_in.password_change, name="account_change_password"),
    path("account/security/password/set/", confirmed(sign_in.password_set), name="account_set_password"),
    path("account/security/confirm/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("account/security/confirm/mail/", confirm_by_mail, name="confirm-by-mail"),
    path("account/security/confirm/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("account/security/confirm/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/security/app/", confirmed(totp.activate_totp), name="mfa_activate_totp"),
    path("account/security/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/security/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/security/passkeys/add/", confirmed(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("account/security/passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/security/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/security/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/security/recovery-codes/make/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/security/recovery-codes.txt",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("account/security/organisation/", organisation_accounts.connections, name="socialaccount_connections"),
    path("account/sessions/", views.sessions, name="usersessions_list"),
    path("account/sessions/<int:pk>/end/", views.session_end, name="session-end"),
]
