"""Computes the pay of plan.guerdon without Guerdon."""

import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from figures import day, half_up, quarters, read, write  # noqa: E402

GRID = {"Pumps": {"Industry": 500, "Utility": 450, "Marine": 600},
        "Valves": {"Industry": 300, "Utility": 300, "Marine": 350},
        "Sensors": {"Industry": 800, "Utility": 700, "Marine": 800}}


def main():
    margin, turnover = defaultdict(Fraction), defaultdict(Fraction)
    spans = list(quarters(2025))
    for sale in read(HERE, "Sale"):
        quarter = next(label for label, first, last in spans if first <= day(sale["shipped_on"]) <= last)
        net = Fraction(sale["net"])
        margin[sale["partner"], quarter] += half_up(net * GRID[sale["family"]][sale["segment"]] / 10_000)
        turnover[sale["partner"], quarter] += net
    rows = []
    for partner in sorted(row["code"] for row in read(HERE, "Partner")):
        for quarter, _, _ in spans:
            volume = turnover[partner, quarter]
            rate = Fraction(0 if volume <= 250_000 else 75 if volume <= 600_000 else 150, 10_000)
            bonus = volume * rate
            if quarter == "2025-Q1" and volume > 200_000:
                bonus = max(bonus, Fraction(1_000))
            total = margin[partner, quarter] + half_up(bonus)
            rows.append(("channel_partner", "partner_pay", partner, quarter, "EUR", total))
    write(HERE, rows)


if __name__ == "__main__":
    main()
