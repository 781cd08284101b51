"""A standard with a hole in it stops the service from starting."""

from django.core.checks import Error, register

from questionnaire import registry


@register()
def standards_are_sound(app_configs, **kwargs) -> list[Error]:
    """Every fault that the engine finds in a standard's folder, as a system check error."""
    return [Error(str(fault), id="questionnaire.E001") for fault in registry.faults()]
