"""What the peers' scripts share: files that belong together, timing, one line of JSON as the result."""
import json
import resource
import statistics
import sys
import time
from pathlib import Path

# What a map and a timeline need of ACLED's 31 columns.
LEAN = ["event_date", "event_type", "actor1", "latitude", "longitude", "fatalities"]
TYPES = [
    "Battles",
    "Explosions/Remote violence",
    "Violence against civilians",
    "Protests",
    "Riots",
    "Strategic developments",
]
FIRST_DAY = "2012-01-01"


class Events:
    """A generated CSV file, the truth about it, and the folder of its coded columns."""

    def __init__(self, csv):
        self.csv = Path(csv)
        self.truth_file = self.csv.with_suffix(".json")
        self.columns = self.csv.with_suffix(".columns")

    def truth(self):
        return json.loads(self.truth_file.read_text(encoding="utf-8"))


def peak_mb():
    """Most resident memory so far. The kernel counts in KiB on Linux and in bytes on macOS."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))


def result(**fields):
    print(json.dumps(fields, ensure_ascii=False), flush=True)


def millis(work):
    """What the work returns and how long it took."""
    start = time.perf_counter()
    value = work()
    return value, (time.perf_counter() - start) * 1e3


def spread(times):
    """Median and 95th percentile of milliseconds."""
    times = sorted(times)
    return {
        "ms_median": round(statistics.median(times), 3),
        "ms_p95": round(times[min(len(times) - 1, int(len(times) * 0.95))], 3),
    }
