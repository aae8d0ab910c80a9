"""All addresses of the site. Pages carry the language first: /en/..., /zh-hans/..., /ar/... ."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from serai.expo.editions import views

# The rooms under an edition's address.
ROOMS = ("editions", "chains", "firms", "halls", "programme", "report", "meetings", "imports")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="home"), name="root"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("", include("serai.expo.people.urls")),
        *(path("<slug:edition>/", include(f"serai.expo.{room}.urls")) for room in ROOMS),
    ),
]
