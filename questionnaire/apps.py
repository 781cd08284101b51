"""Registers the questionnaire and its start-up checks."""

from django.apps import AppConfig


class QuestionnaireConfig(AppConfig):
    name = "questionnaire"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from questionnaire import checks  # noqa: F401  (registers on import)
