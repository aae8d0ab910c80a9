"""All addresses of the site. Pages carry the language first: /en/..., /zh-hans/..., /ar/... ."""

from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from serai.expo.acting.urls import outside_of_editions
from serai.expo.api.urls import calls, pages_outside_of_editions
from serai.expo.badges.urls import outside_of_languages
from serai.expo.editions import views
from serai.expo.leads.urls import outside_of_languages as leads_outside_of_languages
from serai.expo.mailing import views as mail_views
from serai.expo.setup import views as setup_views
from serai.expo.web import sitemap

# The rooms under an edition's address.
ROOMS = (
    "editions",
    "chains",
    "firms",
    "halls",
    "programme",
    "report",
    "meetings",
    "meetings.mine",
    "meetings.advice",
    "buyers",
    "outcomes",
    "imports",
    "exports",
    "audit",
    "acting",
    "team",
    "badges",
    "questions",
    "leads",
    "market",
    "market.interests",
    "packages",
    "exhibitors",
    "setup",
    "floor",
    "api",
    "mailing",
    "assist",
    "groups",
    "retention",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="home"), name="root"),
    # Without a language, since these are told to the server of an organisation once.
    path("oidc/<str:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
    *calls,
    *outside_of_languages,
    *leads_outside_of_languages,
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.index, name="sitemap-index"),
    path("sitemap-<slug:slug>.<slug:language>.xml", sitemap.sitemap, name="sitemap"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("unsubscribe/<str:secret>/", mail_views.unsubscribe, name="unsubscribe"),
        path("new-fair/", setup_views.new_edition, name="new-edition"),
        path("", include("serai.expo.people.urls")),
        path("", include("serai.expo.files.urls")),
        *outside_of_editions,
        *pages_outside_of_editions,
        *(path("<slug:edition>/", include(f"serai.expo.{room}.urls")) for room in ROOMS),
    ),
]
