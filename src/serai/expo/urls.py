"""All addresses of the site. Pages carry the language first: /en/..., /zh-hans/..., /ar/... ."""

from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from serai.expo.fairs.mailing.pages import views as mail_views
from serai.expo.meetings.leads.pages.urls import outside_of_languages as leads_outside_of_languages
from serai.expo.people.acting.pages.urls import outside_of_editions
from serai.expo.programme.badges.pages.urls import outside_of_languages
from serai.expo.site.api.pages.urls import calls, pages_outside_of_editions
from serai.expo.site.setup.pages import views as setup_views
from serai.expo.site.web.pages import sitemap, views

# The rooms under an edition's address.
ROOMS = (
    "site.web",
    "offers.chains",
    "site.directory",
    "venue.halls",
    "programme.sessions",
    "results.report",
    "meetings.timetable",
    "meetings.requests",
    "meetings.day",
    "site.buyer_desk",
    "meetings.outcomes",
    "site.imports",
    "results.exports",
    "site.trail",
    "people.acting",
    "participants.team",
    "programme.badges",
    "participants.questions",
    "meetings.leads",
    "offers.market",
    "offers.interests",
    "participants.packages",
    "site.exhibitor_desk",
    "site.setup",
    "venue.floor",
    "site.api",
    "fairs.mailing",
    "results.assistance",
    "fairs.groups",
    "site.retention",
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
        path("", include("serai.expo.people.account.pages.urls")),
        path("", include("serai.expo.base.files.pages.urls")),
        *outside_of_editions,
        *pages_outside_of_editions,
        *(path("<slug:edition>/", include(f"serai.expo.{room}.pages.urls")) for room in ROOMS),
    ),
]
