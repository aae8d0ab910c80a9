"""Addresses of signing in and of the own account."""

from django.urls import path

from serai.expo.people import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/my-data.json", views.own_data, name="own-data"),
]
