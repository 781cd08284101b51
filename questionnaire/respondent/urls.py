"""Where respondents go. Question pages are named by the standard's question ids."""

from django.urls import path

from questionnaire.respondent import entry, views

app_name = "respondent"
urlpatterns = [
    path("", views.front, name="front"),
    path("i/", entry.enter, name="enter"),
    path("s/<slug:slug>/", views.start, name="start"),
    path("s/<slug:slug>/complete/", views.complete, name="complete"),
    path("s/<slug:slug>/withdraw/", views.withdrawn, name="withdraw"),
    path("s/<slug:slug>/clear/", views.cleared, name="clear"),
    path("s/<slug:slug>/privacy/", views.privacy, name="privacy"),
    path("s/<slug:slug>/<slug:step>/", views.step, name="step"),
]
