"""Results of a comparison: rows with goals, as a table and as a plot."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One line of the table: the figure of Slipway, the figure to compare it with, and the goal."""

    work: str
    against: str
    theirs: float | None
    ours: float
    unit: str = "s"
    at_least: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float | None:
        """Return the factor by which the other takes longer; for an upper bound, Slipway's share of the other."""
        if not self.theirs or not self.ours:
            return None
        return self.theirs / self.ours if self.at_most is None else self.ours / self.theirs

    @property
    def goal(self) -> str:
        """Return the goal as text; empty for a figure without a goal."""
        if self.at_least:
            return f">= {self.at_least:g}x"
        if self.at_most is None:
            return ""
        bound = f"{self.at_most:g}{'x' if self.theirs else ' ' + self.unit}"
        return f"<= {bound}" if self.at_most else bound

    @property
    def met(self) -> bool:
        """Check whether the goal is met."""
        if self.at_least:
            return bool(self.ratio and self.ratio >= self.at_least)
        if self.at_most is None:
            return True
        return (self.ratio if self.theirs else self.ours) <= self.at_most

    def as_dict(self) -> dict:
        """Return the row as a mapping for JSON."""
        return {**asdict(self), "ratio": self.ratio, "goal": self.goal, "met": self.met}


def show(rows: list[Row], notes: list[str]) -> str:
    """Return the table of results."""
    lines = [f"{'work':<44} {'compared with':<38} {'it':>10} {'Slipway':>10} {'ratio':>7}  goal"]
    for row in rows:
        theirs = f"{row.theirs:.2f} {row.unit}" if row.theirs is not None else ""
        ours = f"{row.ours:.{0 if row.unit in ('writes', 'MiB', 'ms') else 2}f} {row.unit}"
        ratio = f"{row.ratio:.2f}x" if row.ratio else ""
        verdict = f"{row.goal} {'met' if row.met else 'MISSED'}" if row.goal else ""
        lines.append(
            f"{row.work:<44} {row.against:<38} {theirs:>10} {ours:>10} {ratio:>7}  {verdict}"
        )
    return "\n".join([*(line.rstrip() for line in lines), *(f"note: {note}" for note in notes)])


def cells(row: Row) -> list[str]:
    """Return a row as cells of the table in the docs."""
    theirs = f"{row.theirs:.2f} {row.unit}" if row.theirs is not None else ""
    verdict = f"{row.goal}, {'met' if row.met else '**missed**'}" if row.goal else ""
    ratio = f"{row.ratio:.1f}x" if row.ratio else ""
    return [row.work, row.against, theirs, f"{row.ours:.2f} {row.unit}", ratio, verdict]


def plot(rows: list[Row], path: Path) -> None:
    """Draw the factors by which others take longer, and the used share of each upper bound."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    faster = [row for row in rows if row.ratio and row.at_most is None][::-1]
    bounded = [row for row in rows if row.at_most][::-1]  # 0 has no parts
    figure, (left, right) = pyplot.subplots(
        2, 1, figsize=(11, 2.5 + 0.42 * (len(faster) + len(bounded))),
        height_ratios=[max(len(faster), 1), max(len(bounded), 1)],
    )  # fmt: skip
    left.barh(
        [f"{row.work}: {row.against}" for row in faster],
        [row.ratio for row in faster],
        color="#3b7dd8",
    )
    for position, row in enumerate(faster):
        left.text(row.ratio, position, f" {row.ratio:.1f}x", va="center")
        if row.at_least:
            left.plot([row.at_least] * 2, [position - 0.4, position + 0.4], color="black")
    left.axvline(1, color="grey", linewidth=1)
    left.set_xscale("log")
    left.set_xlabel("times as long as the Slipway module (logarithmic; black: the goal)")
    shares = [100 * ((row.ratio if row.theirs else row.ours) or 0) / row.at_most for row in bounded]
    right.barh([f"{row.work} {row.goal}" for row in bounded], shares, color="#5a9e6f")
    right.axvline(100, color="black")
    right.set_xlabel("per cent of what is allowed")
    right.set_xlim(0, max([110, *shares]))
    figure.tight_layout()
    figure.savefig(path, dpi=120)
