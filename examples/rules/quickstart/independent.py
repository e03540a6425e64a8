"""Computes the pay of commission.guerdon without Guerdon: decimals, and fractions where a share is a quotient.

Writes expected/pay.csv beside this file.
"""

import csv
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
QUARTERS = [(f"2025-Q{n}", date(2025, 3 * n, 30 if n in (2, 3) else 31)) for n in range(1, 5)]
ZERO = Decimal("0.00")


def read(name):
    with open(HERE / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cents(amount):
    """Rounds half up (away from zero) to cents."""
    value = Fraction(amount) * 100
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return Decimal(whole if value >= 0 else -whole) / 100


def tiers(amount, quota):
    second, third = quota, quota * Decimal("1.25")
    return (min(amount, second) * Decimal("0.05") + max(min(amount, third) - second, ZERO) * Decimal("0.08")
            + max(amount - third, ZERO) * Decimal("0.10"))


def commissions(deals, year_quota):
    so_far, result = defaultdict(lambda: ZERO), {}
    for deal in sorted(deals, key=lambda deal: (deal["signed_on"], deal["id"])):
        seller, amount = deal["seller"], Decimal(deal["amount"])
        before, after = so_far[seller], so_far[seller] + amount
        line = tiers(after, year_quota[seller]) - tiers(before, year_quota[seller])
        result[deal["id"]] = cents(line * Decimal("0.6") if deal["renewal"] == "yes" else line)
        so_far[seller] = after
    return result


def share(rows, day, deal, until, within=None):
    signed = date.fromisoformat(deal["signed_on"])
    total = sum((Decimal(row["amount"]) for row in rows if row["deal"] == deal["id"]
                 and date.fromisoformat(row[day]) <= until
                 and (within is None or (date.fromisoformat(row[day]) - signed).days <= within)), ZERO)
    return min(Fraction(total) / Fraction(deal["amount"]), Fraction(1))


def main():
    deals, receipts, refunds = read("Deal"), read("Receipt"), read("Refund")
    quota = {(row["seller"], row["quarter"]): Decimal(row["amount"]) for row in read("quota")}
    year_quota = defaultdict(lambda: ZERO)
    for (seller, _), amount in quota.items():
        year_quota[seller] += amount
    line = commissions(deals, year_quota)
    rows = []
    for seller in sorted(read("Seller"), key=lambda row: row["name"]):
        name, before = seller["name"], defaultdict(lambda: ZERO)
        for quarter, last_day in QUARTERS:
            if seller["hired_on"] > last_day.isoformat():
                continue
            total, signed = ZERO, ZERO
            for deal in (deal for deal in deals if deal["seller"] == name):
                day = date.fromisoformat(deal["signed_on"])
                if f"{day.year}-Q{(day.month + 2) // 3}" == quarter:
                    signed += Decimal(deal["amount"])
                if day > last_day:
                    continue
                part = (share(receipts, "received_on", deal, last_day)
                        - share(refunds, "refunded_on", deal, last_day, 180))
                payable = cents(Fraction(line[deal["id"]]) * min(max(part, Fraction(0)), Fraction(1)))
                total += payable - before[deal["id"]]
                before[deal["id"]] = payable
            goal = quota.get((name, quarter), ZERO)
            if goal > 0 and signed >= goal:
                total += 750
            rows.append(("sellers_2025", "total", name, quarter, "EUR", total.quantize(Decimal("0.01"), ROUND_HALF_UP)))
    with open(HERE / "expected" / "pay.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("plan", "pay", "payee", "period", "currency", "amount"))
        out.writerows(rows)


if __name__ == "__main__":
    main()
