"""Addresses of the report."""

from django.urls import path

from serai.expo.results.report.pages import builder_views as building
from serai.expo.results.report.pages import views as reading

urlpatterns = [
    path("report/", reading.report, name="report"),
    path("report/<str:file_name>", reading.export, name="export"),
    path("report/<slug:slug>/", reading.issue, name="named-report"),
    path("report/<slug:slug>/<int:number>/", reading.issue, name="report-issue"),
    path("report/<slug:slug>/<int:number>/<str:file_name>", reading.issue_file, name="report-file"),
    path("organiser/reports/", building.reports, name="report-builder"),
    path("organiser/reports/<slug:slug>/", building.report_build, name="report-build"),
    path("organiser/reports/<slug:slug>/preview/", building.preview, name="report-preview"),
    path("organiser/reports/<slug:slug>/publish/", building.publish, name="report-publish"),
    path("organiser/reports/<slug:slug>/<int:number>/withdraw/", building.withdraw, name="report-withdraw"),
    path("organiser/reports/<slug:slug>/parts/<int:pk>/", building.part, name="report-part"),
    path("organiser/reports/<slug:slug>/parts/new/<str:kind>/", building.part_new, name="report-part-new"),
]
