"""Addresses: the call for proposals."""

from django.urls import path

from serai.expo.programme.proposals.pages import review_views, views

urlpatterns = [
    path("programme/proposals/", views.mine, name="my-proposals"),
    path("programme/proposals/new/", views.edit, name="proposal-new"),
    path("programme/proposals/<int:number>/", views.edit, name="proposal-edit"),
    path("programme/proposals/<int:number>/withdraw/", views.withdraw, name="proposal-withdraw"),
    path("organiser/programme/proposals/", review_views.proposals, name="proposals"),
    path("organiser/programme/proposals/<int:number>/", review_views.proposal, name="proposal"),
    path(
        "organiser/programme/proposals/<int:number>/review/",
        review_views.decide,
        {"act": "review"},
        name="proposal-review",
    ),
    path(
        "organiser/programme/proposals/<int:number>/accept/",
        review_views.decide,
        {"act": "accept"},
        name="proposal-accept",
    ),
    path(
        "organiser/programme/proposals/<int:number>/decline/",
        review_views.decide,
        {"act": "decline"},
        name="proposal-decline",
    ),
]
