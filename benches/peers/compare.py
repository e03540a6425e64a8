"""compare.py GUERDON DATA OUT CHECKER REFERENCE [THREADS]

Runs the monthly batch of the peers through the command line and holds its rows against a peer's.

GUERDON    the command to run, such as target/release/guerdon
DATA       the peers' folder of records: txn.csv, rep.csv, quota.csv and mult.csv
OUT        the folder to write into; OUT/result is what `guerdon run --out` writes, OUT/w1.guerdon.csv the same rows in
           the columns rep_id,month,credited,attainment,payout
CHECKER    the peers' program that compares result files row by row: CHECKER REFERENCE =OTHER; it ends with 1 where one
           row differs
REFERENCE  the peers' result for the same records

Ends with the exit code of the checker, or with 1 where the run is not complete.
"""

import csv
import json
import pathlib
import subprocess
import sys


def columns(result):
    """Puts pay and measures beside each other, by seller and month."""
    rows = {}
    with open(result / "measures_rep_month.csv", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["record"], row["period"]] = [row["w1.credited"], row["w1.attainment"]]
    with open(result / "pay.csv", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["payee"], row["period"]].append(row["amount"])
    for (rep, period), values in sorted(rows.items()):
        year, month = period.split("-")
        if len(values) != 3 or year != "2025":
            raise SystemExit(f"{rep} {period}: {values}")
        yield [rep, int(month), *values]


def main():
    if not 6 <= len(sys.argv) <= 7:
        raise SystemExit(__doc__)
    guerdon, data, out, checker, reference = sys.argv[1:6]
    threads = sys.argv[6] if len(sys.argv) > 6 else "2"
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    rules = pathlib.Path(__file__).parent / "w1.guerdon"
    command = [guerdon, "run", rules, "--data", data, "--out", out / "result", "--threads", threads]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    manifest = json.loads((out / "result" / "manifest.json").read_text())
    if not manifest["complete"]:
        raise SystemExit("the run is not complete")
    with open(out / "w1.guerdon.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["rep_id", "month", "credited", "attainment", "payout"])
        writer.writerows(columns(out / "result"))
    checked = subprocess.run([sys.executable, checker, reference, f"={out / 'w1.guerdon.csv'}"])
    sys.exit(checked.returncode)


main()
