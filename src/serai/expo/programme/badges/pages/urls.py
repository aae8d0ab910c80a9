"""Addresses of badges."""

from django.urls import path

from serai.expo.programme.badges.pages import organiser_views as organising
from serai.expo.programme.badges.pages import own_views as mine
from serai.expo.programme.badges.pages import views
from serai.expo.programme.badges.pages import visa_views as visa

urlpatterns = [
    path("desk/<slug:identifier>/badges/", views.badges, name="desk-badges"),
    path("desk/<slug:identifier>/badges/badges.pdf", views.sheets, name="desk-badges-pdf"),
    path("desk/<slug:identifier>/badges/<int:number>/", views.badge, name="desk-badge"),
    path("desk/<slug:identifier>/certificate.pdf", views.certificate, name="desk-certificate"),
    path("badges/", mine.badges, name="my-badges"),
    path("badges/badges.pdf", mine.sheets, name="my-badges-pdf"),
    path("badges/<int:number>/", mine.badge, name="my-badge"),
    path("invitation-letters/", visa.letters, name="visa-letters"),
    path("invitation-letters/participants/<int:number>/", visa.of_participant, name="visa-letter"),
    path("invitation-letters/members/<int:number>/", visa.of_member, name="visa-letter-member"),
    path("organiser/badges/", organising.badges, name="badges-to-print"),
    path("organiser/badges/new/", organising.badge, name="organisers-badge-new"),
    path("organiser/badges/rules/", organising.rules, name="badge-rules"),
    path("organiser/badges/speakers/", organising.speakers, name="badges-of-speakers"),
    path("organiser/badges/<int:number>/", organising.badge, name="organisers-badge"),
    path("organiser/badges.pdf", organising.sheets, name="badges-pdf"),
    path("organiser/door/", organising.door, name="door"),
]

# Without a language: what is printed on a badge is short, and the reader's own language follows.
outside_of_languages = [path("b/<slug:edition>/<str:token>/", views.seen, name="badge-seen")]
