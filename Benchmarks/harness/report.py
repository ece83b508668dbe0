"""What a part of the run found: tables, aims beside results; and how they are written."""

import dataclasses
import statistics


@dataclasses.dataclass
class Figure:
    """Several measurements of one thing: the median stands for it, the least and the most are its spread."""

    values: list

    @property
    def middle(self):
        return statistics.median(self.values)

    def __truediv__(self, other):
        """The ratio of two figures that were measured by turns: round by round."""
        return Figure([mine / theirs for mine, theirs in zip(self.values, other.values, strict=True)])

    def text(self, unit="", digits=3):
        """Such as `41.3 (40.9–44.0) µs`."""
        low, high = min(self.values), max(self.values)
        spread = f" ({shorten(low, digits)}–{shorten(high, digits)})" if len(self.values) > 1 else ""
        return f"{shorten(self.middle, digits)}{spread}" + (f" {unit}" if unit else "")


def shorten(value, digits=3):
    """So many significant digits, with commas between the thousands."""
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - int(f"{abs(value):e}".partition("e")[2]))
    return f"{value:,.{decimals}f}"


@dataclasses.dataclass
class Table:
    columns: list
    rows: list
    title: str = ""

    def markdown(self):
        lines = [f"**{self.title}**", ""] if self.title else []
        lines += ["| " + " | ".join(self.columns) + " |", "|" + "---|" * len(self.columns)]
        lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in self.rows]
        return "\n".join(lines)


@dataclasses.dataclass
class Aim:
    """An aim and what came of it: the ratio or the figure, and the most (or the least) that it may be."""

    what: str
    figure: Figure
    limit: float
    unit: str = "×"
    at_least: bool = False

    @property
    def is_met(self):
        return self.figure.middle >= self.limit if self.at_least else self.figure.middle <= self.limit

    def row(self):
        sign = "≥" if self.at_least else "≤"
        return [self.what, f"{sign} {self.limit:.3g} {self.unit}", self.figure.text(self.unit),
                "yes" if self.is_met else "**no**"]


@dataclasses.dataclass
class Part:
    """One part of the run, a chapter of the document."""

    title: str
    #: How it was measured, in a paragraph.
    method: str
    tables: list
    aims: list = dataclasses.field(default_factory=list)
    #: What is drawn of it, if anything (see plot.py).
    chart: object = None
