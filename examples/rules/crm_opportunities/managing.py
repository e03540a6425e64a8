"""Computes the figures of contests.guerdon, warnings.guerdon and scorecards.guerdon without Guerdon.

Reads the CRM Sales Opportunities files below $GUERDON_SHARED/data (or ../shared/data beside the repository) into
SQLite, adds up there, and works out places, levels and scores with exact fractions. Writes expected/standings.csv,
warnings.csv, actions.csv and scorecards.csv beside this file.
"""

import csv
import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from boards import (ACTIONS, CARDS, STANDINGS, WARNINGS, card, graded, levels, linear, percentile, places, pooled,  # noqa: E402
                    shares, spread, write)
from independent import load  # noqa: E402

QUARTERS = [f"2017-Q{n}" for n in range(1, 5)]
MONTHS = [f"2017-{n:02}" for n in range(3, 13)]
OFFICES = {"Central": (30_000, 90_000), "East": (26_000, 78_000), "West": (32_000, 96_000)}
GRADES = [(90, "A", F(12, 10)), (75, "B", F(1)), (60, "C", F(8, 10)), (0, "D", F(0))]
PRIZES = {1: 1000, 2: 600, 3: 400} | dict.fromkeys(range(4, 9), 125)

CLOSED = """
create view closed as
select p.sales_agent as agent, t.manager as manager, p.account as account, p.deal_stage = 'Won' as won,
       cast(p.close_value as integer) as amount, cast(r.sales_price as integer) as listed,
       julianday(p.close_date) - julianday(p.engage_date) as days, substr(p.close_date, 1, 7) as month,
       '2017-Q' || ((cast(substr(p.close_date, 6, 2) as integer) + 2) / 3) as quarter
from sales_pipeline p
join sales_teams t on t.sales_agent = p.sales_agent
join products r on r.product = replace(p.product, 'GTXPro', 'GTX Pro')
where p.deal_stage in ('Won', 'Lost')
"""


def one(db, query, *values):
    return db.execute(query, values).fetchone()


def contests(db, teams):
    rows = []
    for quarter in QUARTERS:
        scores = {agent: one(db, "select count(*) from closed where won and agent = ? and quarter = ?", agent, quarter)[0]
                  for agent in teams}
        ranks = places({agent: score for agent, score in scores.items() if score >= 2})
        prizes = pooled(ranks, PRIZES)
        for agent, score in scores.items():
            rank, tied = ranks.get(agent, (None, None))
            honour = "Deal maker of the quarter" if rank == 1 else None
            rows.append(("most_deals", quarter, agent, None, honour, rank, tied, score, "yes" if rank else "no", prizes.get(agent, 0)))
    for quarter in QUARTERS:
        won = {agent: one(db, "select coalesce(sum(amount), 0) from closed where won and agent = ? and quarter = ?", agent, quarter)[0]
               for agent in teams}
        heads = {manager: [agent for agent in teams if teams[agent][0] == manager] for manager, _ in teams.values()}
        scores = {manager: F(sum(won[agent] for agent in team), len(team)) for manager, team in heads.items()}
        ranks = places(scores)
        prizes = pooled(ranks, {1: 5000, 2: 2000})
        for manager, team in heads.items():
            rank, tied = ranks[manager]
            honour = "Team of the quarter" if rank == 1 else None
            rows.append(("office_cup", quarter, manager, None, honour, rank, tied, scores[manager], "yes", prizes[manager]))
            for agent, part in shares(prizes[manager], {agent: won[agent] for agent in team}).items():
                rows.append(("office_cup", quarter, manager, agent, None, rank, tied, None, "yes", part))
    return rows


def responses(style, level, agent, manager):
    return {
        ("rigid", "yellow"): [("notify", "", agent, ""), ("notify", "", manager, ""), ("task", "Recovery plan", agent, 3)],
        ("rigid", "red"): [("restrict", "discounts above 10%", "", ""), ("task", "Formal review", manager, 2)],
        ("flexible", "yellow"): [("suggest", "Coaching call", manager, "")],
        ("flexible", "red"): [("task", "Joint review of open deals", manager, 7), ("notify", "", manager, "")],
        ("hands_off", "yellow"): [("record", "", "", "")],
        ("hands_off", "red"): [("record", "", "", ""), ("notify", "", agent, "")],
    }[style, level]


def warnings(db, teams):
    with open(HERE / "supervision.csv", encoding="utf-8", newline="") as file:
        styles = {row["manager"]: row["style"] for row in csv.DictReader(file)}
    shown, actions = [], []
    for agent, (manager, office) in teams.items():
        goal = OFFICES[office][0]
        reached = {month: F(one(db, "select coalesce(sum(amount), 0) from closed where won and agent = ? and month = ?", agent, month)[0], goal)
                   for month in MONTHS}
        first, = one(db, "select min(month) from closed where won and agent = ?", agent)
        silent = {month for month in MONTHS if first is None or month < first}
        weak, good = (lambda month: reached[month] < F(8, 10)), (lambda month: reached[month] >= F(9, 10))
        result = levels(MONTHS, [("yellow", weak, 2, good), ("red", weak, 3, good)], lambda month: month in silent)
        shown += [("below_goal", agent, month, "no_deal", "alert", 0, None) for month in sorted(silent)]
        for month, level, event, severity, periods in result:
            shown.append(("below_goal", agent, month, level, event, severity, periods))
            if event == "raised":
                actions += [("below_goal", agent, month, level, *what) for what in responses(styles[manager], level, agent, manager)]
            if level == "red" and periods == 3:
                actions.append(("below_goal", agent, month, level, "escalate", "", manager, ""))
    return shown, actions


def scorecards(db, teams):
    rows = []
    for n, quarter in enumerate(QUARTERS[1:], 1):
        raw = {agent: figures(db, agent, quarter, QUARTERS[:n], *teams[agent]) for agent in teams}
        rates = percentile({agent: found["win_rate"] for agent, found in raw.items()})
        shared = {}
        for manager in {manager for manager, _ in teams.values()}:
            shared |= spread({agent: raw[agent]["shared"] for agent in teams if teams[agent][0] == manager})
        for agent, found in raw.items():
            kept = None if found["kept"] is None else min(found["kept"] / F(1, 2) * 100, F(120))
            cycle = None if not found["deal_cycle"] else min(45 / found["deal_cycle"] * 100, F(120))
            rows += card("agent_card", agent, quarter, [
                ("financial", F(40, 100), [
                    ("attainment", F(7, 10), found["attainment"], linear(found["attainment"], [(F(1, 2), 0), (F(1), 100), (F(3, 2), 120)])),
                    ("price_kept", F(3, 10), found["price_kept"],
                     linear(found["price_kept"], [(F(85, 100), 0), (F(1), 100), (F(110, 100), 120)]))]),
                ("customer", F(20, 100), [("kept", F(1), found["kept"], kept)]),
                ("competitive", F(25, 100), [("win_rate", F(6, 10), found["win_rate"], rates[agent]),
                                             ("deal_cycle", F(4, 10), found["deal_cycle"], cycle)]),
                ("collaboration", F(15, 100), [("shared", F(1), found["shared"], shared[agent])]),
            ], F(7, 10), GRADES, gated)
    return rows


def gated(total, scores):
    grade = graded(total, GRADES)
    return "B" if grade == "A" and (scores["financial"] or 0) < 60 else grade


def figures(db, agent, quarter, before, manager, office):
    """Gives the raw figures of an agent in a quarter; None where there is nothing to divide by."""
    won, listed, wins, accounts, days = one(db, """
        select coalesce(sum(amount), 0), sum(listed), count(*), count(distinct account), sum(days)
        from closed where won and agent = ? and quarter = ?""", agent, quarter)
    closed, = one(db, "select count(*) from closed where agent = ? and quarter = ?", agent, quarter)
    marks = ", ".join("?" * len(before))
    kept, = one(db, f"""
        select count(distinct account) from closed c where won and agent = ? and quarter = ? and exists (
            select 1 from closed b where b.won and b.agent = c.agent and b.account = c.account and b.quarter in ({marks}))""",
                agent, quarter, *before)
    team, = one(db, """
        select sum((select count(distinct b.agent) from closed b
                    where b.won and b.account = c.account and b.manager = ? and b.quarter = c.quarter))
        from closed c where won and agent = ? and quarter = ?""", manager, agent, quarter)
    per = lambda value, under: F(int(value), under) if under else None  # noqa: E731
    return {"attainment": F(won, OFFICES[office][1]), "price_kept": per(won, listed), "kept": per(kept, accounts),
            "win_rate": per(wins, closed), "deal_cycle": per(days or 0, wins), "shared": per(team or 0, wins)}


def main():
    db = load()
    db.execute(CLOSED)
    teams = {agent: (manager, office) for agent, manager, office in
             db.execute("select sales_agent, manager, regional_office from sales_teams order by 1")}
    write(HERE, "standings", STANDINGS, contests(db, teams))
    shown, actions = warnings(db, teams)
    write(HERE, "warnings", WARNINGS, shown)
    write(HERE, "actions", ACTIONS, actions)
    write(HERE, "scorecards", CARDS, scorecards(db, teams))


if __name__ == "__main__":
    main()
