"""A CSV file read into a table in memory by one tool: load_peers.py TOOL EVENTS.csv

Tools: polars, polars-lean, duckdb, duckdb-lean, pandas, pandas-pyarrow, pyarrow. "Lean" reads only the columns that
a map and a timeline need, without notes; the others all 31. Imports are not in `inside_s`, but they are in the time
of the whole process, which `run.py` measures.
"""
import sys
import time

from common import LEAN, peak_mb, result

tool, path = sys.argv[1], sys.argv[2]
lean = tool.endswith("-lean")
start = None


def begin():
    global start
    start = time.perf_counter()


if tool.startswith("polars"):
    import polars as pl

    begin()
    if lean:
        frame = pl.scan_csv(path, try_parse_dates=True).select(LEAN).collect()
    else:
        frame = pl.read_csv(path, try_parse_dates=True)
    seconds = time.perf_counter() - start
    version, rows, killed = pl.__version__, frame.height, frame["fatalities"].sum()
elif tool.startswith("duckdb"):
    import duckdb

    connection = duckdb.connect()
    begin()
    columns = ",".join(LEAN) if lean else "*"
    connection.execute(f"create table events as select {columns} from read_csv(?)", [path])
    seconds = time.perf_counter() - start
    version = duckdb.__version__
    rows, killed = connection.execute("select count(*), sum(fatalities) from events").fetchone()
elif tool == "pandas":
    import pandas as pd

    begin()
    frame = pd.read_csv(path, parse_dates=["event_date"], low_memory=False)
    seconds = time.perf_counter() - start
    version, rows, killed = pd.__version__, len(frame), frame.fatalities.sum()
elif tool == "pandas-pyarrow":
    import pandas as pd

    begin()
    frame = pd.read_csv(path, engine="pyarrow", dtype_backend="pyarrow")
    seconds = time.perf_counter() - start
    version, rows, killed = pd.__version__, len(frame), frame.fatalities.sum()
elif tool == "pyarrow":
    import pyarrow
    import pyarrow.compute
    import pyarrow.csv

    begin()
    options = pyarrow.csv.ParseOptions(newlines_in_values=True)
    table = pyarrow.csv.read_csv(path, parse_options=options)
    seconds = time.perf_counter() - start
    version, rows = pyarrow.__version__, table.num_rows
    killed = pyarrow.compute.sum(table["fatalities"]).as_py()
else:
    sys.exit(f"unknown tool {tool}")

result(tool=f"{tool} {version}", inside_s=round(seconds, 3), rows=rows, fatalities=int(killed), peak_mb=peak_mb())
