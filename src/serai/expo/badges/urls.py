"""Addresses of badges."""

from django.urls import path

from serai.expo.badges import views

urlpatterns = [
    path("desk/<slug:identifier>/badges/", views.badges, name="desk-badges"),
    path("desk/<slug:identifier>/badges/badges.pdf", views.sheets, name="desk-badges-pdf"),
    path("desk/<slug:identifier>/badges/<int:number>/", views.badge, name="desk-badge"),
    path("desk/<slug:identifier>/certificate.pdf", views.certificate, name="desk-certificate"),
    path("organiser/badges/", views.to_print, name="badges-to-print"),
    path("organiser/badges.pdf", views.all_sheets, name="badges-pdf"),
]

# Without a language: what is printed on a badge is short, and the reader's own language follows.
outside_of_languages = [path("b/<slug:edition>/<str:token>/", views.seen, name="badge-seen")]
