"""A picture of places that have a point and no boundary: each gets the part of the whole that lies nearest to it."""

from collections.abc import Mapping
from typing import Any

from app.web.map_svg import outer_rings
from app.web.polygons import Point, Ring, area

SQUEEZE = 0.866
"""A degree of longitude is so much of one of latitude at 30° north."""


def nearest_parts(boundary: Mapping[str, Any], points: Mapping[str, Point]) -> dict[str, dict[str, Any]]:
    """Cut a boundary (GeoJSON, degrees) into the parts nearest to points, as GeoJSON; empty parts are left out."""
    rings = outer_rings(dict(boundary))
    parts: dict[str, dict[str, Any]] = {}
    for code, own in points.items():
        others = [other for key, other in points.items() if key != code and other != own]
        cut = [part for ring in rings if (part := _nearest(ring[:-1], own, others))]
        if cut:
            parts[code] = {"type": "MultiPolygon", "coordinates": [[[*part, part[0]]] for part in cut]}
    return parts


def _nearest(ring: Ring, own: Point, others: list[Point]) -> Ring:
    """Return what of an outline lies nearer to one point than to all others."""
    left = ring
    for other in others:
        left = _halved(left, own, other)
        if not left:
            return []
    return left if area(left) > 0 else []


def _halved(ring: Ring, own: Point, other: Point) -> Ring:
    """Return what of an outline lies on one point's side of the line midway to another (Sutherland and Hodgman)."""
    kept: Ring = []
    for here, there in zip(ring, ring[1:] + ring[:1], strict=True):
        nearer, then = _lead(here, own, other), _lead(there, own, other)
        if nearer >= 0:
            kept.append(here)
        if (nearer >= 0) != (then >= 0):
            share = nearer / (nearer - then)
            kept.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
    return kept


def _lead(point: Point, own: Point, other: Point) -> float:
    """Return by how much a point is nearer to one point than to another; it changes evenly along a line."""
    return _square(point, other) - _square(point, own)


def _square(one: Point, other: Point) -> float:
    return ((one[0] - other[0]) * SQUEEZE) ** 2 + (one[1] - other[1]) ** 2
