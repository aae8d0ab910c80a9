"""Addresses: booth assignment."""

from django.urls import path

from serai.expo.venue.booths.pages import views

urlpatterns = [
    path("organiser/booths/", views.allocation, name="booth-allocation"),
    path("organiser/booths/proposals/<int:pk>/", views.decide_allocation, name="decide-allocation"),
    path("organiser/booths/wishes/<int:pk>/points/", views.give_points, name="booth-wish-points"),
    path("organiser/booths/halls/<str:code>/", views.booth_states, name="booth-states"),
    path("organiser/booths/<int:pk>/", views.booth, name="organiser-booth"),
    path("organiser/booths/<int:pk>/stand/", views.stand, name="give-booth"),
]
