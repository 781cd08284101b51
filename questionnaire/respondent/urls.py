"""Where respondents go, and where staff see the same pages in a preview. Question pages are named by question ids."""

from django.urls import include, path

from questionnaire.respondent import entry, kept_answers, preview, views

survey_pages = [
    path("<slug:slug>/", views.start, name="start"),
    path("<slug:slug>/complete/", views.complete, name="complete"),
    path("<slug:slug>/withdraw/", views.withdrawn, name="withdraw"),
    path("<slug:slug>/clear/", views.cleared, name="clear"),
    path("<slug:slug>/privacy/", views.privacy, name="privacy"),
    path("<slug:slug>/your-answers/", kept_answers.answers, name="answers"),
    path("<slug:slug>/<slug:step>/", views.step, name="step"),
]
# The same names: a link on a page leads on in the instance that the page is in.
preview_pages = [
    path("<slug:slug>/", preview.start, name="start"),
    path("<slug:slug>/complete/", preview.complete, name="complete"),
    path("<slug:slug>/withdraw/", preview.withdrawn, name="withdraw"),
    path("<slug:slug>/clear/", preview.cleared, name="clear"),
    path("<slug:slug>/privacy/", preview.privacy, name="privacy"),
    path("<slug:slug>/not-open/", preview.not_open, name="not-open"),
    path("<slug:slug>/closed/", preview.closed, name="closed"),
    path("<slug:slug>/<slug:step>/", preview.step, name="step"),
]
urlpatterns = [
    path("s/", include((survey_pages, "respondent"))),
    path("", views.front, name="front"),
    path("i/", entry.enter, name="enter"),
    path("admin/preview/", include((preview_pages, "respondent"), namespace="preview")),
]
