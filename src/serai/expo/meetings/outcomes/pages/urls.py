"""Addresses of the ledger."""

from django.urls import path

from serai.expo.meetings.outcomes.pages import views

urlpatterns = [
    path("outcomes/", views.mine, name="my-outcomes"),
    path("outcomes/claim/", views.claim, name="claim-outcome"),
    path("outcomes/<int:number>/", views.outcome, name="outcome"),
    path("outcomes/<int:number>/act/", views.act_on_outcome, name="act-on-outcome"),
    path("outcomes/<int:number>/documents/<int:document>/", views.document, name="outcome-document"),
    path("organiser/outcomes/", views.organiser_ledger, name="ledger"),
]
