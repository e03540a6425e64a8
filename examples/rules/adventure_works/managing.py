"""Computes the figures of contests.guerdon, warnings.guerdon and scorecards.guerdon without Guerdon.

Reads the AdventureWorks files below $GUERDON_SHARED/data (or ../shared/data beside the repository) into SQLite, which
finds periods, teams, customers and territories by joins; places, levels and scores are worked out with exact fractions.
Writes expected/standings.csv, warnings.csv, actions.csv and scorecards.csv beside this file.
"""

import csv
import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from boards import (ACTIONS, CARDS, STANDINGS, WARNINGS, card, forced, graded, levels, linear, percentile, places,  # noqa: E402
                    pooled, shares, spread, write)
from independent import DATA, LABELS, SELLERS, load, quotas  # noqa: E402

REGIONS = ("North American Sales Manager", "European Sales Manager", "Pacific Sales Manager")
PRIZES = {1: 2500, 2: 1500, 3: 1000, 4: 250, 5: 250, 6: 250}
GRADES = [(100, "A", F(125, 100)), (70, "B", F(1)), (0, "C", F(6, 10))]
SHARES = [("A", F(20, 100)), ("B", F(70, 100)), ("C", F(10, 100))]

ORDERS = """
create table reseller as
select o.sales_person_id as seller, o.customer_id as buyer, o.territory_id as territory, o.sub_total as amount, p.n as n,
       s.sales_person_id as holder
from sales_order_header o
join period p on o.order_date >= p.first and o.order_date < p.next
join customer c on c.customer_id = o.customer_id
join store s on s.store_id = c.store_id
where o.sales_person_id <> ''
"""


def read(db, name):
    with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        head = next(rows)
        db.execute(f"create table {name} ({', '.join(f'{column} text' for column in head)})")
        db.executemany(f"insert into {name} values ({', '.join('?' * len(head))})", rows)


def amounts(rows):
    return sum((F(amount) for amount, in rows), F(0))


def sold(db, seller, n):
    return amounts(db.execute("select amount from reseller where seller = ? and n = ?", (seller, n)))


def contests(db, staff, quota):
    rows = []
    sellers = [person for person, (title, *_) in staff.items() if title == "Sales Representative"]
    for n, label in enumerate(LABELS):
        scores = {seller: sum(F(amount) >= 50_000 for amount, in
                              db.execute("select amount from reseller where seller = ? and n = ?", (seller, n)))
                  for seller in sellers}
        ranks = places({seller: score for seller, score in scores.items() if score >= 1})
        prizes = pooled(ranks, PRIZES)
        for seller, score in scores.items():
            rank, tied = ranks.get(seller, (None, None))
            honour = "Big-ticket seller" if rank == 1 else None
            rows.append(("large_orders", label, seller, None, honour, rank, tied, score, "yes" if rank else "no", prizes.get(seller, 0)))
    teams = {boss: [person for person, (_, manager, _) in staff.items() if manager == boss]
             for boss, (title, *_) in staff.items() if title in REGIONS}
    for n, label in enumerate(LABELS):
        made = {person: sold(db, person, n) for team in teams.values() for person in team}
        goals = {boss: sum(quota.get((person, n), 0) for person in team) for boss, team in teams.items()}
        scores = {boss: F(sum(made[person] for person in team)) / goals[boss] if goals[boss] else F(0) for boss, team in teams.items()}
        ranks = places({boss: scores[boss] for boss in teams if goals[boss] > 0})
        prizes = pooled(ranks, {1: 6000, 2: 3000, 3: 1000})
        for boss, team in teams.items():
            rank, tied = ranks.get(boss, (None, None))
            won, honour, qualifies = prizes.get(boss, 0), "Region of the period" if rank == 1 else None, "yes" if rank else "no"
            rows.append(("region_cup", label, boss, None, honour, rank, tied, scores[boss], qualifies, won))
            weights = {person: made[person] for person in team}
            parts = shares(won, weights) if won else dict.fromkeys(team, 0)
            rows += [("region_cup", label, boss, person, None, rank, tied, None, qualifies, part) for person, part in parts.items()]
    return rows


def responses(style, level, seller, manager):
    if style == "hands_off":
        return [("record", "", "", "")]
    return {
        ("rigid", "watch"): [("notify", "", seller, "")],
        ("rigid", "yellow"): [("notify", "", seller, ""), ("notify", "", manager, ""), ("task", "Recovery plan", seller, 5)],
        ("rigid", "red"): [("restrict", "special prices", "", ""), ("task", "Formal review", manager, 3)],
        ("flexible", "watch"): [("record", "", "", "")],
        ("flexible", "yellow"): [("suggest", "Coaching call this week", manager, "")],
        ("flexible", "red"): [("task", "Joint account review", manager, 10)],
    }[style, level]


def warnings(db, staff, quota):
    with open(HERE / "supervision.csv", encoding="utf-8", newline="") as file:
        styles = {row["manager"]: row["style"] for row in csv.DictReader(file)}
    ends = [label.split("..")[1] for label in LABELS]
    periods, shown, actions = range(len(LABELS)), [], []
    for person, (title, manager, hired) in staff.items():
        if title not in SELLERS:
            continue
        goals = {n: quota.get((person, n), F(0)) for n in periods}
        reached = {n: sold(db, person, n) / goals[n] if goals[n] else None for n in periods}
        weak, good = (lambda n: reached[n] < F(9, 10)), (lambda n: reached[n] >= F(95, 100))
        machine = [("watch", weak, 1, lambda n: reached[n] >= 1), ("yellow", weak, 2, good), ("red", weak, 3, good)]
        for n in periods:
            if not goals[n] and hired <= ends[n]:
                shown.append(("below_quota", person, LABELS[n], "no_quota", "alert", 0, None))
        at_red = 0
        for n, level, event, severity, count in levels(periods, machine, lambda n: not goals[n]):
            if level is None or goals[n] or event == "kept":
                shown.append(("below_quota", person, LABELS[n], level, event, severity, count))
            if event == "raised":
                actions += [("below_quota", person, LABELS[n], level, *what)
                            for what in responses(styles.get(manager, "rigid"), level, person, manager)]
            at_red = at_red + 1 if level == "red" and goals[n] else 0 if level != "red" else at_red
            above = staff[manager][1]
            if level == "red" and at_red == 2 and goals[n] and above:
                actions.append(("below_quota", person, LABELS[n], level, "escalate", "", above, ""))
    return shown, actions


def growth(value):
    return None if value is None else min(max(100 + 100 * value, F(0)), F(150))


def figures(db, seller, n, quota):
    """Gives the raw figures of a seller in a period; None where there is nothing to divide by."""
    made, before, goal = sold(db, seller, n), sold(db, seller, n - 1), quota.get((seller, n), F(0))
    orders, buyers, served = db.execute(
        "select count(*), count(distinct buyer), sum(holder <> seller) from reseller where seller = ? and n = ?", (seller, n)).fetchone()
    kept, = db.execute("""
        select count(distinct buyer) from reseller o where seller = ? and n = ?
        and exists (select 1 from reseller e where e.buyer = o.buyer and e.n < o.n)""", (seller, n)).fetchone()
    large = sum(F(amount) >= 50_000 for amount, in db.execute("select amount from reseller where seller = ? and n = ?", (seller, n)))
    last = LABELS[n].split("..")[1]
    home = [row[0] for row in db.execute("""
        select territory_id from sales_territory_history where sales_person_id = ? and start_date <= ?
        and (end_date = '' or end_date >= ?)""", (seller, last, last))]
    territory = home[0] if home else "none"
    own = amounts(db.execute("select amount from reseller where seller = ? and n = ? and territory = ?", (seller, n, territory)))
    whole = amounts(db.execute("select amount from reseller where n = ? and territory = ?", (n, territory)))
    per = lambda value, under: F(value) / under if under else None  # noqa: E731
    return {"attainment": per(made, goal), "growth": per(made - before, before), "kept": per(kept, buyers),
            "won": F(buyers - kept), "home_share": per(own, whole), "large": per(large, orders), "served": per(served or 0, orders)}


def scorecards(db, staff, quota):
    rows = []
    sellers = [person for person, (title, *_) in staff.items() if title == "Sales Representative"]
    for n, label in enumerate(LABELS):
        if n == 0:
            continue
        raw = {seller: figures(db, seller, n, quota) for seller in sellers}
        large = spread({seller: found["large"] for seller, found in raw.items()})
        served = percentile({seller: found["served"] for seller, found in raw.items()})
        cards = {}
        for seller, found in raw.items():
            kept = None if found["kept"] is None else min(found["kept"] / F(8, 10) * 100, F(110))
            won = F(0 if found["won"] < 1 else 60 if found["won"] < 3 else 90 if found["won"] < 6 else 110)
            cards[seller] = [
                ("financial", F(45, 100), [
                    ("attainment", F(7, 10), found["attainment"], linear(found["attainment"], [(F(6, 10), 0), (F(1), 100), (F(12, 10), 120)])),
                    ("growth", F(3, 10), found["growth"], growth(found["growth"]))]),
                ("customer", F(25, 100), [("kept", F(6, 10), found["kept"], kept), ("won", F(4, 10), found["won"], won)]),
                ("competitive", F(15, 100), [
                    ("home_share", F(6, 10), found["home_share"], linear(found["home_share"], [(F(2, 10), 0), (F(8, 10), 100)])),
                    ("large", F(4, 10), found["large"], large[seller])]),
                ("collaboration", F(15, 100), [("served", F(1), found["served"], served[seller])]),
            ]
        totals = {seller: total for seller in sellers
                  if (total := card("", seller, label, cards[seller], F(6, 10), GRADES)[-1][8]) is not None}
        forced_grades = forced(totals, SHARES) if len(totals) >= 10 else {s: graded(total, GRADES) for s, total in totals.items()}
        for seller in sellers:
            grade = forced_grades.get(seller)
            if grade == "A" and (raw[seller]["attainment"] or 0) < F(8, 10):
                grade = "B"
            rows += card("seller_card", seller, label, cards[seller], F(6, 10), GRADES, lambda total, scores: grade)
    return rows


def main():
    db = load()
    read(db, "customer")
    read(db, "store")
    db.execute(ORDERS)
    db.execute("create index by_seller on reseller (seller, n)")
    db.execute("create index by_buyer on reseller (buyer, n)")
    lost = db.execute("select count(*) from sales_order_header where sales_person_id <> ''").fetchone()
    found = db.execute("select count(*) from reseller").fetchone()
    late = db.execute("select count(*) from sales_order_header where sales_person_id <> '' and order_date >= '2014-05-31'").fetchone()
    assert lost[0] == found[0] + late[0], "an order has no period, customer or shop"
    staff = {person: (title, manager, hired) for person, title, manager, hired in db.execute(
        "select employee_id, job_title, manager_id, hire_date from employee where job_title like '%Sales%' order by 1")
        if title in SELLERS or title == "Vice President of Sales"}
    quota = quotas(db)
    write(HERE, "standings", STANDINGS, contests(db, staff, quota))
    shown, actions = warnings(db, staff, quota)
    write(HERE, "warnings", WARNINGS, shown)
    write(HERE, "actions", ACTIONS, actions)
    write(HERE, "scorecards", CARDS, scorecards(db, staff, quota))


if __name__ == "__main__":
    main()
