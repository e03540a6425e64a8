"""Computes the figures of sellers.guerdon and managers.guerdon without Guerdon.

Reads the AdventureWorks files below $GUERDON_SHARED/data (or ../shared/data beside the repository) into SQLite,
which finds periods, territories and teams by joins; money is worked out with exact fractions and rounded half up
once per line. Writes expected/*.csv beside this file.
"""

import csv
import os
import sqlite3
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("GUERDON_SHARED") or HERE.parents[2].parent / "shared")
DATA = SHARED / "data" / "AdventureWorks"

STARTS = ["2011-05-31", "2011-08-31", "2011-12-01", "2012-02-29", "2012-05-30", "2012-08-30",
          "2012-11-30", "2013-02-28", "2013-05-30", "2013-08-30", "2013-11-30", "2014-03-01"]
END = "2014-05-31"
LABELS = [f"{first}..{date.fromisoformat(after) - timedelta(days=1)}" for first, after in zip(STARTS, [*STARTS[1:], END])]
YEARS = ["2011-05-31", "2012-05-30", "2013-05-30"]
SELLERS = ("Sales Representative", "North American Sales Manager", "European Sales Manager", "Pacific Sales Manager")
LEVELS = {"North American Sales Manager": Fraction(1), "European Sales Manager": Fraction(1),
          "Pacific Sales Manager": Fraction(1), "Vice President of Sales": Fraction(1, 2),
          "Chief Executive Officer": Fraction(1, 4)}


def load():
    db = sqlite3.connect(":memory:")
    for name in ("employee", "sales_person", "sales_territory_history", "sales_person_quota_history",
                 "sales_order_header"):
        with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            head = next(rows)
            db.execute(f"create table {name} ({', '.join(f'{column} text' for column in head)})")
            db.executemany(f"insert into {name} values ({', '.join('?' * len(head))})", rows)
    db.execute("create table period (n integer, first text, next text, year text)")
    for n, first in enumerate(STARTS):
        after = STARTS[n + 1] if n + 1 < len(STARTS) else END
        db.execute("insert into period values (?, ?, ?, ?)", (n, first, after, max(y for y in YEARS if y <= first)))
    return db


def half_up(value, unit=Fraction(1, 100)):
    steps = abs(value) / unit
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return (whole if value >= 0 else -whole) * unit


def decimal(value, places):
    scaled = value * 10**places
    assert scaled.denominator == 1, value
    sign, digits = "-" if scaled < 0 else "", str(abs(scaled.numerator)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def exact(value):
    """Writes a decimal if the value is one, otherwise numerator and denominator."""
    places = next((places for places in range(20) if (value * 10**places).denominator == 1), None)
    if places is None:
        return str(value)
    return decimal(value, places) if places else str(value.numerator)


def slices(bounds, amount):
    """Cuts an amount (from nothing) at the bounds: [(how much of it lies in the slice), …]."""
    edges = [Fraction(0), *bounds]
    return [max(Fraction(0), (amount if n + 1 == len(edges) else min(amount, edges[n + 1])) - edges[n])
            for n in range(len(edges))]


def marginal(bounds, rates, amount):
    return sum(part * rate for part, rate in zip(slices(bounds, amount), rates))


def quotas(db):
    """Quota in force by employee and period: calendar days from the hire date on, hire day counted."""
    result = {}
    for person, n, amount, active, days in db.execute("""
            select q.sales_person_id, p.n, q.sales_quota,
                   julianday(p.next) - julianday(max(p.first, e.hire_date)), julianday(p.next) - julianday(p.first)
            from sales_person_quota_history q
            join period p on p.first = q.quota_date
            join employee e on e.employee_id = q.sales_person_id"""):
        result[person, n] = Fraction(amount) * max(0, int(active)) / int(days)
    return result


def orders(db):
    return db.execute("""
        select o.sales_person_id, p.n, p.year, o.sub_total,
               exists (select 1 from sales_territory_history h
                       where h.sales_person_id = o.sales_person_id and h.territory_id = o.territory_id
                         and o.order_date >= h.start_date and (h.end_date = '' or o.order_date <= h.end_date))
        from sales_order_header o
        join period p on o.order_date >= p.first and o.order_date < p.next
        where o.sales_person_id <> ''
        order by o.order_date, o.sales_order_id""").fetchall()


def sellers(db, quota, lines):
    years = [year for (year,) in db.execute("select year from period order by n")]
    annual = defaultdict(Fraction)
    for (person, n), amount in quota.items():
        annual[person, years[n]] += amount
    rate = {person: Fraction(text) or Fraction(1, 200)
            for person, text in db.execute("select sales_person_id, commission_pct from sales_person")}
    so_far, sales, commission = defaultdict(Fraction), defaultdict(Fraction), defaultdict(Fraction)
    for person, n, year, amount, inside in lines:
        goal, before, after = annual[person, year], so_far[person, year], so_far[person, year] + Fraction(amount)
        bounds, factors = (goal, goal * 5 / 4), (Fraction(1), Fraction(6, 5), Fraction(3, 2))
        counted = marginal(bounds, factors, after) - marginal(bounds, factors, before)
        line = half_up(counted * rate[person] * (Fraction(1) if inside else Fraction(3, 5)))
        so_far[person, year] = after
        sales[person, n] += Fraction(amount)
        commission[person, n] += line
    bonus = {}
    for key, goal in quota.items():
        reached = sales[key] / goal if goal else Fraction(0)
        bonus[key] = Fraction(0 if reached < 1 else 1000 if reached < Fraction(5, 4) else 2500)
    return sales, annual, years, commission, bonus


def teams(db):
    """Every manager with everybody below, at any depth."""
    rows = db.execute("""
        with recursive below(boss, person) as (
            select manager_id, employee_id from employee where manager_id <> ''
            union select e.manager_id, b.person from below b join employee e on e.employee_id = b.boss
            where e.manager_id <> '')
        select boss, job_title, person from below join employee on employee_id = boss""").fetchall()
    team = defaultdict(set)
    for boss, title, person in rows:
        if title in LEVELS:
            team[boss, title].add(person)
    return team


def write(name, head, rows):
    with open(HERE / "expected" / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


def main():
    db = load()
    quota, lines = quotas(db), orders(db)
    sales, annual, years, commission, bonus = sellers(db, quota, lines)
    people = sorted(person for person, in db.execute(
        f"select employee_id from employee where job_title in ({', '.join('?' * len(SELLERS))})", SELLERS))
    pay, earned, measures = [], [], []
    for person in people:
        for n, label in enumerate(LABELS):
            key = person, n
            two = commission[key], bonus.get(key, Fraction(0))
            pay.append(("sellers", "seller_pay", person, label, "USD", decimal(sum(two), 2)))
            earned.append(("sellers", "commission", person, label, "USD", decimal(two[0], 2)))
            earned.append(("sellers", "bonus", person, label, "USD", decimal(two[1], 2)))
            goal = quota.get(key, Fraction(0))
            measures.append(("sellers", "sales", person, label, exact(sales[key])))
            measures.append(("sellers", "quota_in_force", person, label, exact(goal)))
            measures.append(("sellers", "annual_quota", person, label, exact(annual[person, years[n]])))
            reached = sales[key] / goal if goal else Fraction(0)
            measures.append(("sellers", "attainment", person, label, exact(reached)))
    for (boss, title), team in sorted(teams(db).items()):
        for n, label in enumerate(LABELS):
            sold = sum((sales[person, n] for person in team), Fraction(0))
            goal = sum((quota.get((person, n), Fraction(0)) for person in team), Fraction(0))
            rates = Fraction(2, 1000), Fraction(3, 1000)
            override = half_up(marginal((goal,), rates, sold) * LEVELS[title]) if goal else Fraction(0)
            pay.append(("managers", "manager_pay", boss, label, "USD", decimal(override, 2)))
            measures.append(("managers", "team_sales", boss, label, exact(sold)))
            measures.append(("managers", "team_quota", boss, label, exact(goal)))
    write("pay", ("plan", "pay", "payee", "period", "currency", "amount"), pay)
    write("earned", ("plan", "earn", "payee", "period", "currency", "amount"), earned)
    write("measures", ("plan", "measure", "payee", "period", "value"), measures)


if __name__ == "__main__":
    main()
