"""side_by_side.py EVALUATE LIMIT DATA OUT [WORKLOAD ENGINE [TIMES]]

Evaluates one workload of the peers in turn with Guerdon and with the hand-written limit, each in a process of its own
with its records loaded beforehand, and prints the medians of their medians and the ratio, for one and two threads.

EVALUATE   the example `evaluate` of this folder's crate: target/release/examples/evaluate
LIMIT      the peers' program `limit`
DATA       the peers' folder of records
OUT        a folder for what `limit` writes
WORKLOAD   w1 or w3; ENGINE the name of the limit's variant, such as limit-raw-checked; TIMES the turns (5)
"""

import pathlib
import statistics
import subprocess
import sys


def results(command):
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [line.split("\t") for line in lines if line.startswith("RESULT\t")]


def main():
    if not 5 <= len(sys.argv) <= 8:
        raise SystemExit(__doc__)
    evaluate, limit, data, out = sys.argv[1:5]
    workload = sys.argv[5] if len(sys.argv) > 5 else "w1"
    engine = sys.argv[6] if len(sys.argv) > 6 else "limit-raw-checked"
    times = int(sys.argv[7]) if len(sys.argv) > 7 else 5
    rules = pathlib.Path(__file__).parent / f"{workload}.guerdon"
    seconds = {}
    for _ in range(times):
        for row in results([limit, data, out, workload]):
            if row[3] == engine:
                seconds.setdefault(("limit", row[4]), []).append((float(row[6]), float(row[7])))
        for threads in ("1", "2"):
            [row] = results([evaluate, rules, data, workload, threads, "15"])
            seconds.setdefault(("guerdon", threads), []).append((float(row[6]), float(row[7])))
    for threads in ("1", "2"):
        ours, theirs = (seconds[name, threads] for name in ("guerdon", "limit"))
        pairs = [own[0] / other[0] for own, other in zip(ours, theirs)]
        best = min(own[1] for own in ours) / min(other[1] for other in theirs)
        print(
            f"{workload} {threads} thread(s): guerdon {1000 * statistics.median(own[0] for own in ours):.2f} ms, "
            f"{engine} {1000 * statistics.median(other[0] for other in theirs):.2f} ms, ratio of medians "
            f"{statistics.median(pairs):.2f} (of {len(pairs)} turns, {min(pairs):.2f} to {max(pairs):.2f}), "
            f"of the best {best:.2f}"
        )


main()
