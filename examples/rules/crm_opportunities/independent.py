"""Computes the figures of agents.guerdon and managers.guerdon without Guerdon.

Reads the CRM Sales Opportunities files below $GUERDON_SHARED/data (or ../shared/data beside the repository) into
SQLite; every amount is a whole dollar and every rate a whole number of hundredths of a percent, so a line is worked
out in integers (ten-thousandths of a dollar) and rounded half to even once. Writes expected/*.csv beside this file.
"""

import csv
import os
import sqlite3
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("GUERDON_SHARED") or HERE.parents[2].parent / "shared")
DATA = SHARED / "data" / "CRMSalesOpportunities"
QUARTERS = ["2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4"]

DEALS = """
create view deal as
select p.sales_agent as agent, t.manager as manager, t.regional_office as office, r.series as series,
       cast(p.close_value as integer) as amount, cast(r.sales_price as integer) as price,
       '2017-Q' || ((cast(substr(p.close_date, 6, 2) as integer) + 2) / 3) as quarter
from sales_pipeline p
join sales_teams t on t.sales_agent = p.sales_agent
join products r on r.product = replace(p.product, 'GTXPro', 'GTX Pro')
where p.deal_stage = 'Won'
"""

BY_AGENT = """
select amount, series, amount * 10 < price * 9 as cut,
       amount * case series when 'GTX' then case when amount * 10 < price * 9 then 250 else 400 end
                            when 'MG'  then case when amount * 10 < price * 9 then 300 else 500 end
                            when 'GTK' then case when amount * 10 < price * 9 then 150 else 300 end end
from deal where agent = ? and quarter = ?
"""


def load():
    db = sqlite3.connect(":memory:")
    for name in ("sales_pipeline", "sales_teams", "products"):
        with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            head = next(rows)
            db.execute(f"create table {name} ({', '.join(f'{column} text' for column in head)})")
            db.executemany(f"insert into {name} values ({', '.join('?' * len(head))})", rows)
    db.execute(DEALS)
    wanted = db.execute("select count(*) from sales_pipeline where deal_stage = 'Won'").fetchone()
    assert db.execute("select count(*) from deal").fetchone() == wanted, "a won deal has no agent or no product"
    return db


def cents(ten_thousandths):
    return (Decimal(ten_thousandths) / 10_000).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def step(value, rows):
    return next(result for lowest, result in reversed(rows) if value >= lowest)


def agents(db):
    pay, earned, measures = [], [], []
    for (agent,) in db.execute("select sales_agent from sales_teams order by 1").fetchall():
        for quarter in QUARTERS:
            rows = db.execute(BY_AGENT, (agent, quarter)).fetchall()
            commission = sum((cents(line) for _, _, _, line in rows), Decimal("0.00"))
            breadth = Decimal(step(len(rows), [(0, 0), (30, 250), (60, 600)])) + Decimal("0.00")
            pay.append(("agents", "agent_pay", agent, quarter, "USD", commission + breadth))
            earned.append(("agents", "commission", agent, quarter, "USD", commission))
            earned.append(("agents", "breadth", agent, quarter, "USD", breadth))
            measures.append(("agents", "won", agent, quarter, sum(row[0] for row in rows)))
            for series in ("GTX", "MG", "GTK"):
                won = sum(row[0] for row in rows if row[1] == series)
                measures.append(("agents", f"won_{series.lower()}", agent, quarter, won))
            measures.append(("agents", "deals", agent, quarter, len(rows)))
            measures.append(("agents", "cut_deals", agent, quarter, sum(row[2] for row in rows)))
    return pay, earned, measures


def managers(db):
    pay, earned, measures = [], [], []
    won = "select coalesce(sum(amount), 0) from deal where {} = ? and quarter = ?"
    for manager, office in db.execute("select distinct manager, regional_office from sales_teams order by 1").fetchall():
        for quarter in QUARTERS:
            (team,) = db.execute(won.format("manager"), (manager, quarter)).fetchone()
            (whole,) = db.execute(won.format("office"), (office, quarter)).fetchone()
            override = cents(team * step(team, [(0, 50), (300_000, 80), (500_000, 100)]))
            share = Decimal(step(whole, [(0, 0), (750_000, 1_500), (1_000_000, 4_000)])) + Decimal("0.00")
            pay.append(("managers", "manager_pay", manager, quarter, "USD", override + share))
            earned.append(("managers", "override", manager, quarter, "USD", override))
            earned.append(("managers", "office_share", manager, quarter, "USD", share))
            measures.append(("managers", "team_won", manager, quarter, team))
            measures.append(("managers", "office_won", manager, quarter, whole))
    return pay, earned, measures


def write(name, head, rows):
    with open(HERE / "expected" / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


def main():
    db = load()
    tables = [first + second for first, second in zip(agents(db), managers(db))]
    write("pay", ("plan", "pay", "payee", "period", "currency", "amount"), tables[0])
    write("earned", ("plan", "earn", "payee", "period", "currency", "amount"), tables[1])
    write("measures", ("plan", "measure", "payee", "period", "value"), tables[2])


if __name__ == "__main__":
    main()
