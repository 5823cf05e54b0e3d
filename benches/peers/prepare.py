"""Codes the columns that the cross-filter peers work on: prepare.py EVENTS.csv

Writes raw little-endian columns and a Parquet file to EVENTS.columns. This is generous to the peers: none of them pays
for reading the CSV file or for coding its texts.
"""
import datetime
import sys

import numpy as np
import polars as pl

from common import FIRST_DAY, LEAN, TYPES, Events

events = Events(sys.argv[1])
events.columns.mkdir(exist_ok=True)
frame = pl.scan_csv(events.csv, try_parse_dates=True).select(LEAN).collect()
since = (datetime.date.fromisoformat(FIRST_DAY) - datetime.date(1970, 1, 1)).days
actors = frame["actor1"].unique(maintain_order=True)
day = (frame["event_date"].to_physical().to_numpy() - since).astype(np.uint16)
columns = {
    "day": day,
    "type": frame["event_type"].replace_strict(TYPES, list(range(6)), return_dtype=pl.UInt8).to_numpy(),
    "actor": frame["actor1"].replace_strict(actors, list(range(len(actors))), return_dtype=pl.UInt16).to_numpy(),
    "killed": frame["fatalities"].to_numpy().astype(np.uint16),
    "lon": frame["longitude"].to_numpy().astype(np.float32),
    "lat": frame["latitude"].to_numpy().astype(np.float32),
    "month": (day / 30.4375).astype(np.uint8),
}
for name, column in columns.items():
    column.tofile(events.columns / f"{name}.bin")
pl.DataFrame(columns).write_parquet(events.columns / "lean.parquet")
