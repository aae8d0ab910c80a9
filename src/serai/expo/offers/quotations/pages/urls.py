"""Addresses: quotations in answer to an offer or a need.."""

from django.urls import path

from serai.expo.offers.quotations.pages import views

urlpatterns = [
    path("market/interests/<int:number>/quotation/", views.quotation, name="quotation"),
    path("market/quotations/<int:number>/file/", views.quotation_file, name="quotation-file"),
    path("market/needs/<int:number>/quotations/", views.compare, name="quotations"),
]
