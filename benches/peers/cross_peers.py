"""Moves of a time brush over linked views: cross_peers.py TOOL EVENTS.csv

Tools: numpy, pandas, polars, duckdb, duckdb-cube. Five views are counted at each of 60 positions of a window of 731
days: months, types, actors, people killed, and how many events pass everything. A view ignores its own condition, as
in every cross-filter. The conditions: the window, three of six types, 1 to 50 killed, a box around the Sahel.

"duckdb-cube" does what Falcon and Mosaic do: when the brush is first moved, each view is counted once per bin of the
brush, and a move only sums bins. Its window is rounded to bins of six days, so it agrees with the truth only roughly.
"""
import sys

import numpy as np

from common import Events, millis, result, spread

tool, events = sys.argv[1], Events(sys.argv[2])
WEST, SOUTH, EAST, NORTH = -17.5, 10.0, 25.0, 20.0
DAYS, STEP, POSITIONS, BIN = 731, 60, 60, 6
TYPES = {"day": "u2", "type": "u1", "actor": "u2", "killed": "u2", "lon": "f4", "lat": "f4", "month": "u1"}
columns = {name: np.fromfile(events.columns / f"{name}.bin", kind) for name, kind in TYPES.items()}
extra = {}

if tool in ("numpy", "pandas"):
    if tool == "pandas":
        import pandas

        version, table = pandas.__version__, pandas.DataFrame(columns)
        count = lambda mask, name: table.loc[mask, name].value_counts()
    else:
        version, table = np.__version__, columns
        count = lambda mask, name: np.bincount(columns[name][mask])

    def move(first, last):
        time = (table["day"] >= first) & (table["day"] <= last)
        kind = table["type"] <= 2
        killed = (table["killed"] >= 1) & (table["killed"] <= 50)
        box = (table["lon"] >= WEST) & (table["lon"] <= EAST) & (table["lat"] >= SOUTH) & (table["lat"] <= NORTH)
        kind_killed, box_time = kind & killed, box & time
        count(kind_killed & box, "month")
        count(killed & box_time, "type")
        count(kind_killed & box_time, "actor")
        count(kind & box_time, "killed")
        return int((kind_killed & box_time).sum())

elif tool == "polars":
    import polars as pl

    version, frame, col = pl.__version__, pl.DataFrame(columns).lazy(), pl.col

    def move(first, last):
        time, kind = col("day").is_between(first, last), col("type") <= 2
        killed = col("killed").is_between(1, 50)
        box = col("lon").is_between(WEST, EAST) & col("lat").is_between(SOUTH, NORTH)
        views = [
            frame.filter(kind & killed & box).group_by("month").len(),
            frame.filter(time & killed & box).group_by("type").len(),
            frame.filter(time & kind & killed & box).group_by("actor").len(),
            frame.filter(time & kind & box).group_by("killed").len(),
            frame.filter(time & kind & killed & box).select(pl.len()),
        ]
        return pl.collect_all(views)[-1].item()

elif tool in ("duckdb", "duckdb-cube"):
    import duckdb

    version, connection = duckdb.__version__, duckdb.connect()
    parquet = str(events.columns / "lean.parquet")
    connection.execute("create table events as select * from read_parquet(?)", [parquet])
    box = f"lon >= {WEST} and lon <= {EAST} and lat >= {SOUTH} and lat <= {NORTH}"
    kind, killed = "type <= 2", "killed >= 1 and killed <= 50"
    views = [("type", f"{killed} and {box}"), ("actor", f"{kind} and {killed} and {box}"), ("killed", f"{kind} and {box}")]
    if tool == "duckdb":

        def move(first, last):
            time = f"day >= {first} and day <= {last}"
            month = f"select month, count(*) from events where {kind} and {killed} and {box} group by month"
            connection.execute(month).fetchall()
            for name, condition in views:
                view = f"select {name}, count(*) from events where {time} and {condition} group by {name}"
                connection.execute(view).fetchall()
            passing = f"select count(*) from events where {time} and {kind} and {killed} and {box}"
            return connection.execute(passing).fetchone()[0]

    else:
        views.append(("0", f"{kind} and {killed} and {box}"))

        def build():
            for number, (name, condition) in enumerate(views):
                connection.execute(
                    f"create table cube{number} as select day // {BIN} as bin, {name} as value, count(*)::int as n "
                    f"from events where {condition} group by all"
                )

        extra["build_ms"] = round(millis(build)[1], 1)

        def move(first, last):
            bins = f"bin between {first // BIN} and {last // BIN}"
            sums = [
                connection.execute(f"select value, sum(n) from cube{number} where {bins} group by value").fetchall()
                for number in range(len(views))
            ]
            return sum(n for _, n in sums[-1])

else:
    sys.exit(f"unknown tool {tool}")

move(100, 830)
times, passing = [], []
for position in range(POSITIONS):
    count_, ms = millis(lambda: move(position * STEP, position * STEP + DAYS - 1))
    times.append(ms)
    passing.append(int(count_))
result(tool=f"{tool} {version}", rows=len(columns["day"]), passing=sum(passing), **spread(times), **extra)
