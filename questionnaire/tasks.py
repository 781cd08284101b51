"""Where the queue looks for what workers can do."""

from questionnaire.fieldwork import jobs  # noqa: F401  (its tasks register on import)
