"""Addresses of API keys, the API reference and webhooks."""

from django.urls import URLResolver, path
from django.urls.resolvers import RoutePattern

from serai.expo.site.api.pages import views

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


class _Later(URLResolver):
    """Addresses whose module is imported when one of them is asked for or named."""

    def _populate(self) -> None:
        """Names in a namespace are looked for in it, and nowhere before."""


# The schemas of the interface take as long to make as all pages together, and the first page needs none of them.
outside_of_languages = [
    _Later(RoutePattern("api/v1/"), f"{__package__}.interface", app_name="ninja", namespace="api"),
]
