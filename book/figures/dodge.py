"""Room for labels: rows and heights at which none lies on another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def packed(reaches: Sequence[tuple[float, float]]) -> list[int]:
    """The row of each thing, in the order given: the first in which its reach, label included, is free."""
    rows: list[float] = []
    chosen = []
    for start, end in reaches:
        row = next((number for number, taken in enumerate(rows) if taken < start), len(rows))
        if row == len(rows):
            rows.append(end)
        rows[row] = end
        chosen.append(row)
    return chosen


def spread(wanted: Sequence[float], heights: Sequence[float], top: float = 0) -> list[float]:
    """Middles as near as can be to the wanted ones, in order, for boxes below `top` that must not overlap.

    Least squares by pooling adjacent violators: https://doi.org/10.1214/aoms/1177728423
    """
    offsets = [0.0]
    for above, below in pairwise(heights):
        offsets.append(offsets[-1] + (above + below) / 2)
    pools: list[tuple[float, int]] = []
    for middle, offset in zip(wanted, offsets, strict=True):
        pools.append((middle - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (first, many), (last, more) = pools[-2], pools[-1]
            pools[-2:] = [((first * many + last * more) / (many + more), many + more)]
    level = [mean for mean, count in pools for _ in range(count)]
    lowest = top + heights[0] / 2
    return [max(mean, lowest) + offset for mean, offset in zip(level, offsets, strict=True)]
