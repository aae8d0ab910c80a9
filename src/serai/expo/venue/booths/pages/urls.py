"""Addresses: booth assignment."""

from django.urls import path

from serai.expo.venue.booths.pages import allocation_views, assignment_views

urlpatterns = [
    path("organiser/booths/", allocation_views.allocation, name="booth-allocation"),
    path("organiser/booths/proposals/<int:pk>/", allocation_views.decide_allocation, name="decide-allocation"),
    path("organiser/booths/wishes/<int:pk>/points/", allocation_views.give_points, name="booth-wish-points"),
    path("organiser/booths/halls/<str:code>/", allocation_views.booth_states, name="booth-states"),
    path("organiser/booths/<int:pk>/", allocation_views.booth, name="organiser-booth"),
    path("organiser/booths/<int:pk>/stand/", assignment_views.stand, name="give-booth"),
]
