"""Addresses: which records are one firm."""

from django.urls import path

from serai.expo.firms.identity.pages import split_views, views

urlpatterns = [
    path("organiser/firms/<slug:identifier>/part/", split_views.firm_split, name="firm-part"),
    path("organiser/partings/<int:number>/undo/", split_views.split_undo, name="parting-undo"),
    path("organiser/duplicates/", views.duplicate_list, name="duplicate-list"),
    path("organiser/duplicates/decide/", views.duplicates_decide, name="duplicates-decide"),
    path("organiser/duplicates/<int:number>/", views.duplicate_decide, name="duplicate-decide"),
    path("organiser/merges/<int:number>/undo/", views.merge_undo, name="merge-undo"),
]
