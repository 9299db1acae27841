"""A little plane geometry for labels: areas, bounds, and a point deep inside an outline."""

import math
from collections.abc import Iterable

Point = tuple[float, float]
Ring = list[Point]
GRID = 10
REFINEMENTS = 2
FLATTEN = 1.6


def area(ring: Ring) -> float:
    """Return the area inside an outline (shoelace formula)."""
    twice = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True))
    return abs(twice) / 2


def bounds(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """Return the smallest and largest coordinates: left, low, right, high."""
    columns, rows = zip(*points, strict=True)
    return min(columns), min(rows), max(columns), max(rows)


def is_clear_of(points: Iterable[Point], width: float, height: float) -> bool:
    """Tell whether a shape lies wholly outside the frame from (0, 0) to (width, height)."""
    left, low, right, high = bounds(points)
    return right < 0 or left > width or high < 0 or low > height


def contains(ring: Ring, point: Point) -> bool:
    """Tell whether a point lies inside an outline (a ray to the right crosses it an odd number of times)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def distance_to(ring: Ring, point: Point) -> float:
    """Return how far a point is from an outline."""
    return min(_to_segment(point, start, end) for start, end in zip(ring, ring[1:] + ring[:1], strict=True))


def inside_point(ring: Ring) -> Point:
    """Return a point that lies deep inside: where a name has the most room.

    A coarse grid, then finer ones around its best point. Width counts more than height, because names are written
    from left to right.
    """
    left, low, right, high = bounds(ring)
    wide, tall = (right - left) / GRID, (high - low) / GRID
    stretched = [(x, y * FLATTEN) for x, y in ring]
    best = _deepest(ring, stretched, _grid((left, low), wide, tall, range(1, GRID)))
    if best is None:
        return (left + right) / 2, (low + high) / 2
    for _ in range(REFINEMENTS):
        wide, tall = wide / 3, tall / 3
        best = _deepest(ring, stretched, _grid(best, wide, tall, range(-2, 3))) or best
    return best


def _grid(origin: Point, wide: float, tall: float, steps: range) -> list[Point]:
    return [(origin[0] + wide * column, origin[1] + tall * row) for column in steps for row in steps]


def _deepest(ring: Ring, stretched: Ring, points: list[Point]) -> Point | None:
    inside = [point for point in points if contains(ring, point)]
    return max(inside, key=lambda point: distance_to(stretched, (point[0], point[1] * FLATTEN)), default=None)


def _to_segment(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length))
    return math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1))
