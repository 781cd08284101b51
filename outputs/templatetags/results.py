"""How templates print figures and charts: every symbol leads to the one explanation on its page."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from outputs.disclosure.protected import Figure
from outputs.svg import svg

register = template.Library()
register.filter("svg", svg)


@register.filter
def shown(figure: Figure, unit: str = "") -> str | SafeString:
    """The number, with the range in which the true one lies where that must be known; or its symbol, as a link."""
    if figure.value is None:
        return format_html(
            '<a class="symbol" href="#{}" aria-label="{}, why is this hidden?">{}</a>',
            symbol_id(figure.status),
            figure.status,
            figure.status,
        )
    if figure.between:
        return format_html('{}{} <span class="range">({})</span>', figure, unit, figure.between)
    return f"{figure}{unit}"


@register.filter
def percent(figure: Figure) -> str | SafeString:
    """As `shown`, outside a column of percentages."""
    return shown(figure, "%")


@register.filter
def symbol_id(symbol: str) -> str:
    """Where on a page a symbol is explained."""
    return f"symbol-{slugify(symbol)}"
