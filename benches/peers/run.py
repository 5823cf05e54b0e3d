#!/usr/bin/env python3
"""Runs the program and public tools by turns on one machine and prints medians and ratios.

    run.py load   EVENTS.csv --waqai WAQAI
    run.py cross  EVENTS.csv --bench NAME --id ID
    run.py search EVENTS.csv --bench NAME --id QUERY=ID …

A ratio is this program's time by the other's in the same round; below 1 is faster. Rounds go through all commands in
turn, so that whatever else the machine does hits all of them. Answers are compared with the truth beside the file,
and one that is wrong is marked. The README beside this file tells what has to be installed.
"""
import argparse
import json
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from common import Events

HERE = Path(__file__).resolve().parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
NODE = TARGET / "peers"
OURS = "waqai"
LOADERS = ["polars", "polars-lean", "duckdb", "duckdb-lean", "pandas", "pandas-pyarrow", "pyarrow"]
CROSSERS = ["numpy", "pandas", "polars", "duckdb", "duckdb-cube"]
SEARCHERS = ["polars", "polars-folded", "duckdb", "pandas", "ripgrep", "fts5", "fts5-folded"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("suite", choices=["load", "cross", "search"])
    parser.add_argument("events", help="CSV file written by `waqai generate`, with its truth beside it as .json")
    parser.add_argument("--waqai", default="target/release/waqai", help="the program, for `load`")
    parser.add_argument("--bench", help="a bench of this project, for `cross` and `search`")
    parser.add_argument("--id", action="append", default=[], help="the bench's full name; for `search` QUERY=ID")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="peers to run, parted by commas")
    parser.add_argument("--out", help="also writes all figures as JSON")
    args = parser.parse_args()
    events = Events(args.events)
    if not events.truth_file.exists():
        sys.exit(f"the truth is missing: {events.truth_file}")
    truth = events.truth()
    print(machine(), f"{events.csv.name}: {truth['rows']:,} events, {events.csv.stat().st_size / 1e6:,.0f} MB", sep="\n")
    figures = {"load": load, "cross": cross, "search": search}[args.suite](args, events, truth)
    if args.out:
        text = json.dumps({"machine": machine(), "rows": truth["rows"], "figures": figures}, ensure_ascii=False, indent=1)
        Path(args.out).write_text(text + "\n", encoding="utf-8")


def machine():
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        name = models[0].partition(":")[2].strip() if models else name
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}{load}"


def peers(all_, args):
    names = args.only.split(",") if args.only else all_
    return [name for name in names if name != "ripgrep" or shutil.which("rg")]


def python(script, *args):
    return [sys.executable, str(HERE / script), *map(str, args)]


def run(command):
    """Runs a command to its end. Wall and processor seconds, peak memory, and the JSON that it prints."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    printed = child.stdout.read().decode()
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if status != 0:
        sys.exit(f"failed: {shlex.join(map(str, command))}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {
        "wall_s": wall,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / unit,
        "said": documents(printed),
    }


def documents(printed):
    """The whole output as one document, or one for each line of it that is one."""
    try:
        return [json.loads(printed)]
    except ValueError:
        return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]


def criterion(bench, ids):
    """Runs benches of this project. Median milliseconds by name."""
    for id_ in ids:
        subprocess.run(["cargo", "bench", "--quiet", "--bench", bench, "--", "--exact", id_], check=True, stdout=subprocess.DEVNULL)
    found = {}
    for file in TARGET.glob("criterion/**/new/benchmark.json"):
        name = json.loads(file.read_text())["full_id"]
        if name in ids:
            estimates = json.loads((file.parent / "estimates.json").read_text())
            found[name] = estimates["median"]["point_estimate"] / 1e6
    if missing := set(ids) - set(found):
        sys.exit(f"no such bench: {', '.join(sorted(missing))}")
    return found


def rounds(args, commands):
    """Measurements of each command, round by round."""
    measured = {name: [] for name in commands}
    for number in range(args.rounds):
        for name, work in commands.items():
            print(f"round {number + 1} of {args.rounds}: {name}", end="\033[K\r", file=sys.stderr, flush=True)
            measured[name].append(work())
    print(end="\033[K", file=sys.stderr, flush=True)
    return measured


def ratio(ours, theirs):
    """Least, median and greatest ratio of pairs of one round."""
    pairs = [a / b for a, b in zip(ours, theirs)]
    return [round(f(pairs), 3) for f in (min, statistics.median, max)]


def table(head, rows):
    rows = [head, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    for row in rows:
        print("  ".join(cell.ljust(width) if not at else cell.rjust(width) for at, (cell, width) in enumerate(zip(row, widths))))


def load(args, events, truth):
    """Whole processes: the program's numbers of a file against tables in memory."""
    commands = {OURS: lambda: run([args.waqai, "info", str(events.csv), "--json"])}
    for name in peers(LOADERS, args):
        commands[name] = lambda name=name: run(python("load_peers.py", name, events.csv))
    measured = rounds(args, commands)
    wall = {name: [each["wall_s"] for each in runs] for name, runs in measured.items()}
    figures, rows = {}, []
    for name, runs in measured.items():
        said = runs[-1]["said"][0]
        killed = said["fatalities"]
        answer = (said.get("rows", said.get("events")), killed["best"] if isinstance(killed, dict) else killed)
        right = answer == (truth["rows"], truth["fatalities"])
        median = {key: statistics.median(each[key] for each in runs) for key in ("wall_s", "cpu_s", "peak_mb")}
        least, middle, most = ratio(wall[OURS], wall[name])
        figures[name] = {**median, "ratio": [least, middle, most], "right": right, "said": said}
        shown = f"{middle:.3f} ({least:.3f}-{most:.3f})" if name != OURS else "1"
        tool = said.get("tool", name)
        rows.append([tool, f"{median['wall_s']:.3f}", f"{median['cpu_s']:.2f}", f"{median['peak_mb']:,.0f}", shown, "" if right else "WRONG"])
    table(["tool", "process s", "cpu s", "peak MB", "waqai / it", ""], rows)
    return figures


def cross(args, events, truth):
    """Moves of a brush over five linked views."""
    if len(args.id) > 1 or bool(args.id) != bool(args.bench):
        sys.exit("name one bench: --bench NAME --id ID")
    if not (events.columns / "lean.parquet").exists():
        subprocess.run(python("prepare.py", events.csv), check=True)
    commands = {}
    if args.bench:
        commands[OURS] = lambda: {"ms_median": criterion(args.bench, args.id)[args.id[0]], "tool": OURS}
    for name in peers(CROSSERS, args):
        commands[name] = lambda name=name: run(python("cross_peers.py", name, events.csv))["said"][0]
    if (NODE / "node_modules/crossfilter2").is_dir() and not args.only:
        # Node looks for packages beside the script only.
        script = shutil.copy(HERE / "crossfilter.mjs", NODE)
        commands["crossfilter2"] = lambda: run(["node", script, str(events.columns)])["said"][0]
    measured = rounds(args, commands)
    wanted = truth.get("brush", {}).get("sum")
    figures, rows = {}, []
    for name, runs in measured.items():
        middle = lambda key: statistics.median(each[key] for each in runs) if key in runs[0] else None
        passing = runs[-1].get("passing")
        # The cube rounds the window to its bins.
        slack = wanted // 100 if wanted and name == "duckdb-cube" else 0
        right = None in (passing, wanted) or abs(passing - wanted) <= slack
        times = [each["ms_median"] for each in runs]
        ratios = ratio([each["ms_median"] for each in measured[OURS]], times) if OURS in measured else None
        figures[name] = {key: middle(key) for key in ("ms_median", "ms_p95", "drag_ms_median", "build_ms")}
        figures[name] |= {"ratio": ratios, "right": right, "said": runs[-1]}
        p95, build = figures[name]["ms_p95"], figures[name]["build_ms"]
        rows.append([
            runs[-1]["tool"], f"{middle('ms_median'):.3f}", f"{p95:.3f}" if p95 else "", f"{build:.0f}" if build else "",
            f"{ratios[1]:.3f} ({ratios[0]:.3f}-{ratios[2]:.3f})" if ratios and name != OURS else "", "" if right else "WRONG",
        ])
    table(["tool", "move ms", "p95 ms", "build ms", "waqai / it", ""], rows)
    return figures


def search(args, events, truth):
    """Planted phrases in all notes: how fast, and how many of them are found."""
    ids = dict(pair.split("=", 1) for pair in args.id)
    if bool(ids) != bool(args.bench):
        sys.exit("name benches: --bench NAME --id QUERY=ID")
    commands = {}
    if args.bench:
        def ours():
            times = criterion(args.bench, list(ids.values()))
            return [{"tool": OURS, "query": query, "ms_median": times[id_]} for query, id_ in ids.items()]

        commands[OURS] = ours
    for name in peers(SEARCHERS, args):
        commands[name] = lambda name=name: run(python("text_peers.py", name, events.csv))["said"]
    measured = rounds(args, commands)
    figures, rows = {}, []
    for query in truth["needles"]:
        of_query = {}
        for name, runs in measured.items():
            said = [next((each for each in said if each["query"] == query), None) for said in runs]
            if None not in said:
                of_query[name] = said
        for name, said in of_query.items():
            times = [each["ms_median"] for each in said]
            ratios = ratio([each["ms_median"] for each in of_query[OURS]], times) if OURS in of_query else None
            hits, planted = said[-1].get("hits"), truth["needles"][query]["count"]
            figures.setdefault(query, {})[name] = {
                "ms_median": statistics.median(times), "hits": hits, "planted": planted, "ratio": ratios,
                "build_ms": said[-1].get("build_ms"),
            }
            build = said[-1].get("build_ms")
            rows.append([
                query, name, f"{statistics.median(times):.3f}", "" if hits is None else f"{hits:,} of {planted:,}",
                f"{build:,}" if build else "",
                f"{ratios[1]:.3f} ({ratios[0]:.3f}-{ratios[2]:.3f})" if ratios and name != OURS else "",
            ])
    table(["query", "tool", "ms", "found", "build ms", "waqai / it"], rows)
    return figures


main()
