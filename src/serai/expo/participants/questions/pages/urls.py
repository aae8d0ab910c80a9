"""Addresses of the organiser's questions and of the answers."""

from django.urls import path

from serai.expo.participants.questions.pages import views

urlpatterns = [
    path("organiser/questions/", views.questions, name="registration-questions"),
    path("organiser/questions/new/", views.question, name="registration-question-new"),
    path("organiser/questions/<int:pk>/", views.question, name="registration-question"),
    path("organiser/questions/<int:pk>/answers/", views.question_answers, name="question-answers"),
    path("participations/<int:number>/answers/", views.own_answers, name="registration-answers"),
]
