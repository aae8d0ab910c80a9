"""Addresses of setting a fair up."""

from django.urls import path

from serai.expo.site.setup.pages import views

urlpatterns = [
    path("invitation/", views.invitations, name="invitations"),
    path("organiser/setup/", views.setup, name="setup"),
    path("organiser/setup/edition/", views.edition_change, name="edition-change"),
    path("organiser/setup/sections/", views.sections, name="sections"),
    path("organiser/setup/phases/", views.usual_phases, name="usual-phases"),
    path("organiser/setup/state/", views.edition_state, name="edition-state"),
    path("organiser/clone/", views.clone, name="clone"),
]

outside_of_editions = [path("new-fair/", views.new_edition, name="new-edition")]
