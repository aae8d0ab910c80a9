"""Addresses of the programme."""

from django.urls import path

from serai.expo.meetings.agenda.pages import views as agenda
from serai.expo.programme.proposals.pages import review_views as proposal_review
from serai.expo.programme.proposals.pages import views as proposals
from serai.expo.programme.sessions.pages import booth_event_views as booth_events
from serai.expo.programme.sessions.pages import organiser_views as organiser
from serai.expo.programme.sessions.pages import plan_views as planning
from serai.expo.programme.sessions.pages import views as programme

urlpatterns = [
    path("programme/", programme.programme, name="programme"),
    path("programme/programme.ics", programme.calendar, name="programme-calendar"),
    path("programme/schedule.xml", programme.schedule_as_xml, name="schedule-xml"),
    path("programme/schedule.json", programme.schedule_as_json, name="schedule-json"),
    path("programme/changes/", programme.changes, name="programme-changes"),
    path("programme/speakers/", programme.speakers, name="speaker-list"),
    path("programme/speakers/<int:number>/", programme.speaker, name="speaker"),
    path("programme/proposals/", proposals.mine, name="my-proposals"),
    path("programme/proposals/new/", proposals.new, name="proposal-new"),
    path("programme/proposals/<int:number>/", proposals.edit, name="proposal-edit"),
    path("programme/proposals/<int:number>/withdraw/", proposals.withdraw, name="proposal-withdraw"),
    path("programme/<int:number>/", programme.session, name="session"),
    path("programme/<int:number>/sign-up/", programme.take_seat, name="sign-up"),
    path("programme/<int:number>/withdraw/", programme.give_seat_up, name="withdraw"),
    path("agenda/", agenda.agenda, name="agenda"),
    path("agenda/feed/", agenda.change_feed, name="change-feed"),
    path("agenda/<str:token>.ics", agenda.agenda_feed, name="agenda-feed"),
    path("desk/<slug:identifier>/events/", booth_events.booth_events, name="desk-events"),
    path(
        "desk/<slug:identifier>/events/<int:number>/withdraw/", booth_events.withdraw_event, name="desk-event-withdraw"
    ),
    path("organiser/programme/", organiser.overview, name="organiser-programme"),
    path("organiser/programme/plan/", planning.plan_programme, name="plan-programme"),
    path("organiser/programme/release/", organiser.release, name="programme-release"),
    path("organiser/programme/session/<int:number>/confirm/", organiser.confirm, name="session-confirm"),
    path("organiser/programme/session/<int:number>/cancel/", organiser.cancel, name="session-cancel"),
    path("organiser/programme/proposals/", proposal_review.proposals, name="proposals"),
    path("organiser/programme/proposals/<int:number>/", proposal_review.proposal, name="proposal"),
    path("organiser/programme/proposals/<int:number>/review/", proposal_review.review, name="proposal-review"),
    path("organiser/programme/proposals/<int:number>/accept/", proposal_review.accept, name="proposal-accept"),
    path("organiser/programme/proposals/<int:number>/decline/", proposal_review.decline, name="proposal-decline"),
    path("organiser/programme/<slug:word>/new/", organiser.part, name="programme-part-new"),
    path("organiser/programme/<slug:word>/<int:number>/", organiser.part, name="programme-part"),
    path("organiser/programme/<slug:word>/<int:number>/remove/", organiser.remove, name="programme-part-remove"),
]
