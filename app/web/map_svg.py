"""A map as plain SVG with links, drawn on the server: shapes, values and labels in, a picture out.

Small shapes get no readable name on the map of the whole; they are drawn again in an inset, where they have one.
The picture knows nothing about what it shows.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.web.components import Text
from app.web.polygons import Point, Ring, area, bounds, inside_point, is_clear_of

WIDTH = 640.0
MARGIN = 4.0
SMALL = 0.022
"""A shape below this share of the whole area has no room for its name."""
INSET_WIDTH = 300.0


@dataclass(frozen=True, slots=True)
class Shape:
    """One area: GeoJSON geometry, its name, where it leads, and what it says (``tip``, read by screen readers).

    ``step`` is the class of the value, 0 (least) to 4 (most); ``figure`` is written below the name.
    """

    key: str
    name: str
    href: str
    geometry: dict[str, Any]
    step: int
    figure: str
    tip: Text


@dataclass(frozen=True, slots=True)
class Drawn:
    """A shape as SVG: path data, and where its label stands (None: no room)."""

    shape: Shape
    path: str
    label: Point | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """One SVG: its size and its shapes."""

    width: float
    height: float
    shapes: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The map of the whole and, where shapes are too small in it, an inset; macro ``shape_map`` draws it."""

    main: Drawing
    inset: Drawing | None


@dataclass(frozen=True, slots=True)
class Plane:
    """A flat map: longitude and latitude to SVG units."""

    west: float
    north: float
    scale: float
    squeeze: float

    def put(self, longitude: float, latitude: float) -> Point:
        """Return where a place lies on the picture."""
        return (
            MARGIN + (longitude - self.west) * self.squeeze * self.scale,
            MARGIN + (self.north - latitude) * self.scale,
        )


def picture(shapes: Sequence[Shape]) -> Picture:
    """Draw shapes given in degrees; all of them, and the small ones again in an inset."""
    rings = {shape.key: outer_rings(shape.geometry) for shape in shapes}
    whole = _drawing(shapes, rings, shapes, WIDTH, lambda key: not _is_small(key, rings))
    small = [shape for shape in shapes if _is_small(shape.key, rings)]
    inset = _drawing(shapes, rings, small, INSET_WIDTH, lambda key: _is_small(key, rings)) if small else None
    return Picture(whole, inset)


def outer_rings(geometry: dict[str, Any]) -> list[Ring]:
    """Return the outlines of a Polygon or MultiPolygon."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[(float(x), float(y)) for x, y, *_ in polygon[0]] for polygon in polygons]


def _is_small(key: str, rings: dict[str, list[Ring]]) -> bool:
    total = sum(area(ring) for outlines in rings.values() for ring in outlines)
    return sum(area(ring) for ring in rings[key]) / total < SMALL


def _drawing(
    shapes: Sequence[Shape],
    rings: dict[str, list[Ring]],
    framed: Sequence[Shape],
    width: float,
    labelled: Callable[[str], bool],
) -> Drawing:
    """Draw the part of the map that holds ``framed``; others appear where they reach into it."""
    plane, height = _plane([point for shape in framed for ring in rings[shape.key] for point in ring], width)
    drawn = [_drawn(shape, rings[shape.key], plane, labelled(shape.key)) for shape in shapes]
    visible = [entry for entry in drawn if _reaches(entry, rings, plane, width, height)]
    return Drawing(width, height, tuple(visible))


def _reaches(entry: Drawn, rings: dict[str, list[Ring]], plane: Plane, width: float, height: float) -> bool:
    points = [plane.put(*point) for ring in rings[entry.shape.key] for point in ring]
    return not is_clear_of(points, width, height)


def _plane(points: Iterable[Point], width: float) -> tuple[Plane, float]:
    west, south, east, north = bounds(points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (width - 2 * MARGIN) / ((east - west) * squeeze)
    return Plane(west, north, scale, squeeze), round((north - south) * scale + 2 * MARGIN, 1)


def _drawn(shape: Shape, rings: list[Ring], plane: Plane, labelled: bool) -> Drawn:
    flat = [[plane.put(*point) for point in ring] for ring in rings]
    path = "".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring[:-1]) + "Z" for ring in flat)
    label = inside_point(max(flat, key=area)) if labelled else None
    return Drawn(shape, path, (round(label[0], 1), round(label[1], 1)) if label else None)


def sample() -> Picture:
    """Return a small picture of squares for the gallery: two large ones and two small ones."""
    corners = {"A": (0.0, 0.0, 2.0), "B": (2.0, 0.0, 2.0), "C": (4.0, 0.0, 0.3), "D": (4.3, 0.0, 0.3)}
    shapes = []
    for step, (name, (x, y, size)) in enumerate(corners.items()):
        ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        shapes.append(Shape(name, name, f"#{name}", geometry, step, str(step * 4), f"{name}: {step * 4}"))
    return picture(shapes)
