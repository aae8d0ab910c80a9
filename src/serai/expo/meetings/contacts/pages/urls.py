"""Addresses: contacts kept from badges and from pages of firms."""

from django.urls import path

from serai.expo.meetings.contacts.pages import views

urlpatterns = [
    path("buyer/contacts/", views.contacts, name="my-contacts"),
    path("buyer/contacts/new/", views.contact_new, name="my-contact-new"),
    path("buyer/contacts/contacts.vcf", views.contacts_vcf, name="contacts-vcf"),
    path("buyer/contacts/contacts.csv", views.contacts_table, name="contacts-csv"),
    path("buyer/contacts/<int:number>/", views.contact, name="my-contact"),
    path("buyer/contacts/<slug:identifier>/", views.keep_contact, name="keep-contact"),
    path("contacts-offline/", views.contacts_offline, name="contacts-offline"),
]
