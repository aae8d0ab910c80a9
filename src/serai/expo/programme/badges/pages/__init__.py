"""Addresses of badges."""

from django.urls import path

from serai.expo.programme.badges.pages import organiser_views, own_views, views, visa_views

urlpatterns = [
    path("desk/<slug:identifier>/badges/", views.badges, name="desk-badges"),
    path("desk/<slug:identifier>/badges/badges.pdf", views.sheets, name="desk-badges-pdf"),
    path("desk/<slug:identifier>/badges/<int:number>/", views.badge, name="desk-badge"),
    path("desk/<slug:identifier>/certificate.pdf", views.certificate, name="desk-certificate"),
    path("badges/", own_views.badges, name="my-badges"),
    path("badges/badges.pdf", own_views.sheets, name="my-badges-pdf"),
    path("badges/<int:number>/", own_views.badge, name="my-badge"),
    path("invitation-letters/", visa_views.letters, name="visa-letters"),
    path("invitation-letters/participants/<int:number>/", visa_views.of_participant, name="visa-letter"),
    path("invitation-letters/members/<int:number>/", visa_views.of_member, name="visa-letter-member"),
    path("organiser/badges/", organiser_views.badges, name="badges-to-print"),
    path("organiser/badges/new/", organiser_views.badge, name="organisers-badge-new"),
    path("organiser/badges/rules/", organiser_views.rules, name="badge-rules"),
    path("organiser/badges/speakers/", organiser_views.speakers, name="badges-of-speakers"),
    path("organiser/badges/<int:number>/", organiser_views.badge, name="organisers-badge"),
    path("organiser/badges.pdf", organiser_views.sheets, name="badges-pdf"),
    path("organiser/door/", organiser_views.door, name="door"),
]

outside_of_languages = [path("b/<slug:edition>/<str:token>/", views.seen, name="badge-seen")]
