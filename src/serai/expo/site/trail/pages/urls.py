"""Addresses of the audit trail."""

from django.urls import path

from serai.expo.site.trail.pages import views

urlpatterns = [path("organiser/audit/", views.audit_trail, name="audit-trail")]
