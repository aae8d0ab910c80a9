"""Addresses of the report."""

from django.urls import path

from serai.expo.report import views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report.json", views.report_json, name="report-json"),
]
