"""Addresses of halls and booths on the organiser's desk."""

from django.urls import path

from serai.expo.venue.floor.pages import drawing_views, views
from serai.expo.venue.floor.pages.views import BOOTH, ENTRANCE, TABLES, hall_part

urlpatterns = [
    path("organiser/floor/", views.floor, name="floor"),
    path("organiser/floor/workbook/", views.floor_workbook, name="floor-workbook"),
    path("organiser/floor/<str:code>/", views.floor_hall, name="floor-hall"),
    path("organiser/floor/<str:code>/plan/", drawing_views.floor_plan, name="floor-plan"),
    path("organiser/floor/<str:code>/tables/new/", hall_part, {"part": TABLES}, name="floor-tables-new"),
    path("organiser/floor/<str:code>/tables/<int:row>/", hall_part, {"part": TABLES}, name="floor-tables"),
    path("organiser/floor/<str:code>/entrances/new/", hall_part, {"part": ENTRANCE}, name="floor-entrance-new"),
    path("organiser/floor/<str:code>/entrances/<int:row>/", hall_part, {"part": ENTRANCE}, name="floor-entrance"),
    path("organiser/floor/<str:code>/booths/new/", hall_part, {"part": BOOTH}, name="floor-booth-new"),
    path("organiser/floor/<str:code>/booths/<str:row>/", hall_part, {"part": BOOTH}, name="floor-booth"),
]
