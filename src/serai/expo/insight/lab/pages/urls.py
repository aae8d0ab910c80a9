"""Addresses of the lab."""

from django.urls import path

from serai.expo.insight.lab.pages import views

urlpatterns = [
    path("lab/", views.lab, name="lab"),
    path("lab/chain/<slug:slug>/", views.lab_chain, name="lab-chain"),
    path("lab/table/", views.lab_table, name="lab-table"),
    path("lab/ready/<slug:name>/", views.lab_ready, name="lab-ready"),
    path("lab/runs/<slug:code>/", views.lab_run, name="lab-run"),
    path("lab/runs/<slug:code>/cancel/", views.lab_cancel, name="lab-cancel"),
    path("lab/runs/<slug:code>/file.<slug:kind_of_file>", views.lab_file, name="lab-file"),
    path("organiser/lab/", views.lab_settings, name="lab-settings"),
]
