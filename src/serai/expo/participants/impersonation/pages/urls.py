"""Addresses of impersonation: of an edition's organisers, and outside of an edition."""

from django.urls import path

from serai.expo.participants.impersonation.pages import views

urlpatterns = [
    path("organiser/act-for/", views.act_for, name="act-for"),
    path("organiser/people/<int:number>/", views.person, name="organiser-person"),
]

outside_of_editions = [path("acting/end/", views.stop, name="stop-acting")]
