"""Addresses of leads."""

from django.urls import path

from serai.expo.meetings.leads.pages import views

urlpatterns = [
    path("leads-offline/", views.leads_offline, name="leads-offline"),
    path("desk/<slug:identifier>/leads/", views.leads, name="desk-leads"),
    path("desk/<slug:identifier>/leads/new/", views.lead_new, name="desk-lead-new"),
    path("desk/<slug:identifier>/leads/leads.csv", views.lead_table, name="desk-leads-csv"),
    path("desk/<slug:identifier>/leads/<int:number>/", views.lead, name="desk-lead"),
    path("desk/<slug:identifier>/leads/<int:number>/done/", views.lead_done, name="desk-lead-done"),
]
