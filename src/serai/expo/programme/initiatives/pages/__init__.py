"""Addresses of initiatives."""

from django.urls import path

from serai.expo.programme.initiatives.pages import organiser_views, views

DESK = "organiser/initiatives/"
INITIATIVE = f"{DESK}<int:number>/"

urlpatterns = [
    path("initiatives/", views.initiatives, name="initiatives"),
    path("initiatives/<int:number>/", views.initiative, name="initiative"),
    path("initiatives/sign/<str:token>/", views.signing, name="initiative-sign"),
    path(DESK, organiser_views.overview, name="initiatives-desk"),
    path(f"{DESK}new/", organiser_views.edit, name="initiative-new"),
    path(INITIATIVE, organiser_views.initiative, name="initiative-desk"),
    path(f"{INITIATIVE}text/", organiser_views.edit, name="initiative-edit"),
    path(f"{INITIATIVE}act/", organiser_views.act, name="initiative-act"),
    path(f"{INITIATIVE}signatories/new/", organiser_views.signatory, name="signatory-new"),
    path(f"{INITIATIVE}signatories/<int:signature>/", organiser_views.signatory, name="signatory"),
    path(f"{INITIATIVE}signatories/<int:signature>/act/", organiser_views.act_on_signature, name="signatory-act"),
    path(f"{INITIATIVE}signatories/<int:signature>/paper/", organiser_views.paper, name="signature-paper"),
    path(f"{INITIATIVE}commitments/new/", organiser_views.commitment, name="commitment-new"),
    path(f"{INITIATIVE}commitments/<int:commitment>/", organiser_views.commitment, name="commitment"),
    path(f"{INITIATIVE}commitments/<int:commitment>/act/", organiser_views.act_on_commitment, name="commitment-act"),
    path(f"{INITIATIVE}notes/<int:note>/act/", organiser_views.decide_on_note, name="commitment-note-act"),
    path(f"{INITIATIVE}notes/<int:note>/document/", organiser_views.document, name="commitment-note-document"),
]
