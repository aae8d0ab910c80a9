"""The pages of the site around those of its rooms: their addresses."""

from django.urls import path

from serai.expo.site.web.pages import pictures, search_engines, views

urlpatterns = [
    path("", views.edition, name="edition"),
    path("cards/<str:kind>/<str:key>.png", pictures.card, name="social-card"),
    path("organiser/phases/", views.phases, name="phases"),
    path("organiser/queues/", views.queues, name="queues"),
    path("organiser/applications/", views.applications, name="applications"),
]

outside_of_editions = [
    path("", views.home, name="home"),
    path("accessibility/", views.accessibility, name="accessibility"),
]

outside_of_languages = [
    path("robots.txt", search_engines.robots, name="robots"),
    path("sitemap.xml", search_engines.index, name="sitemap-index"),
    path("sitemap-<section>.xml", search_engines.sitemap, name="sitemap"),
]
