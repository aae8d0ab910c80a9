"""Addresses of the report."""

from django.urls import path

from serai.expo.results.report.pages import builder_views, views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/<str:file_name>", views.export, name="export"),
    path("report/<slug:slug>/", views.issue, name="named-report"),
    path("report/<slug:slug>/<int:number>/", views.issue, name="report-issue"),
    path("report/<slug:slug>/<int:number>/<str:file_name>", views.issue_file, name="report-file"),
    path("organiser/reports/", builder_views.reports, name="report-builder"),
    path("organiser/reports/<slug:slug>/", builder_views.report_build, name="report-build"),
    path("organiser/reports/<slug:slug>/preview/", builder_views.preview, name="report-preview"),
    path("organiser/reports/<slug:slug>/publish/", builder_views.publish, name="report-publish"),
    path("organiser/reports/<slug:slug>/<int:number>/withdraw/", builder_views.withdraw, name="report-withdraw"),
    path("organiser/reports/<slug:slug>/parts/<int:pk>/", builder_views.part, name="report-part"),
    path(
        "organiser/reports/<slug:slug>/parts/<int:pk>/findings/<slug:code>/",
        builder_views.finding_wording,
        name="report-finding",
    ),
    path("organiser/reports/<slug:slug>/parts/new/<str:kind>/", builder_views.part_new, name="report-part-new"),
]
