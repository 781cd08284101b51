"""Addresses of the results pages, below /admin/outputs/. A release's number tells it from a standard's version."""

from django.urls import path

from outputs import building_views, files_views, views, waves_views, withdrawal_views

app_name = "outputs"

urlpatterns = [
    path("", views.release_list, name="releases"),
    path("<slug:survey>/<int:number>/", views.release_page, name="release"),
    path("<slug:survey>/<int:number>/files/", files_views.files_page, name="files"),
    path("<slug:survey>/build/", building_views.build_page, name="build"),
    path("<slug:survey>/<int:number>/withdraw/", withdrawal_views.withdrawal_page, name="withdraw"),
    path("<slug:survey>/<int:number>/waves/", waves_views.waves_page, name="waves"),
    path("<slug:survey>/<int:number>/waves/<slug:table>/", waves_views.wave_table_page, name="wave-table"),
    path("<slug:survey>/<int:number>/<slug:table>/", views.table_page, name="table"),
    path("<slug:survey>/<int:number>/<str:file>", views.release_download, name="file"),
    path("codebook/<str:id>/<str:version>/", views.codebook_page, name="codebook"),
    path("codebook/<str:id>/<str:version>/<str:file>", views.codebook_download, name="codebook-file"),
]
