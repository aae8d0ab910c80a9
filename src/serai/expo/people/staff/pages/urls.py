"""Addresses of staff sessions."""

from django.urls import path

from serai.expo.people.staff.pages import views

outside_of_editions = [
    path("staff/", views.staff, name="staff"),
    path("staff/close/", views.close_staff, name="close-staff"),
]
