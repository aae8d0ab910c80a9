"""The pages of a participant's own meetings, requests and exchanges of times, with their addresses."""

from django.urls import path

from serai.expo.meetings.requests.pages import meetings, views

urlpatterns = [
    path("meetings/", views.mine, name="my-meetings"),
    path("meetings/ask/", views.ask_several, name="ask-several"),
    path("meetings/ask/<slug:identifier>/", views.ask, name="ask-to-meet"),
    path("meetings/requests/<int:number>/", views.answer, name="meeting-request"),
    path("meetings/exchanges/<int:number>/", views.exchange, name="meeting-exchange"),
    path("meetings/<int:number>/", meetings.meeting, name="meeting"),
    path("meetings/<int:number>/act/", meetings.act_on_meeting, name="act-on-meeting"),
]
