"""Addresses of halls and booths on the organiser's desk."""

from django.urls import path

from serai.expo.venue.floor.pages import drawing_views, views

urlpatterns = [
    path("organiser/floor/", views.floor, name="floor"),
    path("organiser/floor/workbook/", views.floor_workbook, name="floor-workbook"),
    path("organiser/floor/<str:code>/", views.floor_hall, name="floor-hall"),
    path("organiser/floor/<str:code>/plan/", drawing_views.floor_plan, name="floor-plan"),
    path("organiser/floor/<str:code>/tables/new/", views.floor_tables, name="floor-tables-new"),
    path("organiser/floor/<str:code>/tables/<int:pk>/", views.floor_tables, name="floor-tables"),
    path("organiser/floor/<str:code>/entrances/new/", views.floor_entrance, name="floor-entrance-new"),
    path("organiser/floor/<str:code>/entrances/<int:pk>/", views.floor_entrance, name="floor-entrance"),
    path("organiser/floor/<str:code>/booths/new/", views.floor_booth, name="floor-booth-new"),
    path("organiser/floor/<str:code>/booths/<str:booth>/", views.floor_booth, name="floor-booth"),
]
