"""Addresses of offers and needs."""

from django.urls import path

from serai.expo.offers.market.pages import views

DESK = "desk/<slug:identifier>"

urlpatterns = [
    *(
        pattern
        for kind in ("offer", "need")
        for pattern in (
            path(f"{DESK}/{kind}s/", views.item_list, {"kind": kind}, name=f"desk-{kind}s"),
            path(f"{DESK}/{kind}s/{kind}s.csv", views.item_table, {"kind": kind}, name=f"desk-{kind}s-table"),
            path(f"{DESK}/{kind}s/table/", views.item_table_in, {"kind": kind}, name=f"desk-{kind}s-table-in"),
            path(f"{DESK}/{kind}s/new/", views.item_edit, {"kind": kind}, name=f"desk-{kind}-new"),
            path(f"{DESK}/{kind}s/<int:number>/", views.item_edit, {"kind": kind}, name=f"desk-{kind}-edit"),
            path(f"{DESK}/{kind}s/<int:number>/files/", views.file_add, {"kind": kind}, name=f"desk-{kind}-file"),
            *(
                path(
                    f"{DESK}/{kind}s/<int:number>/{act}/",
                    views.item_act,
                    {"kind": kind, "act": act},
                    name=f"desk-{kind}-{act}",
                )
                for act in ("submit", "renew", "withdraw", "remove")
            ),
            path(f"organiser/review/{kind}s/<int:number>/", views.decide, {"kind": kind}, name=f"market-review-{kind}"),
        )
    ),
    path(f"{DESK}/offers/<int:number>/certificates/", views.certificate_add, name="desk-offer-certificate"),
    path(f"{DESK}/files/<int:number>/remove/", views.file_remove, name="market-file-remove"),
    path(f"{DESK}/files/<int:number>/focus/", views.file_focus, name="market-file-focus"),
    path("market/files/<int:number>/", views.market_file, name="market-file"),
    path("organiser/review/", views.review, name="market-review"),
]
