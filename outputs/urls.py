"""Addresses of the results pages, below /admin/outputs/. A release's number tells it from a standard's version."""

from django.urls import path

from outputs import (
    audit_views,
    builder_views,
    building_views,
    files_views,
    owner_views,
    summary_views,
    views,
    waves_views,
    withdrawal_views,
)

app_name = "outputs"

urlpatterns = [
    path("", views.release_list, name="releases"),
    path("<slug:survey>/<int:number>/", views.release_page, name="release"),
    path("<slug:survey>/<int:number>/audit/", audit_views.audit_page, name="audit"),
    path("<slug:survey>/<int:number>/files/", files_views.files_page, name="files"),
    path("<slug:survey>/build/", building_views.build_page, name="build"),
    path("<slug:survey>/<int:number>/withdraw/", withdrawal_views.withdrawal_page, name="withdraw"),
    path("<slug:survey>/<int:number>/waves/", waves_views.waves_page, name="waves"),
    path("<slug:survey>/<int:number>/waves/<slug:table>/", waves_views.wave_table_page, name="wave-table"),
    path("<slug:survey>/beside/", owner_views.overview, name="beside"),
    path("<slug:survey>/beside/<slug:table>/benchmark/", owner_views.enter_benchmark, name="enter-benchmark"),
    path("<slug:survey>/beside/<slug:table>/target/", owner_views.set_target, name="set-target"),
    path("<slug:survey>/<int:number>/builder/", builder_views.build, name="builder"),
    path("<slug:survey>/<int:number>/builder/wanted/", builder_views.note_wanted, name="note-wanted"),
    path("<slug:survey>/<int:number>/builder/<str:file>", builder_views.fetch, name="builder-file"),
    path("<slug:survey>/<int:number>/summary/", summary_views.summary_page, name="summary"),
    path("<slug:survey>/<int:number>/<slug:table>/", views.table_page, name="table"),
    path("<slug:survey>/<int:number>/<str:file>", views.release_download, name="file"),
    path("codebook/<str:id>/<str:version>/", views.codebook_page, name="codebook"),
    path("codebook/<str:id>/<str:version>/<str:file>", views.codebook_download, name="codebook-file"),
]
