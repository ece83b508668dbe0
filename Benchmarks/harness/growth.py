"""What it costs when there are more of something: providers, keys, claims."""

import itertools
import json
import math
import os
import subprocess

from .place import progress
from .report import Figure, Part, Table, shorten

METHOD = """The program `growth` has a provider and an application with nothing but calls between them, and the clock
stands still; each figure is the median of five of processor time, with the least and the most. The user's provider is
the last one that was registered, the token's key the last of its set; what the provider itself takes is in *the end of
a login* at each size alike. Which way it grows is told from the least of the five: *flat* up to ×1.3 over all sizes;
else *linear* or *logarithmic*, by which of a + b·n and a + b·log n comes nearer to the figures, each weighed by its own
size, with the exponent between the last two sizes."""
#: Up to that much more over all sizes is the noise of the machine.
FLAT = 1.3


def run(place):
    told = subprocess.run([place.programs / "growth"], capture_output=True, text=True, check=True,
                          env=os.environ | {"TMPDIR": str(place.make("growth"))}).stdout
    series = json.loads(told)
    progress(f"{len(series)} series")
    tables = []
    for (size_of, sizes), group in itertools.groupby(series, key=shape):
        rows = [[one["what"], *(cell(point) for point in one["points"]), judgement(one["points"])] for one in group]
        tables.append(Table(["by the number of " + size_of, *(f"{size:,}" for size in sizes), "grows"], rows))
    return Part("Cost as it grows", METHOD, tables)


def shape(one):
    return one["size_of"], tuple(point["size"] for point in one["points"])


def cell(point):
    if "refusal" in point:
        return "refused: " + point["refusal"]
    return Figure(point["microseconds"]).text("µs")


def judgement(points):
    """In words, which way the costs grow."""
    sizes, costs = zip(*((point["size"], min(point["microseconds"])) for point in points if "refusal" not in point))
    factor = costs[-1] / costs[0]
    over = f"×{shorten(factor)} from {sizes[0]:,} to {sizes[-1]:,}"
    if factor <= FLAT:
        return f"flat ({over})"
    exponent = math.log(costs[-1] / costs[-2]) / math.log(sizes[-1] / sizes[-2])
    (linear, each), (logarithmic, _) = fit(sizes, costs), fit([math.log(size) for size in sizes], costs)
    if logarithmic < linear:
        return f"logarithmic ({over}; exponent {exponent:.2f})"
    return f"linear ({over}; exponent {exponent:.2f}; {shorten(each * 1000)} ns each)"


def fit(places, costs):
    """Least squares of a + b·place over the costs, in parts of each cost: how far off it is, and b."""
    weights = [1 / cost**2 for cost in costs]
    total = sum(weights)
    middle = sum(map(math.prod, zip(weights, places))) / total
    cost = sum(map(math.prod, zip(weights, costs))) / total
    slope = (sum(weight * (x - middle) * (y - cost) for weight, x, y in zip(weights, places, costs))
             / sum(weight * (x - middle)**2 for weight, x in zip(weights, places)))
    off = sum(weight * (y - cost - slope * (x - middle))**2 for weight, x, y in zip(weights, places, costs))
    return off, slope
