"""What templates of results, and of surveys, show of what owners and analysts set down: by release or by survey."""

from django import template

from outputs import benchmarks, targets, wanted
from outputs.disclosure.protected import ProtectedTable
from outputs.releases import Published

register = template.Library()


@register.simple_tag
def benchmarks_of(release: Published, table: ProtectedTable) -> list[benchmarks.Beside]:
    return benchmarks.benchmarks_of(release, table)


@register.simple_tag
def targets_of(release: Published, table: ProtectedTable) -> list[targets.Aim]:
    return targets.targets_of(release, table)


@register.simple_tag
def wanted_next(survey: str) -> list[wanted.Wanted]:
    return wanted.of_survey(survey)
