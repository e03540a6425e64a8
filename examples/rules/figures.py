"""What the independent calculations of the examples share: reading, writing, exact rounding. No Guerdon here."""

import csv
from collections import defaultdict
from datetime import date
from fractions import Fraction


def read(folder, name):
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def half_up(value, step=Fraction(1, 100)):
    """Rounds to the nearest step, ties away from zero."""
    steps = abs(Fraction(value)) / step
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return (whole if value >= 0 else -whole) * step


def marginal(amount, bounds, rates):
    """Adds up the slices of an amount from nothing, each at its own rate; the last slice is open."""
    edges = [Fraction(0), *bounds]
    slices = zip(edges, [*edges[1:], None], rates, strict=True)
    return sum(((amount if upper is None else min(amount, upper)) - lower) * rate
               for lower, upper, rate in slices if amount > lower)


def day(text):
    return date.fromisoformat(text)


def months(first, count):
    """Gives (label, first day, last day) of months in a row."""
    year, month = first.year, first.month
    for _ in range(count):
        start = date(year, month, 1)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        yield start.isoformat()[:7], start, date.fromordinal(date(year, month, 1).toordinal() - 1)


def quarters(year):
    """Gives (label, first day, last day) of the quarters of a year."""
    parts = list(months(date(year, 1, 1), 12))
    for n in range(4):
        yield f"{year}-Q{n + 1}", parts[3 * n][1], parts[3 * n + 2][2]


def paid_shares(rows, reference, amount, dated, until, worth, since=None, within=None):
    """Gives the share of a deal's worth that rows up to a day make out, at most all of it."""
    total = sum((Fraction(row[amount]) for row in rows
                 if row[reference[0]] == reference[1] and day(row[dated]) <= until
                 and (within is None or (day(row[dated]) - since).days <= within)), Fraction(0))
    return min(total / worth, Fraction(1))


def cut(lines, limit):
    """Cuts lines, in order, so that their running total never passes the limit."""
    uncut, result = Fraction(0), []
    for line in lines:
        before, uncut = uncut, uncut + line
        result.append(min(limit, uncut) - min(limit, before))
    return result


def by_owner(rows, owner, dated, key):
    """Groups rows by owner, each group in the order of day and key."""
    groups = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row[dated], row[key])):
        groups[row[owner]].append(row)
    return groups


def two_places(value):
    cents = Fraction(value) * 100
    assert cents.denominator == 1, value
    digits = str(abs(cents.numerator)).rjust(3, "0")
    return f"{'-' if cents < 0 else ''}{digits[:-2]}.{digits[-2:]}"


def write(folder, rows):
    """Writes (plan, pay, payee, period, currency, amount) to expected/pay.csv."""
    (folder / "expected").mkdir(exist_ok=True)
    with open(folder / "expected" / "pay.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("plan", "pay", "payee", "period", "currency", "amount"))
        out.writerows((*row[:-1], two_places(row[-1])) for row in rows)
