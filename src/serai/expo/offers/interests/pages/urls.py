"""Addresses of the market, of expressions of interest and of quotations."""

from django.urls import path

from serai.expo.offers.interests.pages import quotation_views, views

urlpatterns = [
    path("market/", views.market, name="market"),
    path("market/interests/", views.interests, name="interests"),
    path("market/interests/<int:number>/", views.interest, name="interest"),
    path("market/interests/<int:number>/quotation/", quotation_views.quotation, name="quotation"),
    path("market/quotations/<int:number>/file/", quotation_views.quotation_file, name="quotation-file"),
    path("market/needs/<int:number>/quotations/", quotation_views.compare, name="quotations"),
    *(
        path(f"market/{kind}s/<int:number>/", views.market_item, {"kind": kind}, name=f"market-{kind}")
        for kind in ("offer", "need")
    ),
]
