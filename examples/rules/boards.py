"""What the independent calculations of contests, warnings and scorecards share: places, prizes, shares to the cent,
levels, scores. No Guerdon here; all figures are exact fractions until they are rounded once."""

import csv
from fractions import Fraction

from figures import half_up

CENT = Fraction(1, 100)
STANDINGS = ("contest", "period", "entrant", "member", "honour", "rank", "tied", "score", "qualifies", "prize")
WARNINGS = ("warning", "subject", "period", "level", "event", "severity", "periods")
ACTIONS = ("warning", "subject", "period", "level", "action", "what", "to", "within_days")
CARDS = ("card", "subject", "period", "dimension", "metric", "weight", "raw", "score", "points", "grade", "multiplier")


def exact(value):
    """Writes a number as a decimal if it is one, otherwise as numerator and denominator; nothing for what is missing."""
    if value is None or isinstance(value, str):
        return value or ""
    value = Fraction(value)
    places, under = 0, value.denominator
    while under % 10 == 0:
        under //= 10
    for prime in (2, 5):
        while under % prime == 0:
            under //= prime
    if under != 1:
        return str(value)
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs((value * 10**places).numerator)).rjust(places + 1, "0")
    whole = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{whole}" if value < 0 else whole


def write(folder, name, head, rows):
    (folder / "expected").mkdir(exist_ok=True)
    with open(folder / "expected" / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows([exact(cell) for cell in row] for row in rows)


def shares(amount, weights):
    """Divides an amount by weights, {key: weight}, to the cent: the largest remainders get what is left, ties by key."""
    total = sum(weights.values())
    quotas = {key: Fraction(amount) / CENT * weight / total for key, weight in weights.items()}
    parts = {key: quota.numerator // quota.denominator for key, quota in quotas.items()}
    left = Fraction(amount) / CENT - sum(parts.values())
    for key in sorted(quotas, key=lambda key: (parts[key] - quotas[key], key))[:int(left)]:
        parts[key] += 1
    return {key: part * CENT for key, part in parts.items()}


def places(scores):
    """Gives {key: (rank, tied)}, the highest score first, as in 1, 2, 2, 4."""
    values = list(scores.values())
    return {key: (1 + sum(other > score for other in values), values.count(score)) for key, score in scores.items()}


def pooled(ranks, prizes):
    """Pools the prizes of the places of those who are equal and divides them; prizes are {place: amount}."""
    won = {}
    for rank, tied in set(ranks.values()):
        equal = {key: 1 for key, place in ranks.items() if place == (rank, tied)}
        won |= shares(sum(prizes.get(place, 0) for place in range(rank, rank + tied)), equal)
    return won


def levels(periods, machine, skipped=lambda period: False):
    """Runs levels over periods; gives [(period, level shown, event, periods at the level)].

    `machine` lists (level, raised when, cleared when), the lowest first, both with the period and the count of periods in
    a row for which `weak` held; see `weak` in the callers.
    """
    raised, since, row, shown, result = {}, {}, {}, None, []
    for period in periods:
        if not skipped(period):
            for name, weak, needed, cleared in machine:
                row[name] = row.get(name, 0) + 1 if weak(period) else 0
                if raised.get(name):
                    raised[name] = not cleared(period)
                else:
                    raised[name] = row[name] >= needed
                since[name] = (since.get(name, 0) + 1) if raised[name] else 0
        names = [name for name, *_ in machine]
        now = next((name for name in reversed(names) if raised.get(name)), None)
        place = {name: at + 1 for at, name in enumerate(names)} | {None: 0}
        if now != shown or now:
            event = ("kept" if now == shown else "cleared" if now is None
                     else "raised" if place[now] > place[shown] else "lowered")
            result.append((period, now, event, place[now], since[now] if now else None))
        shown = now
    return result


def linear(value, points):
    """Reads a score from a polyline, flat outside."""
    if value is None:
        return None
    if value <= points[0][0]:
        return Fraction(points[0][1])
    for (low, below), (high, above) in zip(points, points[1:]):
        if value <= high:
            return below + (value - low) * Fraction(above - below) / (high - low)
    return Fraction(points[-1][1])


def spread(values):
    """Scores each value by its distance from the lowest to the highest; nothing where all are equal."""
    known = [value for value in values.values() if value is not None]
    low, high = min(known, default=0), max(known, default=0)
    return {key: None if value is None or low == high else 100 * (value - low) / Fraction(high - low)
            for key, value in values.items()}


def percentile(values):
    """Scores each value by its place: 100 for the first, 0 for the last; nothing where there is only one."""
    ranks = places({key: value for key, value in values.items() if value is not None})
    return {key: None if value is None or len(ranks) < 2 else Fraction(100 * (len(ranks) - ranks[key][0]), len(ranks) - 1)
            for key, value in values.items()}


def graded(total, grades):
    """Gives the grade of a total; `grades` are [(from, grade, multiplier)], the best first."""
    return next(grade for lowest, grade, *_ in grades if total >= lowest)


def forced(totals, shares_of):
    """Gives grades by places: `shares_of` are [(grade, share)], the best first; heads by largest remainder, what is left
    to the better grade where remainders are equal; equal totals at a cut take the better grade."""
    quotas = [share * len(totals) for _, share in shares_of]
    heads = [quota.numerator // quota.denominator for quota in quotas]
    for at in sorted(range(len(quotas)), key=lambda at: (heads[at] - quotas[at], at))[:len(totals) - sum(heads)]:
        heads[at] += 1
    cuts = [sum(heads[:at + 1]) for at in range(len(heads))]
    ranks = places(totals)
    return {key: next(grade for (grade, _), cut in zip(shares_of, cuts) if ranks[key][0] <= cut) for key in totals}


def card(name, subject, period, dimensions, present, grades, grade_of=None):
    """Gives the rows of one card: metrics, dimensions, total.

    `dimensions` are [(name, weight, [(metric, weight, raw, score)])]; a missing metric gives its weight to the others of
    its dimension, an empty dimension to the other dimensions, if at least `present` of all weights is there. `grade_of`
    gives the grade of a total and the scores of the dimensions, where it is not simply that of the total.
    """
    rows, scores, weights = [], {}, {}
    covered = sum(weight * part for _, weight, metrics in dimensions for _, part, _, score in metrics if score is not None)
    for dimension, weight, metrics in dimensions:
        there = [(part, score) for _, part, _, score in metrics if score is not None]
        inside = sum(part for part, _ in there)
        scores[dimension] = sum(part * score for part, score in there) / inside if inside else None
        weights[dimension] = weight if inside else 0
    whole = sum(weights.values()) if covered >= present else None
    for dimension, weight, metrics in dimensions:
        inside = sum(part for _, part, _, score in metrics if score is not None)
        for metric, part, raw, score in metrics:
            points = None if score is None or whole is None else score * part / inside * weight / whole
            rows.append((name, subject, period, dimension, metric, part, raw, score, points, None, None))
        points = None if whole is None or scores[dimension] is None else scores[dimension] * weight / whole
        rows.append((name, subject, period, dimension, None, weight, None, scores[dimension], points, None, None))
    if whole is None:
        return [*rows, (name, subject, period, "total", None, 1, None, None, None, None, None)]
    total = sum(scores[dimension] * weights[dimension] for dimension in scores if weights[dimension]) / whole
    grade = grade_of(total, scores) if grade_of else graded(total, grades)
    multiplier = next(multiplier for _, known, multiplier in grades if known == grade)
    shown = half_up(total, Fraction(1, 10))
    return [*rows, (name, subject, period, "total", None, 1, None, shown, total, grade, multiplier)]
