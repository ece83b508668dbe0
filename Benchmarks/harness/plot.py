"""Draws charts of bars on a logarithmic scale, for light and dark pages."""

import dataclasses
import html
import math

from .report import shorten

WIDTH, BAR, GAP, LEFT, RIGHT = 760, 20, 8, 210, 90
STYLE = """
.ground { fill: #ffffff } .words { fill: #1f2328 } .quiet { fill: #59636e } .line { stroke: #d1d9e0 }
.ours { fill: #0969da } .other { fill: #9aa4af }
text { font: 13px system-ui, sans-serif } .title { font-weight: 600; font-size: 15px }
@media (prefers-color-scheme: dark) {
  .ground { fill: #0d1117 } .words { fill: #f0f6fc } .quiet { fill: #9198a1 } .line { stroke: #3d444d }
  .ours { fill: #4493f8 } .other { fill: #656c76 }
}
"""


@dataclasses.dataclass
class Chart:
    title: str
    #: By the names of what was measured; a name that begins with `ours` stands out.
    figures: dict
    unit: str


def svg(charts):
    """All charts, one below the other."""
    shapes, top = [], 16
    for chart in charts:
        shapes += draw(chart, top)
        top += 62 + len(chart.figures) * (BAR + GAP)
    spoken = "; ".join(
        f"{chart.title}: " + ", ".join(f"{name} {figure.text(chart.unit)}" for name, figure in chart.figures.items())
        for chart in charts)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img">',
        f"<title>{html.escape(spoken)}</title>", f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{top}" rx="6"/>', *shapes, "</svg>", ""])


def draw(chart, top):
    values = [figure.middle for figure in chart.figures.values()]
    low = math.floor(math.log10(min(values)))
    high = max(low + 1, math.ceil(math.log10(max(values))))
    bottom = top + 20 + len(values) * (BAR + GAP)

    def x(value):
        return LEFT + (math.log10(value) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    shapes = [text("words title", 16, top + 8, f"{chart.title}, {chart.unit} (each line ten times the one before)")]
    for power in range(low, high + 1):
        place = x(10.0**power)
        shapes += [f'<line class="line" x1="{place:.1f}" x2="{place:.1f}" y1="{top + 18}" y2="{bottom}"/>',
                   text("quiet", place, bottom + 16, f"{10.0**power:,g}", "middle")]
    for number, (name, figure) in enumerate(chart.figures.items()):
        y, end = top + 24 + number * (BAR + GAP), x(figure.middle)
        kind = "ours" if name.startswith("ours") else "other"
        shapes += [text("words", LEFT - 10, y + 15, name, "end"),
                   f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" height="{BAR}" rx="3"/>',
                   text("words", end + 8, y + 15, shorten(figure.middle))]
    return shapes


def text(kind, x, y, words, anchor="start"):
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(words)}</text>'
