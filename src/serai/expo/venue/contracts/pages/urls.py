"""Addresses: contracts of booths, and the terms that they stand under."""

from django.urls import path

from serai.expo.venue.contracts.pages import views

urlpatterns = [
    path("organiser/booths/contracts/", views.contracts, name="booth-contracts"),
    path("organiser/booths/contracts/<int:pk>/", views.contract, name="booth-contract"),
    path("desk/<slug:identifier>/contract/", views.desk_contract, name="desk-contract"),
]
