"""Addresses of initiatives."""

from django.urls import path

from serai.expo.programme.initiatives.pages import organiser_views, signing_views, views

DESK = "organiser/initiatives/"
ONE = f"{DESK}<int:number>/"

urlpatterns = [
    path("initiatives/", views.initiatives, name="initiatives"),
    path("initiatives/<int:number>/", views.initiative, name="initiative"),
    path("initiatives/sign/<str:token>/", signing_views.signing, name="initiative-sign"),
    path(DESK, organiser_views.overview, name="initiatives-desk"),
    path(f"{DESK}new/", organiser_views.edit, name="initiative-new"),
    path(ONE, organiser_views.initiative, name="initiative-desk"),
    path(f"{ONE}text/", organiser_views.edit, name="initiative-edit"),
    path(f"{ONE}act/", organiser_views.act, name="initiative-act"),
    path(f"{ONE}signatories/new/", organiser_views.signatory, name="signatory-new"),
    path(f"{ONE}signatories/<int:signature>/", organiser_views.signatory, name="signatory"),
    path(f"{ONE}signatories/<int:signature>/act/", organiser_views.act_on_signature, name="signatory-act"),
    path(f"{ONE}signatories/<int:signature>/paper/", organiser_views.paper, name="signature-paper"),
    path(f"{ONE}commitments/new/", organiser_views.commitment, name="commitment-new"),
    path(f"{ONE}commitments/<int:commitment>/", organiser_views.commitment, name="commitment"),
    path(f"{ONE}commitments/<int:commitment>/act/", organiser_views.act_on_commitment, name="commitment-act"),
    path(f"{ONE}notes/<int:note>/act/", organiser_views.decide_on_note, name="commitment-note-act"),
    path(f"{ONE}notes/<int:note>/document/", organiser_views.document, name="commitment-note-document"),
]
