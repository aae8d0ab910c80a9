"""Addresses of the buyer's and the delegation's desk."""

from django.urls import path

from serai.expo.site.buyer_desk.pages import delegation_views, views

urlpatterns = [
    path("buyer/", views.desk, name="buyer-desk"),
    path("buyer/delegation/", delegation_views.delegation, name="delegation"),
    path("buyer/register/", views.register, name="register-buyer"),
    path("buyer/registrations/<int:number>/", views.tell_more, name="tell-more"),
    path("buyer/terms/", views.accept_terms, name="accept-terms"),
    path("buyer/targets/", views.set_targets, name="set-targets"),
    path("buyer/needs/new/", views.state_need, name="state-need"),
    path("buyer/needs/<int:number>/", views.need_sources, name="need-sources"),
    path("buyer/needs/<int:number>/edit/", views.need_edit, name="need-edit"),
]
