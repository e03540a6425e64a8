"""Computes the pay of plan.guerdon without Guerdon."""

import sys
from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from figures import day, half_up, marginal, months, read, write  # noqa: E402

STEPS = [(0, 30, 2400), (2, 60, 1800), (4, 80, 900), (6, 100, 0)]
RATES = Fraction(4, 100), Fraction(7, 100)


def main():
    goal = {row["person"]: Fraction(row["amount"]) for row in read(HERE, "goal")}
    ordered, rows = defaultdict(Fraction), []
    for order in read(HERE, "Order"):
        ordered[order["seller"], order["placed_on"][:7]] += Fraction(order["value"])
    for person in sorted(read(HERE, "Person"), key=lambda row: row["id"]):
        started, owed = day(person["started_on"]), Fraction(0)
        for label, first, last in months(date(2025, 1, 1), 12):
            if started > last:
                continue
            service = (first.year - started.year) * 12 + first.month - started.month
            _, percent, floor = next(step for step in reversed(STEPS) if service >= step[0])
            days = (last - first).days + 1
            present = Fraction((last - max(first, started)).days + 1, days)
            wanted = goal[person["id"]] * percent / 100 * present
            commission = half_up(marginal(ordered[person["id"], label], [wanted], RATES))
            assured = half_up(floor * present)
            advance = max(assured - commission, Fraction(0))
            paid_back = half_up(min(max(commission - assured, Fraction(0)) * Fraction(2, 5), owed))
            owed += advance - paid_back
            rows.append(("recoverable_draw", "payable", person["id"], label, "GBP", commission + advance - paid_back))
    write(HERE, rows)


if __name__ == "__main__":
    main()
