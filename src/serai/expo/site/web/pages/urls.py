"""Addresses of an edition."""

from django.urls import path

from serai.expo.site.web.pages import sitemap, social_cards, views

urlpatterns = [
    path("", views.edition, name="edition"),
    path("cards/<str:kind>/<str:key>.png", social_cards.card, name="social-card"),
    path("organiser/phases/", views.phases, name="phases"),
    path("organiser/queues/", views.queues, name="queues"),
    path("organiser/applications/", views.applications, name="applications"),
]

outside_of_editions = [
    path("", views.home, name="home"),
    path("accessibility/", views.accessibility, name="accessibility"),
]

outside_of_languages = [
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.index, name="sitemap-index"),
    path("sitemap-<section>.xml", sitemap.sitemap, name="sitemap"),
]
