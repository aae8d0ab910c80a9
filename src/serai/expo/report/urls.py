"""Addresses of the report."""

from django.urls import path

from serai.expo.report import views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/<str:file_name>", views.export, name="export"),
]
