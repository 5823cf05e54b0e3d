"""Planted phrases searched for in all notes: text_peers.py TOOL EVENTS.csv

Tools: polars, polars-folded, duckdb, pandas, ripgrep, fts5, fts5-folded. One line of JSON per phrase. The phrases stand
in the notes in several spellings and with particles attached; `hits` against `planted` is what a tool finds of them.
None folds Arabic spelling by itself; "folded" ones search a copy of the notes that is folded here first.
"""
import re
import subprocess
import sys
import unicodedata

from common import Events, millis, result, spread

tool, events = sys.argv[1], Events(sys.argv[2])
REPETITIONS = 7
# Marks that stand alone once a text is decomposed: Latin accents, Arabic vowels, hamza on its carriers; and tatweel.
MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640]")
LETTERS = {"ى": "ي", "ة": "ه"}


def folded(text):
    text = MARKS.sub("", unicodedata.normalize("NFKD", text))
    return text.translate(str.maketrans(LETTERS)).lower()


def phrases():
    for key, needle in events.truth()["needles"].items():
        yield key, needle.get("query", needle["spellings"][0]), needle["count"]


def notes():
    import polars as pl

    return pl.scan_csv(events.csv).select(["notes"]).collect()["notes"]


def fold_polars(series):
    series = series.str.normalize("NFKD").str.replace_all(MARKS.pattern, "")
    return series.str.replace_many(list(LETTERS), list(LETTERS.values())).str.to_lowercase()


def sqlite_index(texts):
    import sqlite3

    connection = sqlite3.connect(":memory:")
    tokens = "unicode61 remove_diacritics 2"
    connection.execute(f"create virtual table notes using fts5(text, content='', tokenize=\"{tokens}\")")
    connection.executemany("insert into notes(rowid, text) values(?, ?)", enumerate(texts, 1))
    connection.commit()
    return connection


extra = {}
if tool == "polars":
    texts = notes()
    find = lambda phrase: texts.str.contains(phrase, literal=True).sum()
elif tool == "polars-folded":
    raw = notes()
    texts, build = millis(lambda: fold_polars(raw))
    extra = {"build_ms": round(build), "copy_mb": round(texts.str.len_bytes().sum() / 1e6)}
    find = lambda phrase: texts.str.contains(folded(phrase), literal=True).sum()
elif tool == "duckdb":
    import duckdb

    connection = duckdb.connect()
    connection.execute("create table events as select notes from read_csv(?)", [str(events.csv)])
    count = "select count(*) from events where contains(notes, ?)"
    find = lambda phrase: connection.execute(count, [phrase]).fetchone()[0]
elif tool == "pandas":
    import pandas as pd

    texts = pd.read_csv(events.csv, usecols=["notes"])["notes"]
    find = lambda phrase: texts.str.contains(phrase, regex=False).sum()
elif tool == "ripgrep":
    # Counts lines of the file, so a phrase that stood twice in a row would count once, as wanted.
    command = ["rg", "--count", "--fixed-strings", "--mmap"]
    find = lambda phrase: subprocess.run([*command, phrase, events.csv], capture_output=True, text=True).stdout or 0
elif tool in ("fts5", "fts5-folded"):
    fold = folded if tool == "fts5-folded" else str
    raw = notes().to_list()
    connection, build = millis(lambda: sqlite_index(map(fold, raw)))
    extra = {"build_ms": round(build)}
    count = "select count(*) from notes where notes match ?"
    find = lambda phrase: connection.execute(count, [f'"{fold(phrase)}"']).fetchone()[0]
else:
    sys.exit(f"unknown tool {tool}")

for key, phrase, planted in phrases():
    runs = [millis(lambda: find(phrase)) for _ in range(REPETITIONS)]
    times = spread([ms for _, ms in runs])
    result(tool=tool, query=key, hits=int(runs[0][0]), planted=planted, **times, **extra)
