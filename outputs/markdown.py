"""The few shapes of Markdown that our pages need."""

from collections.abc import Collection, Iterable, Sequence


def grid(columns: Sequence[str], rows: Iterable[Sequence[str]], optional: Collection[int] = ()) -> str:
    """A table. Optional columns, by place from 0, are left out where no row fills them."""
    rows = list(rows)
    kept = [place for place in range(len(columns)) if place not in optional or any(row[place] for row in rows)]
    lines = [[columns[place] for place in kept], ["---"] * len(kept), *([row[place] for place in kept] for row in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def quoted(text: str) -> str:
    """A quotation; a line that starts with "• " is a bullet in it."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().replace("• ", "- ").splitlines())


def bullets(items: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {item}" for item in items)
