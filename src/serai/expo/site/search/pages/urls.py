"""Addresses of the search."""

from django.urls import path

from serai.expo.site.search.pages import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="search-suggestions"),
]
