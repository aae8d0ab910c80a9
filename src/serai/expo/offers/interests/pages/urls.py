"""Addresses of the market and of expressions of interest."""

from django.urls import path

from serai.expo.offers.interests.pages import views

urlpatterns = [
    path("market/", views.market, name="market"),
    path("market/interests/", views.interests, name="interests"),
    path("market/interests/<int:number>/", views.interest, name="interest"),
    *(
        path(f"market/{kind}s/<int:number>/", views.market_item, {"kind": kind}, name=f"market-{kind}")
        for kind in ("offer", "need")
    ),
]
