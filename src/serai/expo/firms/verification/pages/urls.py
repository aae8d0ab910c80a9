"""Addresses: claims and verification."""

from django.urls import path

from serai.expo.firms.verification.pages import claim_views, views

urlpatterns = [
    path("firms/register/", claim_views.register_firm, name="register-firm"),
    path("firms/<slug:identifier>/claim/", claim_views.firm_claim, name="firm-claim"),
    path("firms/<slug:identifier>/verification/", views.firm_verification, name="firm-verification"),
    path("organiser/claims/", claim_views.claim_list, name="claim-list"),
    path("organiser/verification/", views.verification_list, name="verification-list"),
    path("organiser/verification/granted/", views.granted_list, name="granted-list"),
]
