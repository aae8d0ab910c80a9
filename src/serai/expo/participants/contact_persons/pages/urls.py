"""Addresses of contact persons."""

from django.urls import path

from serai.expo.participants.contact_persons.pages import views

urlpatterns = [
    path("participants/<int:number>/contacts/", views.contacts, name="contact-persons"),
    path("participants/<int:number>/contacts/<int:contact>/", views.contact, name="contact-person"),
]

outside_of_editions = [
    path("unsubscribe/contact/<str:secret>/", views.contact_unsubscribe, name="contact-unsubscribe"),
]
