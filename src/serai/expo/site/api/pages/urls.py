"""Addresses of API keys, the API reference and webhooks."""

from django.urls import path

from serai.expo.site.api.pages import views
from serai.expo.site.api.pages.interface import interface

urlpatterns = [
    path("organiser/webhooks/", views.webhooks, name="webhooks"),
    path("organiser/webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("organiser/webhooks/<int:pk>/change/", views.change_webhook, name="change-webhook"),
]

outside_of_editions = [
    path("account/keys/", views.keys, name="api-keys"),
    path("account/keys/<int:pk>/revoke/", views.revoke_key, name="revoke-api-key"),
    path("interface/", views.reference, name="api-reference"),
]

outside_of_languages = [path("api/v1/", interface.urls)]
