"""Signing in and out."""

from django.contrib.auth import views

from serai.expo.people.forms import SignInForm


class SignIn(views.LoginView):
    """By mail address and password."""

    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(views.LogoutView):
    """Ends the session; a POST, so that no link can do it."""
