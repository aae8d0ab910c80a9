"""Addresses of the buyer's and the delegation's desk."""

from django.urls import path

from serai.expo.meetings.contacts.pages import views as contacts
from serai.expo.participants.buyers.pages import vetting_views as vetting
from serai.expo.participants.delegations.pages import views as delegations
from serai.expo.site.buyer_desk.pages import views

urlpatterns = [
    path("buyer/", views.desk, name="buyer-desk"),
    path("buyer/register/", views.register, name="register-buyer"),
    path("buyer/registrations/<int:number>/", views.tell_more, name="tell-more"),
    path("buyer/terms/", views.accept_terms, name="accept-terms"),
    path("buyer/targets/", views.set_targets, name="set-targets"),
    path("buyer/needs/new/", views.state_need, name="state-need"),
    path("buyer/needs/<int:number>/", views.need_sources, name="need-sources"),
    path("buyer/needs/<int:number>/edit/", views.need_edit, name="need-edit"),
    path("buyer/contacts/", contacts.contacts, name="my-contacts"),
    path("buyer/contacts/new/", contacts.contact_new, name="my-contact-new"),
    path("buyer/contacts/contacts.vcf", contacts.contacts_vcf, name="contacts-vcf"),
    path("buyer/contacts/contacts.csv", contacts.contacts_table, name="contacts-csv"),
    path("buyer/contacts/<int:number>/", contacts.contact, name="my-contact"),
    path("buyer/contacts/<slug:identifier>/", contacts.keep_contact, name="keep-contact"),
    path("contacts-offline/", contacts.contacts_offline, name="contacts-offline"),
    path("buyer/delegation/", delegations.delegation, name="delegation"),
    path("organiser/delegations/", delegations.delegations, name="delegations"),
    path("organiser/buyers/", vetting.buyers, name="buyers"),
    path("organiser/buyers/terms/", vetting.terms, name="hosted-terms"),
    path("organiser/buyers/hosted/", vetting.hosted, name="hosted-buyers"),
]
