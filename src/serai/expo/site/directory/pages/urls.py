"""Addresses of the directory."""

from django.urls import path

from serai.expo.site.directory.pages import participant_views, views

urlpatterns = [
    path("firms/", views.directory, name="directory"),
    path("firms/<slug:identifier>/", views.firm, name="firm"),
    path("firms/<slug:identifier>/people/<int:number>.vcf", views.contact_card, name="contact-card"),
    path("firms/<slug:identifier>/partners/", views.partners, name="partners"),
    path("organiser/participants/add/", participant_views.participant_add, name="participant-add"),
]
