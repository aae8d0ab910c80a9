"""Addresses of the directory."""

from django.urls import path

from serai.expo.firms.identity.pages import split_views as parting
from serai.expo.firms.identity.pages import views as duplicates
from serai.expo.firms.record.pages import media_views as media
from serai.expo.firms.record.pages import size_views as sizes
from serai.expo.firms.verification.pages import claim_views as claims
from serai.expo.firms.verification.pages import views as verification
from serai.expo.offers.chains.pages import position_views as positions
from serai.expo.site.directory.pages import adding_views as adding
from serai.expo.site.directory.pages import views

urlpatterns = [
    path("firms/", views.directory, name="directory"),
    path("firms/register/", claims.register_firm, name="register-firm"),
    path("firms/<slug:identifier>/", views.firm, name="firm"),
    path("firms/<slug:identifier>/people/<int:number>.vcf", views.contact_card, name="contact-card"),
    path("firms/<slug:identifier>/partners/", views.partners, name="partners"),
    path("firms/<slug:identifier>/claim/", claims.firm_claim, name="firm-claim"),
    path("firms/<slug:identifier>/verification/", verification.firm_verification, name="firm-verification"),
    path("firms/<slug:identifier>/positions/", positions.firm_positions, name="firm-positions"),
    path("firms/<slug:identifier>/media/", media.firm_media, name="firm-media"),
    path("organiser/participants/add/", adding.participant_add, name="participant-add"),
    path("organiser/positions/", positions.position_list, name="position-list"),
    path("organiser/sizes/", sizes.size_rules, name="size-rules"),
    path("organiser/claims/", claims.claim_list, name="claim-list"),
    path("organiser/verification/", verification.verification_list, name="verification-list"),
    path("organiser/verification/granted/", verification.granted_list, name="granted-list"),
    path("organiser/firms/<slug:identifier>/part/", parting.firm_part, name="firm-part"),
    path("organiser/partings/<int:number>/undo/", parting.parting_undo, name="parting-undo"),
    path("organiser/duplicates/", duplicates.duplicate_list, name="duplicate-list"),
    path("organiser/duplicates/decide/", duplicates.duplicates_decide, name="duplicates-decide"),
    path("organiser/duplicates/<int:number>/", duplicates.duplicate_decide, name="duplicate-decide"),
    path("organiser/merges/<int:number>/undo/", duplicates.merge_undo, name="merge-undo"),
]
