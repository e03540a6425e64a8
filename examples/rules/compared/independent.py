"""Computes what compared.guerdon says of the files beside it, without Guerdon: distances, places, the lowest tenth, two paces.

Writes expected/warnings.csv and scorecards.csv beside this file.
"""

import csv
import sys
from collections import defaultdict
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from boards import CARDS, WARNINGS, levels, percentile, places, spread, write  # noqa: E402
from figures import half_up, read  # noqa: E402

GOAL = 220_000


def season(day):
    return F(35, 100) * day / 10 if day <= 10 else F(35, 100) + F(65, 100) * (day - 10) / 12


def main():
    people = {row["name"]: row for row in read(HERE, "Person")}
    days = [f"2026-03-{day:02}" for day in range(1, 32)]
    workdays = {row["day"] for row in read(HERE, "Workday")}
    sold = defaultdict(F)
    for row in read(HERE, "Sale"):
        sold[row["seller"], row["sold_on"]] += F(row["amount"])
    to_date = {(name, day): sum(sold[name, other] for other in days if other <= day) for name in people for day in days}
    totals = {name: to_date[name, days[-1]] for name in people}
    cards, shown = [], []
    distance, place = {}, {}
    for team in {row["team"] for row in people.values()}:
        inside = {name: totals[name] for name in people if people[name]["team"] == team}
        distance |= spread(inside)
        place |= percentile(inside)
    for name in people:
        there = [score for score in (distance[name], place[name]) if score is not None]
        for metric, scores in (("distance", distance), ("place", place)):
            points = None if scores[name] is None else scores[name] / len(there)
            cards.append(("group", name, "2026-03", "financial", metric, F(1, 2), totals[name], scores[name], points))
        cards += [("group", name, "2026-03", side, *[None] * 5) for side in ("customer", "competitive", "collaboration")]
        total = sum(there) / len(there) if there else None
        cards.append(("group", name, "2026-03", "financial", None, 1, None, total, total))
        cards.append(("group", name, "2026-03", "total", None, 1, None, None if total is None else half_up(total, F(1, 10)), total))
    reached = {name: totals[name] / F(people[name]["goal"]) for name in people}
    lowest = places({name: -share for name, share in reached.items()})
    for name, (rank, _) in lowest.items():
        if rank * 10 <= len(people):
            shown.append(("last_and_below", name, "2026-03", "tail", "alert", 0, None))
            if reached[name] < 1:
                shown.append(("last_and_below", name, "2026-03", "behind", "raised", 1, 1))
    count = {day: len([other for other in workdays if other <= day]) for day in days}
    for name in people:
        line = lambda day: to_date[name, day] < F(GOAL * count[day], 22) * F(9, 10)  # noqa: E731
        curve = lambda day: to_date[name, day] < GOAL * season(count[day]) * F(9, 10)  # noqa: E731
        machine = [("by_line", line, 1, lambda day: not line(day)), ("by_curve", curve, 1, lambda day: not curve(day))]
        shown += [("pace", name, *row) for row in levels(days, machine, lambda day: count[day] < 5)]
    write(HERE, "warnings", WARNINGS, shown)
    write(HERE, "scorecards", CARDS[:9], cards)


if __name__ == "__main__":
    main()
