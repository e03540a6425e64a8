"""Computes the pay of plan.guerdon without Guerdon."""

import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from figures import day, half_up, quarters, read, write  # noqa: E402


def team(people, boss):
    for person in people:
        if person["boss"] == boss:
            yield person["id"]
            yield from team(people, person["id"])


def curve(reached):
    """Nothing at 70%, all at 100%, twice at 130%: two straight lines of different slope, flat outside."""
    if reached <= 1:
        return max((reached - Fraction(7, 10)) / Fraction(3, 10), Fraction(0))
    return min(1 + (reached - 1) / Fraction(3, 10), Fraction(2))


def main():
    people, rows = read(HERE, "Person"), []
    projects = {row["id"]: row for row in read(HERE, "Project")}
    goal = {(row["person"], row["quarter"]): Fraction(row["amount"]) for row in read(HERE, "goal")}
    credited, total = defaultdict(Fraction), defaultdict(Fraction)
    spans = list(quarters(2025))
    for share in read(HERE, "Share"):
        project, part = projects[share["project"]], Fraction(share["part"].rstrip("%")) / 100
        quarter = next(label for label, first, last in spans if first <= day(project["won_on"]) <= last)
        credited[share["person"], quarter] += Fraction(project["worth"]) * part
        total[share["project"]] += part
    assert all(total[project] == 1 for project in projects), "a project is not shared out in full"
    for person in sorted(people, key=lambda row: row["id"]):
        if person["job"] == "seller":
            continue
        members = list(team(people, person["id"]))
        on_target = Fraction(person["target_pay"] or 0) / 4
        for quarter, _, _ in spans:
            wanted = sum((goal.get((member, quarter), Fraction(0)) for member in members), Fraction(0))
            reached = sum((credited[member, quarter] for member in members), Fraction(0))
            pay = on_target * curve(reached / wanted) if wanted else on_target
            rows.append(("sales_manager", "manager_pay", person["id"], quarter, "CHF", half_up(pay, Fraction(1, 20))))
    write(HERE, rows)


if __name__ == "__main__":
    main()
