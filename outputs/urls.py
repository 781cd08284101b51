"""Addresses of the results pages, below /admin/outputs/. A release's number tells it from a standard's version."""

from django.urls import path

from outputs import summary_views, views

app_name = "outputs"

urlpatterns = [
    path("", views.release_list, name="releases"),
    path("<slug:survey>/<int:number>/", views.release_page, name="release"),
    path("<slug:survey>/<int:number>/summary/", summary_views.summary_page, name="summary"),
    path("<slug:survey>/<int:number>/<slug:table>/", views.table_page, name="table"),
    path("<slug:survey>/<int:number>/<str:file>", views.release_download, name="file"),
    path("codebook/<str:id>/<str:version>/", views.codebook_page, name="codebook"),
    path("codebook/<str:id>/<str:version>/<str:file>", views.codebook_download, name="codebook-file"),
]
