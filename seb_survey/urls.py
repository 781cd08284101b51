"""Every address of the service."""

from django.contrib import admin
from django.urls import include, path

from questionnaire import views
from questionnaire.respondent import urls as respondent

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error

urlpatterns = [
    *respondent.urlpatterns,
    path("errors/<int:status>/", views.page_of),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("admin/outputs/", include("outputs.urls")),
    path("admin/", admin.site.urls),
]
