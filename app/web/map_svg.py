"""A map as plain SVG with links, drawn on the server: shapes, values and labels in, a picture out.

Small shapes get no readable name on the map of the whole; they are drawn again in an inset, where they have one.
The picture knows nothing about what it shows.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from app.web.components import Text
from app.web.polygons import Point, Ring, area, bounds, inside_point, is_clear_of

WIDTH = 640.0
MARGIN = 4.0
SMALL, TIGHT = 0.015, 0.035
"""A shape below the first share of the whole has no room for its name; below the second only on a wide picture."""
INSET_WIDTH = 150.0
PADDING = 0.04
"""How much of its surroundings the inset shows, as a share of its width."""


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
class Outline:
    """A shape's place in a drawing: path data, where its label stands (None: no room), how much room there is."""

    key: str
    path: str
    label: Point | None
    tight: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """One drawing before it says anything: its size and its outlines."""

    width: float
    height: float
    outlines: tuple[Outline, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A shape in its drawing."""

    shape: Shape
    path: str
    label: Point | None
    tight: bool


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
    """Draw shapes given in degrees; all of them, and the small ones again in an inset.

    Where things lie depends on the geometry alone and is worked out once; what they say may change at each call.
    """
    by_key = {shape.key: shape for shape in shapes}
    main, inset = layouts(tuple((shape.key, msgspec.json.encode(shape.geometry)) for shape in shapes))
    return Picture(_filled(main, by_key), _filled(inset, by_key) if inset else None)


@lru_cache(maxsize=16)
def layouts(geometries: tuple[tuple[str, bytes], ...]) -> tuple[Layout, Layout | None]:
    """Return the layout of the whole, and of the inset if any shape needs it."""
    rings = {key: outer_rings(msgspec.json.decode(geometry)) for key, geometry in geometries}
    areas = {key: sum(map(area, outlines)) for key, outlines in rings.items()}
    total = sum(areas.values())
    small = {key for key, size in areas.items() if size < SMALL * total}
    tight = {key for key, size in areas.items() if size < TIGHT * total}
    whole = _plane([point for outlines in rings.values() for ring in outlines for point in ring], WIDTH, 0.0)
    main = _laid_out(rings, *whole, labelled=set(rings) - small, tight=tight)
    if not small:
        return main, None
    detail = _plane([point for key in small for ring in rings[key] for point in ring], INSET_WIDTH, PADDING)
    return main, _laid_out(rings, *detail, labelled=small, tight=set())


def outer_rings(geometry: dict[str, Any]) -> list[Ring]:
    """Return the outlines of a Polygon or MultiPolygon."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[(float(x), float(y)) for x, y, *_ in polygon[0]] for polygon in polygons]


def _laid_out(
    rings: dict[str, list[Ring]], plane: Plane, width: float, height: float, labelled: set[str], tight: set[str]
) -> Layout:
    """Lay out what reaches into the frame."""
    outlines = []
    for key, shape in rings.items():
        flat = [[plane.put(*point) for point in ring] for ring in shape]
        if not is_clear_of((point for ring in flat for point in ring), width, height):
            outlines.append(_outline(key, flat, key in labelled, key in tight))
    return Layout(width, height, tuple(outlines))


def _outline(key: str, flat: list[Ring], labelled: bool, tight: bool) -> Outline:
    path = "".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring[:-1]) + "Z" for ring in flat)
    x, y = inside_point(max(flat, key=area)) if labelled else (0.0, 0.0)
    return Outline(key, path, (round(x, 1), round(y, 1)) if labelled else None, tight)


def _plane(points: Iterable[Point], width: float, padding: float) -> tuple[Plane, float, float]:
    """Return the map onto a frame of ``width`` that shows all points, and the frame's width and height."""
    west, south, east, north = bounds(points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (width - 2 * MARGIN) * (1 - 2 * padding) / ((east - west) * squeeze)
    space = padding * (width - 2 * MARGIN) / scale
    plane = Plane(west - space / squeeze, north + space, scale, squeeze)
    return plane, width, round((north - south + 2 * space) * scale + 2 * MARGIN, 1)


def _filled(layout: Layout, shapes: dict[str, Shape]) -> Drawing:
    drawn = (Drawn(shapes[outline.key], outline.path, outline.label, outline.tight) for outline in layout.outlines)
    return Drawing(layout.width, layout.height, tuple(drawn))


def sample() -> Picture:
    """Return a small picture of squares for the gallery: two large ones and two small ones."""
    corners = {"A": (0.0, 0.0, 2.0), "B": (2.0, 0.0, 2.0), "C": (4.0, 0.0, 0.3), "D": (4.3, 0.0, 0.3)}
    shapes = []
    for step, (name, (x, y, size)) in enumerate(corners.items()):
        ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        shapes.append(Shape(name, name, f"#{name}", geometry, step, str(step * 4), f"{name}: {step * 4}"))
    return picture(shapes)
