"""Addresses of the organisers."""

from django.urls import path

from serai.expo.fairs.organisers.pages import organiser_views, views

urlpatterns = [
    path("organiser/organisers/", organiser_views.organisers, name="organisers"),
    path("organiser/organisers/<int:number>/", organiser_views.change, name="organiser-change"),
    path("organiser/organisers/invitations/<int:number>/", organiser_views.invitation, name="organiser-invitation"),
]
outside_of_editions = [
    path("first-start/<str:token>/", views.first_start, name="first-start"),
    path("organisers/join/<str:token>/", views.join, name="organiser-join"),
]
