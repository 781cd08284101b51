"""Decides where everything in a chart stands: numbers from the panels, SVG elements out, the same for the same release.

Bars start at zero and are two units long for each per cent. A share that is withheld has its symbol and no bar. One
that is coded has a dashed box over all that its symbol allows, and no bar.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from xml.etree import ElementTree

from outputs.charts import Bar, Panel
from outputs.disclosure.protected import BOTTOM, TOP
from outputs.disclosure.rounded import BOTTOM_SHARE, TOP_SHARE

WIDTH = 320
ZERO = 1
PER_CENT = 2
END = ZERO + 100 * PER_CENT
LINE = 16  # between two lines of text
THICK, THIN = 14, 8  # bars of the base known, and of the base asked
_SIZE = 13  # of the text, in the style sheet too

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML has no place for
_CODED = {TOP: (TOP_SHARE, 100), BOTTOM: (0, BOTTOM_SHARE)}

Element = ElementTree.Element


def element(name: str, words: str = "", **attributes: object) -> Element:
    """An element of SVG. An underscore at the end of a name, as in class_, is for Python’s sake."""
    made = Element(name, {key.rstrip("_").replace("_", "-"): str(value) for key, value in attributes.items()})
    made.text = printable(words) or None
    return made


def printable(words: str) -> str:
    """Without what no XML file may hold."""
    return _UNPRINTABLE.sub("", words)


class Drawing:
    """A panel’s elements from top to bottom; `height` is where the next would start."""

    def __init__(self, panel: Panel) -> None:
        self.elements: list[Element] = []
        self.height = 0
        self._words(panel.title, "panel-title")
        self._words(panel.heading_of_known, "base")
        for bar in panel.known:
            self._bar(bar, THICK)
        self._axis()
        if panel.unknown:
            self.height += LINE // 2
            self._words(panel.heading_of_unknown, "base")
            for bar in panel.unknown:
                self._bar(bar, THIN)

    def _words(self, words: str, class_: str) -> None:
        for line in lines(words, WIDTH):
            self.height += LINE
            self.elements.append(element("text", line, x=0, y=self.height - 4, class_=class_))

    def _bar(self, bar: Bar, height: int) -> None:
        self._words(bar.label, "label")
        y, middle = self.height + 1, self.height + 1 + Decimal(height) / 2
        self.elements += _marks(bar, y, middle, height)
        words = bar.share.status if bar.share.value is None else f"{bar.share}%"
        if bar.share.between:
            words += f" ({bar.share.between})"
        self.elements.append(element("text", words, x=END + 6, y=middle + 5, class_="value"))
        self.height += height + 6

    def _axis(self) -> None:
        """So that lengths can be read, nothing, half and the whole are marked below."""
        self.elements.append(element("path", d=f"M{ZERO} {self.height}H{END}", class_="axis"))
        for share, anchor in ((0, "start"), (50, "middle"), (100, "end")):
            x = ZERO + share * PER_CENT
            self.elements.append(element("path", d=f"M{x} {self.height}v4", class_="axis"))
            y = self.height + LINE
            self.elements.append(element("text", f"{share}%", x=x, y=y, class_="tick", text_anchor=anchor))
        self.height += LINE + 4


def _marks(bar: Bar, y: int, middle: Decimal, height: int) -> Iterator[Element]:
    yield element("path", d=f"M{ZERO} {y - 2}v{height + 4}", class_="axis")
    if bar.share.value is not None:
        class_ = "unknown" if not bar.known else f"shade-{bar.shade}" if bar.shade else "bar"
        yield element("rect", x=ZERO, y=y, width=bar.share.value * PER_CENT, height=height, class_=class_)
    if bar.share.status in _CODED:
        low, high = _CODED[bar.share.status]
        x, width = ZERO + low * PER_CENT, (high - low) * PER_CENT
        yield element("rect", x=x, y=y, width=width, height=height, class_="coded")
    if bar.everyone is not None:
        x = ZERO + bar.everyone * PER_CENT
        path = f"M{x} {y - 2}v{height + 4}"
        yield element("path", d=path, class_="halo")
        yield element("path", d=path, class_="everyone")
    if bar.share.low is not None:
        low, high = (ZERO + end * PER_CENT for end in (bar.share.low, bar.share.high))
        path = f"M{low} {middle - 3}v6M{high} {middle - 3}v6M{low} {middle}H{high}"
        yield element("path", d=path, class_="halo")
        yield element("path", d=path, class_="whisker")


def lines(words: str, width: int) -> list[str]:
    """The words in lines that fit, by a generous guess at each character’s width; a word that is too long is cut."""
    made = [""]
    for word in printable(words).split():
        while _wide(word) > width:
            cut = next(n for n in range(len(word), 0, -1) if _wide(word[:n]) <= width)
            made += [word[:cut]]
            word = word[cut:]
        together = f"{made[-1]} {word}".strip()
        made = [*made[:-1], together] if _wide(together) <= width else [*made, word]
    return [line for line in made if line]


def _wide(words: str) -> float:
    return _SIZE * sum(map(_em, words))


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.78 if character.isupper() or character in "mwMW%@—" else 0.54
