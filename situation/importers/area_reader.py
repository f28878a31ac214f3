"""Reads one map and writes its columns, then each feature as a line of JSON. Run by areas.py as a process of its own,
so that a hostile file meets the limits set here and never the portal's memory. Imports nothing of the project.

GeoJSON is read as the JSON it is; only shapefiles and GeoPackages reach GDAL, whose other drivers are put away by the
environment areas.py gives.
"""

import json
import re
import resource
import sqlite3
import struct
import sys

MEMORY = 2 << 30
SECONDS = 20
MOST_FEATURES = 10_000
MOST_COLUMNS = 200
MOST_POINTS = 4_000_000
LONGEST_TEXT = 200
DECIMALS = 5
SAMPLES = 40
# Sweden with its sea, in degrees and in the metres of SWEREF 99 TM (EPSG:3006): x from, y from, x to, y to.
DEGREES = (5.0, 54.0, 30.0, 70.0)
METRES = (200_000.0, 6_100_000.0, 1_000_000.0, 7_700_000.0)
WGS84, SWEREF = 4326, 3006
EPSG = re.compile(r"EPSG:{1,2}(?:[\d.]+:)?(\d{4,6})$", re.IGNORECASE)
KINDS = {1: "Point", 2: "LineString", 4: "MultiPoint", 5: "MultiLineString", 7: "GeometryCollection"}


class Refused(Exception):
    """The word areas.py has a sentence for, and what the sentence says."""

    def __init__(self, word, detail=""):
        super().__init__(word)
        self.said = {"refused": word, "detail": detail}


def tell(said):
    sys.stdout.write(json.dumps(said) + "\n")


def text_of(value):
    """A cell as text; None for what is no text or number (lists, objects)."""
    if isinstance(value, str):
        return value.replace("\u00a0", " ").strip()[:LONGEST_TEXT]
    if isinstance(value, bool) or value is None:
        return ""
    # Numbers from GDAL are numpy's own.
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else ""
    return None


# --- GeoJSON ----------------------------------------------------------------------------------------------


def no_number(word):
    raise ValueError(word)


def from_geojson(path):
    """(crs as an EPSG code or None, columns, features as (values, type of geometry, polygons or None))."""
    with open(path, encoding="utf-8-sig") as file:
        said = json.load(file, parse_constant=no_number)
    if not isinstance(said, dict) or said.get("type") != "FeatureCollection" or "features" not in said:
        raise Refused("collection")
    features = said["features"]
    if not isinstance(features, list):
        raise Refused("broken")
    if len(features) > MOST_FEATURES:
        raise Refused("features", len(features))
    columns, found = {}, []
    for feature in features:
        feature = feature if isinstance(feature, dict) else {}
        properties = feature.get("properties")
        properties = dict(properties) if isinstance(properties, dict) else {}
        if "id" not in properties and isinstance(feature.get("id"), (str, int)):
            properties["id"] = feature["id"]
        values = {name: text for name, value in properties.items() if (text := text_of(value)) is not None}
        columns |= dict.fromkeys(values)
        if len(columns) > MOST_COLUMNS:
            raise Refused("columns", MOST_COLUMNS)
        found.append((values, *of_geojson(feature.get("geometry"))))
    return crs_of_geojson(said.get("crs")), list(columns), found


def of_geojson(geometry):
    if not isinstance(geometry, dict):
        return "", None
    kind, inside = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        return str(kind)[:40], None
    try:
        polygons = [inside] if kind == "Polygon" else inside
        return kind, [[[numbers(point) for point in ring] for ring in polygon] for polygon in polygons]
    except (TypeError, ValueError, IndexError, OverflowError):
        return "broken", None


def numbers(point):
    if type(point[0]) not in (int, float) or type(point[1]) not in (int, float):
        raise ValueError
    return float(point[0]), float(point[1])


def crs_of_geojson(crs):
    """The EPSG code of the old "crs" member. A link to a definition elsewhere is never followed."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    if not isinstance(properties, dict):
        return None
    if str(crs.get("type")).upper() == "EPSG" and isinstance(properties.get("code"), int):
        return properties["code"]
    name = str(properties.get("name", ""))
    if name.upper().endswith("CRS84"):
        return WGS84
    found = EPSG.search(name)
    return int(found.group(1)) if found else None


# --- Shapefile and GeoPackage -----------------------------------------------------------------------------


def guard_package(path):
    """A GeoPackage is a database: refuse one with tables that lead elsewhere, before GDAL opens it."""
    base = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        base.execute("PRAGMA trusted_schema = OFF")
        tables = {name: sql or "" for name, sql in base.execute("SELECT lower(name), sql FROM sqlite_master")}
        if "gpkg_contents" not in tables or "gpkg_geometry_columns" not in tables:
            raise Refused("broken")
        for sql in tables.values():
            words = sql.lower().split()
            if words[:3] == ["create", "virtual", "table"] and not re.search(r"\busing\s+rtree\b", sql, re.IGNORECASE):
                raise Refused("elsewhere")
            if words[:2] == ["create", "view"]:
                raise Refused("elsewhere")
    finally:
        base.close()


def from_gdal(path, driver, wanted):
    """As from_geojson. `wanted`: names of columns that tell which of several layers has the areas."""
    import pyogrio
    import pyogrio.raw

    pyogrio.set_gdal_config_options({"OGR_ORGANIZE_POLYGONS": "DEFAULT"})
    layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind]
    if len(layers) > 1:
        named = [n for n in layers if wanted & {str(f).lower() for f in pyogrio.read_info(path, layer=n)["fields"]}]
        if len(named) != 1:
            raise Refused("layers", ", ".join(named or layers)[:LONGEST_TEXT])
        layers = named
    if not layers:
        raise Refused("empty")
    about = pyogrio.read_info(path, layer=layers[0], force_feature_count=True)
    if about["driver"] != driver:
        raise Refused("broken")
    if about["features"] > MOST_FEATURES:
        raise Refused("features", about["features"])
    columns = [str(name) for name in about["fields"]]
    if len(columns) > MOST_COLUMNS:
        raise Refused("columns", MOST_COLUMNS)
    meta, _fids, shapes, cells = pyogrio.raw.read(
        path, layer=layers[0], force_2d=True, datetime_as_string=True, max_features=MOST_FEATURES
    )
    columns = [str(name) for name in meta["fields"]]
    found = []
    for place, wkb in enumerate(shapes):
        texts = {name: text_of(cell[place]) for name, cell in zip(columns, cells, strict=True)}
        values = {name: text for name, text in texts.items() if text is not None}
        found.append((values, *of_wkb(wkb)))
    return epsg_of(meta["crs"]), columns, found


def of_wkb(wkb):
    if wkb is None:
        return "", None
    import numpy

    def head(at):
        order = "<" if wkb[at] else ">"
        kind, number = struct.unpack_from(f"{order}II", wkb, at + 1)
        return order, kind % 1000, number, at + 9

    def polygon(at):
        order, kind, rings, at = head(at)
        if kind != 3:
            raise ValueError(kind)
        found = []
        for _ring in range(rings):
            (points,) = struct.unpack_from(f"{order}I", wkb, at)
            found.append(numpy.frombuffer(wkb, dtype=f"{order}f8", count=points * 2, offset=at + 4).reshape(-1, 2))
            at += 4 + points * 16
        return found, at

    try:
        _order, kind, number, at = head(0)
        if kind == 3:
            return "Polygon", [polygon(0)[0]]
        if kind != 6:
            return KINDS.get(kind, "Curve"), None
        polygons = []
        for _part in range(number):
            rings, at = polygon(at)
            polygons.append(rings)
    except (struct.error, ValueError, IndexError):
        return "broken", None
    return "MultiPolygon", polygons


def epsg_of(crs):
    """The code GDAL or PROJ knows the system by; None when it has none."""
    if not crs:
        return None
    found = EPSG.search(crs)
    if found:
        return int(found.group(1))
    if crs.upper().endswith("CRS84"):
        return WGS84
    import pyproj

    try:
        return pyproj.CRS.from_user_input(crs).to_epsg(min_confidence=70)
    except pyproj.exceptions.CRSError:
        return None


# --- Coordinates ------------------------------------------------------------------------------------------


def bounds_of(found):
    """x from, y from, x to, y to of every point; None without any."""
    import numpy

    low, high, points = numpy.full(2, numpy.inf), numpy.full(2, -numpy.inf), 0
    for _values, _kind, polygons in found:
        for polygon in polygons or ():
            for ring in polygon:
                if len(ring):
                    ring = numpy.asarray(ring)
                    low, high = numpy.minimum(low, ring.min(axis=0)), numpy.maximum(high, ring.max(axis=0))
                    points += len(ring)
    if points > MOST_POINTS:
        raise Refused("limits")
    if not points:
        return None
    if not (numpy.isfinite(low).all() and numpy.isfinite(high).all()):
        raise Refused("outside")
    return (*low.tolist(), *high.tolist())


def fits(bounds, frame):
    return frame[0] <= bounds[0] and frame[1] <= bounds[1] and bounds[2] <= frame[2] and bounds[3] <= frame[3]


def turned(bounds):
    return bounds[1], bounds[0], bounds[3], bounds[2]


def system_of(named, bounds):
    """(EPSG code, whether x and y stand in turned order). What the file names wins where its numbers can be that."""
    if bounds is None:
        return WGS84, False
    for frame, code in ((DEGREES, WGS84), (METRES, SWEREF)):
        # ETRS89 and SWEREF 99 in degrees differ from WGS 84 by less than what is rounded away.
        same = (WGS84, 4258, 4619) if code == WGS84 else (SWEREF,)
        for is_turned in (False, True):
            if fits(turned(bounds) if is_turned else bounds, frame):
                if named is None or named in same:
                    return code, is_turned
                if named in (WGS84, SWEREF):
                    raise Refused("mismatch", named)
    if named is None:
        raise Refused("system")
    if named in (WGS84, SWEREF):
        raise Refused("outside")
    return named, False


class Mover:
    """Coordinates as read to WGS 84, [longitude, latitude]."""

    def __init__(self, code, is_turned):
        self.is_turned, self.transformer = is_turned, None
        if code != WGS84:
            import pyproj

            pyproj.network.set_network_enabled(False)
            try:
                self.transformer = pyproj.Transformer.from_crs(code, WGS84, always_xy=True)
            except pyproj.exceptions.ProjError as unknown:
                raise Refused("system") from unknown

    def ring(self, points):
        """Closed, rounded, no point twice in a row; None when nothing of an area is left."""
        import numpy

        if len(points) < 3:
            return None
        x, y = numpy.asarray(points, dtype=float).T
        if self.is_turned:
            x, y = y, x
        if self.transformer is not None:
            x, y = self.transformer.transform(x, y)
        places = numpy.column_stack((x, y))
        if not numpy.isfinite(places).all():
            raise Refused("outside")
        # Adding zero makes -0.0 plain 0.0.
        places = numpy.round(places, DECIMALS) + 0.0
        places = places[numpy.append(True, (places[1:] != places[:-1]).any(axis=1))]
        if (places[0] != places[-1]).any():
            places = numpy.vstack((places, places[:1]))
        return places if len(places) >= 4 else None

    def polygons(self, polygons):
        """The outer ring of each counter-clockwise and its holes clockwise (RFC 7946, section 3.1.6)."""
        found = []
        for polygon in polygons:
            rings = []
            for number, points in enumerate(polygon):
                ring = self.ring(points)
                if ring is None:
                    if number:
                        continue
                    break
                is_left = area(ring) > 0
                rings.append((ring if is_left == (number == 0) else ring[::-1]).tolist())
            if rings:
                found.append(rings)
        return found


def area(ring):
    x, y = (ring - ring[0]).T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())


def main(path, driver, wanted):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    # Nothing is ever written to a file here.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if driver == "GeoJSON":
        named, columns, found = from_geojson(path)
    else:
        if driver == "GPKG":
            guard_package(path)
        named, columns, found = from_gdal(path, driver, set(wanted))
    if not found:
        raise Refused("empty")
    code, is_turned = system_of(named, bounds_of(found))
    mover = Mover(code, is_turned)
    samples = {name: [] for name in columns}
    for values, _kind, _polygons in found:
        for name, text in values.items():
            if text and len(samples[name]) < SAMPLES:
                samples[name].append(text)
    tell({"columns": samples, "total": len(found), "epsg": code, "named": named, "turned": is_turned})
    for line, (values, kind, polygons) in enumerate(found, start=1):
        geometry = None
        if polygons is not None:
            polygons = mover.polygons(polygons)
            x, y = zip(*(point for polygon in polygons for point in polygon[0]), strict=True) if polygons else ((), ())
            if polygons and not fits((min(x), min(y), max(x), max(y)), DEGREES):
                raise Refused("outside")
            if len(polygons) == 1:
                geometry = {"type": "Polygon", "coordinates": polygons[0]}
            elif polygons:
                geometry = {"type": "MultiPolygon", "coordinates": polygons}
        tell({"line": line, "values": values, "kind": kind, "geometry": geometry})


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2], sys.argv[3:])
        tell({"end": True})
    except Refused as refused:
        tell(refused.said)
    except MemoryError:
        tell({"refused": "limits", "detail": ""})
    except Exception:
        tell({"refused": "broken", "detail": ""})
