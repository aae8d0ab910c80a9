"""Addresses of the stage."""

from django.urls import path

from serai.expo.site.stage.pages import organiser_views, views

urlpatterns = [
    path("stage/", views.stage, name="stage"),
    path("stage/<slug:slug>/", views.stage, name="stage-screen"),
    path("organiser/screens/", organiser_views.screens, name="screens"),
    path("organiser/screens/new/", organiser_views.screen, name="screen-new"),
    path("organiser/screens/<int:number>/", organiser_views.screen, name="screen"),
    path("organiser/screens/<int:number>/remove/", organiser_views.remove, name="screen-remove"),
]
