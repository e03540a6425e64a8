"""compare_w3.py GUERDON DATA OUT REFERENCE [THREADS]

Runs the scores of the peers through the command line and holds its rows against a peer's, row by row.

GUERDON    the command to run, such as target/release/guerdon
DATA       the peers' folder of records: score.csv
OUT        the folder that `guerdon run --out` writes
REFERENCE  the peers' result for the same records: rep_id,region,score,grade,rank

Ends with 1 where a row differs or is missing.
"""

import csv
import pathlib
import subprocess
import sys
from decimal import Decimal


def rows(path):
    with open(path, newline="") as file:
        yield from csv.DictReader(file)


def main():
    if not 5 <= len(sys.argv) <= 6:
        raise SystemExit(__doc__)
    guerdon, data, out, reference = sys.argv[1:5]
    threads = sys.argv[5] if len(sys.argv) > 5 else "2"
    rules = pathlib.Path(__file__).parent / "w3.guerdon"
    command = [guerdon, "run", rules, "--data", data, "--out", out, "--threads", threads]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    places = {row["record"]: int(row["w3.place"]) for row in rows(pathlib.Path(out) / "measures_score.csv")}
    ours = {
        row["subject"]: (Decimal(row["score"]), row["grade"], places[row["subject"]])
        for row in rows(pathlib.Path(out) / "scorecards.csv")
        if row["dimension"] == "total"
    }
    theirs = {row["rep_id"]: (Decimal(row["score"]), row["grade"], int(row["rank"])) for row in rows(reference)}
    differing = sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))
    for key in differing[:10]:
        print(key, ours.get(key), theirs.get(key))
    print(f"{len(theirs)} rows, {len(differing)} differ")
    raise SystemExit(1 if differing else 0)


main()
