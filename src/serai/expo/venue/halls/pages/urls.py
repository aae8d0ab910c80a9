"""Addresses of the halls."""

from django.urls import path

from serai.expo.venue.booths.pages import allocation_views
from serai.expo.venue.booths.pages import assignment_views as stand_views
from serai.expo.venue.contracts.pages import views as contract_views
from serai.expo.venue.halls.pages import views

urlpatterns = [
    path("halls/", views.hall_list, name="hall-list"),
    path("halls/<str:code>/", views.hall, name="hall"),
    path("organiser/booths/", allocation_views.allocation, name="booth-allocation"),
    path("organiser/booths/proposals/<int:pk>/", allocation_views.decide_allocation, name="decide-allocation"),
    path("organiser/booths/wishes/<int:pk>/points/", allocation_views.give_points, name="booth-wish-points"),
    path("organiser/booths/halls/<str:code>/", allocation_views.booth_states, name="booth-states"),
    path("organiser/booths/contracts/", contract_views.contracts, name="booth-contracts"),
    path("organiser/booths/contracts/<int:pk>/", contract_views.contract, name="booth-contract"),
    path("desk/<slug:identifier>/contract/", contract_views.desk_contract, name="desk-contract"),
    path("organiser/booths/<int:pk>/", allocation_views.booth, name="organiser-booth"),
    path("organiser/booths/<int:pk>/stand/", stand_views.stand, name="give-booth"),
]
