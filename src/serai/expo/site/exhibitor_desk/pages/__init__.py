"""The exhibitor's desk: its addresses."""

from django.urls import path

from serai.expo.site.exhibitor_desk.pages import record_views, views

urlpatterns = [
    path("desk/", views.desk_list, name="desk-list"),
    path("desk/apply/", views.application, name="desk-application"),
    path("desk/new-firm/", views.new_firm, name="desk-new-firm"),
    path("desk/co-exhibit/<str:token>/", views.co_exhibit, name="co-exhibit"),
    path("desk/<slug:identifier>/", views.desk, name="desk"),
    path("desk/<slug:identifier>/withdraw/", views.withdraw, name="desk-withdraw"),
    path("desk/<slug:identifier>/profile/", record_views.profile, name="desk-profile"),
    path("desk/<slug:identifier>/record/", record_views.overview, name="desk-record"),
    path("desk/<slug:identifier>/record/<slug:group>/", record_views.group, name="desk-record-group"),
    path("desk/<slug:identifier>/record/<slug:group>/<int:number>/", record_views.row, name="desk-record-row"),
    path("desk/<slug:identifier>/booth/", views.booth_wish, name="desk-booth"),
    path("desk/<slug:identifier>/availability/", views.availability, name="desk-availability"),
    path("desk/<slug:identifier>/results/", views.results, name="desk-results"),
    path("desk/<slug:identifier>/tasks/<slug:code>/", views.task, name="desk-task"),
    path("desk/<slug:identifier>/tasks/<slug:code>/file/", views.task_file, name="desk-task-file"),
    path("desk/<slug:identifier>/co-exhibitors/", views.co_exhibitor_list, name="desk-co-exhibitors"),
    path("desk/<slug:identifier>/co-exhibitors/<int:number>/take-back/", views.take_back, name="desk-take-back"),
    path("desk/<slug:identifier>/co-exhibitors/<int:number>/part/", views.part, name="desk-part"),
    path("organiser/tasks/", views.task_list, name="desk-tasks"),
    path("organiser/tasks/new/", views.task_edit, name="desk-task-new"),
    path("organiser/tasks/<slug:code>/", views.task_edit, name="desk-task-edit"),
]
