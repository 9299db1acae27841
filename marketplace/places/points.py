"""A point for each place that has none: inside its district, the same for the same code each time."""

import hashlib
import math
from collections.abc import Iterator

Ring = list[list[float]]
Point = tuple[float, float]

ORIGIN = (120.15, 30.25)  # longitude and latitude of the plane's origin, by West Lake
METRES_PER_DEGREE = 111_320.0
VILLAGE_RADIUS_DEGREES = 0.045  # about five kilometres around the town's point
TRIES = 400


def plane(point: Point) -> tuple[int, int]:
    """Return a point's metres east and north of the origin (equirectangular; good to 1 % over the city)."""
    east = (point[0] - ORIGIN[0]) * METRES_PER_DEGREE * math.cos(math.radians(ORIGIN[1]))
    north = (point[1] - ORIGIN[1]) * METRES_PER_DEGREE
    return round(east), round(north)


def outer_rings(geometry: dict[str, list[list[Ring]]]) -> list[Ring]:
    """Return the outer rings of a GeoJSON MultiPolygon."""
    return [polygon[0] for polygon in geometry["coordinates"]]


def inside(point: Point, rings: list[Ring]) -> bool:
    """Tell whether a point lies in any of the rings (even-odd rule)."""
    return any(_crossings(point, ring) % 2 for ring in rings)


def town_point(code: str, rings: list[Ring]) -> Point:
    """Derive a town's point anywhere inside its district."""
    longitudes = [x for ring in rings for x, _ in ring]
    latitudes = [y for ring in rings for _, y in ring]
    west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    for across, up in _fractions(code):
        point = (west + across * (east - west), south + up * (north - south))
        if inside(point, rings):
            return _rounded(point)
    raise ValueError(f"no point found inside the district of {code}")


def village_point(code: str, town: Point, rings: list[Ring]) -> Point:
    """Derive a village's point near its town and inside the district; the town's own point if none is found."""
    for across, up in _fractions(code):
        radius = VILLAGE_RADIUS_DEGREES * math.sqrt(across)
        point = (town[0] + radius * math.cos(2 * math.pi * up), town[1] + radius * math.sin(2 * math.pi * up))
        if inside(point, rings):
            return _rounded(point)
    return town


def centre(rings: list[Ring]) -> Point:
    """Return the middle of the largest ring's vertices, where a district's name is written."""
    ring = max(rings, key=len)
    return _rounded((sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)))


def _crossings(point: Point, ring: Ring) -> int:
    x, y = point
    edges = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum((y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in edges)


def _fractions(code: str) -> Iterator[tuple[float, float]]:
    """Yield pairs of numbers in [0, 1) that depend on the code alone."""
    for turn in range(TRIES):
        digest = hashlib.sha256(f"{code}/{turn}".encode()).digest()
        yield int.from_bytes(digest[:4]) / 2**32, int.from_bytes(digest[4:8]) / 2**32


def _rounded(point: Point) -> Point:
    return round(point[0], 5), round(point[1], 5)
