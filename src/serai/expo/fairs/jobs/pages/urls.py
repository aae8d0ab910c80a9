"""Addresses of jobs."""

from django.urls import path

from serai.expo.fairs.jobs.pages import views

urlpatterns = [
    path("organiser/jobs/", views.jobs, name="jobs"),
    path("organiser/jobs/<int:number>/", views.job, name="job"),
    path("organiser/jobs/<int:number>/file/", views.job_file, name="job-file"),
]
