"""Draw a lesson's measurements as SVG that a page can embed, in the page's colors."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# The colors of the series are legible on light and dark pages. Everything else has the color of the page's text.
COLORS = ("#2f81c7", "#d9722a", "#3a9d5d", "#b658a6", "#8a8f2a")
INK = "#0a0b0c"
SIZE = (6.0, 2.8)
STYLE = {
    "svg.fonttype": "none",  # keeps text searchable, readable by a screen reader, and in the page's font
    "font.family": "sans-serif",
    "font.size": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": INK,
    "grid.alpha": 0.15,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.prop_cycle": mpl.cycler(color=COLORS),
}


def draw(name: str, entry: Mapping[str, Any], caption: str) -> str:
    """Return a measurement as an SVG element.

    Args:
        name: Prefix that makes the ids unique on the page.
        entry: The measurement, of any kind but ``text``.
        caption: Id of the element that describes the plot. It is the plot's accessible name, so that it
            follows the language of the page.
    """
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.add_subplot()
        KINDS[entry["kind"]](axes, entry)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return embed(stream.getvalue(), name, caption)


def embed(svg: str, name: str, caption: str) -> str:
    """Return the SVG of a file for use in a page: without preamble, with ids of its own and the page's colours."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    head, _, rest = svg.partition(">")
    head = re.sub(r' (?:width|height|xmlns(?::\w+)?|version)="[^"]*"', "", head)
    rest = rest.replace(INK, "currentColor").replace("xlink:href", "href")
    rest = re.sub(r' id="([^"]*)"', rf' id="{name}-\1"', rest)
    rest = re.sub(r'(href="|url\()#', rf"\1#{name}-", rest)
    rest = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", rest)
    return f'{head} role="img" aria-labelledby="{caption}">{rest}'


def _axes(axes: Axes, entry: Mapping[str, Any]) -> None:
    axes.set_xlabel(entry["x_unit"])
    axes.set_ylabel(entry["unit"])
    axes.grid(axis="y")
    axes.set_ylim(0, 1.06 * max(axes.get_ylim()[1], 1e-9))
    for at, _ in entry["marks"]:
        axes.axvline(at, color=INK, alpha=0.35, linewidth=0.8, linestyle=":")
    if len(entry["data"]) > 1:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=len(entry["data"]))


def _points(points: Any) -> tuple[list[float], list[float]]:
    good = [(x, y) for x, y in points if y is not None]
    return [x for x, _ in good], [y for _, y in good]


def _line(axes: Axes, entry: Mapping[str, Any]) -> None:
    for name, points in entry["data"].items():
        axes.plot(*_points(points), label=name, linewidth=1.6)
    _axes(axes, entry)


def _steps(axes: Axes, entry: Mapping[str, Any]) -> None:
    for name, points in entry["data"].items():
        axes.step(*_points(points), where="post", label=name, linewidth=1.6)
    _axes(axes, entry)


def _bars(axes: Axes, entry: Mapping[str, Any]) -> None:
    names, values = list(entry["data"]), list(entry["data"].values())
    bars = axes.barh(names, values, color=COLORS[0], height=0.6)
    axes.bar_label(bars, padding=4, fmt="%g")
    axes.invert_yaxis()
    axes.set_xlabel(entry["unit"])
    axes.margins(x=0.15)


def _distribution(axes: Axes, entry: Mapping[str, Any]) -> None:
    """Draw each value as a point, with an offset so that no point hides another, and the median."""
    names = list(entry["data"])
    for row, name in enumerate(names):
        values = sorted(entry["data"][name])
        if not values:
            continue
        spread = 0.18 if len(values) > 5 else 0
        offsets = [row + spread * ((number % 5) - 2) / 2 for number in range(len(values))]
        axes.plot(values, offsets, "o", markersize=5, alpha=0.75)
        median = values[len(values) // 2]
        axes.plot([median, median], [row - 0.32, row + 0.32], color=INK, linewidth=1.6)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel(entry["unit"])
    axes.set_xlim(left=0)
    axes.grid(axis="x")


KINDS: dict[str, Callable[[Axes, Mapping[str, Any]], None]] = {
    "line": _line,
    "steps": _steps,
    "bars": _bars,
    "distribution": _distribution,
}
