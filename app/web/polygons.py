"""A little plane geometry for labels: areas, bounds, and a point deep inside an outline."""

import math
from collections.abc import Iterable

Point = tuple[float, float]
Ring = list[Point]
GRID = 24


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
    """Return the point of a grid that lies deepest inside: where a name has the most room.

    Width counts more than height, because names are written from left to right.
    """
    left, low, right, high = bounds(ring)
    stretched = [(x, y * 1.6) for x, y in ring]
    grid = (
        (left + (right - left) * column / GRID, low + (high - low) * row / GRID)
        for column in range(1, GRID)
        for row in range(1, GRID)
    )
    inside = [point for point in grid if contains(ring, point)]
    middle = ((left + right) / 2, (low + high) / 2)
    return max(inside, key=lambda point: distance_to(stretched, (point[0], point[1] * 1.6)), default=middle)


def _to_segment(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length))
    return math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1))
