"""All addresses of the site. Pages carry the language first: /en/..., /zh-hans/..., /ar/... ."""

from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from serai.expo.base.rooms import faces

handler400 = "serai.expo.site.operation.pages.bad_request"
handler500 = "serai.expo.site.operation.pages.server_error"
PAGES = faces("pages")


def addresses(name: str) -> list[URLPattern | URLResolver]:
    """The addresses that rooms keep under a name, wing by wing."""
    return [address for module in PAGES for address in getattr(module, name, ())]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="home"), name="root"),
    # Without a language, since these are told to the server of an organisation once.
    path("oidc/<str:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
    *addresses("outside_of_languages"),
    *i18n_patterns(
        *addresses("outside_of_editions"),
        path("<slug:edition>/", include(addresses("urlpatterns"))),
    ),
]
