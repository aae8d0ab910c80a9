"""Addresses of segments and mail."""

from django.urls import path

from serai.expo.fairs.mailing.pages import letters, views

urlpatterns = [
    path("organiser/segments/", views.segments, name="segments"),
    path("organiser/segments/new/", views.segment, name="segment-new"),
    path("organiser/segments/<int:pk>/", views.segment, name="segment"),
    path("organiser/mail/", views.outbox, name="outbox"),
    path("organiser/mail/retry/", views.retry_all, name="mail-retry"),
    path("organiser/mail/templates/", views.templates, name="mail-templates"),
    path("organiser/mail/templates/new/", views.template, name="mail-template-new"),
    path("organiser/mail/templates/<int:pk>/", views.template, name="mail-template"),
    path("organiser/mail/letters/", letters.letter_list, name="letters"),
    path("organiser/mail/letters/<slug:key>/", letters.letter_words, name="letter"),
    path("organiser/mail/<int:pk>/", views.mailing, name="mailing"),
]

outside_of_editions = [path("unsubscribe/<str:secret>/", views.unsubscribe, name="unsubscribe")]
