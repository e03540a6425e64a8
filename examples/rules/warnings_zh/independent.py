"""Computes what 预警与荣誉.guerdon says of the files beside it, without Guerdon: days overdue, falls in a row, the club.

Writes expected/warnings.csv, actions.csv and awards.csv beside this file.
"""

import csv
import sys
from collections import defaultdict
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from boards import ACTIONS, WARNINGS, levels, write  # noqa: E402
from figures import day, months  # noqa: E402


def read(name):
    with open(HERE / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def responses(style, level, seller, manager):
    mild = level in ("黄", "橙")
    return {
        "刚性": [("notify", "", seller, "")] if level == "黄" else [
            ("restrict", "该客户的新订单", "", ""), ("notify", "", seller, ""), ("notify", "", manager, "")],
        "柔性": [("suggest", "致电客户", seller, "")] if mild else [("task", "催收方案", seller, 5)],
        "放任": [("record", "", "", "")],
    }[style]


def main():
    people = {row["姓名"]: row for row in read("人员")}
    sellers = [name for name, row in people.items() if row["岗位"] == "业务员"]
    calendar = list(months(day("2026-01-01"), 4))
    labels = [label for label, *_ in calendar]
    shown, actions, awards = [], [], []
    for row in read("发票"):
        if row["未结清"] != "是":
            continue
        late = {label: (last - day(row["到期日"])).days for label, _, last in calendar}
        machine = [(name, lambda label, days=days: late[label] >= days, 1, lambda label, days=days: late[label] < days)
                   for name, days in (("黄", 1), ("橙", 31), ("红", 61))]
        manager = people[row["业务员"]]["主管"]
        for label, level, event, severity, periods in levels(labels, machine):
            shown.append(("逾期", row["票号"], label, level, event, severity, periods))
            if event == "raised":
                what = responses(people[manager]["风格"], level, row["业务员"], manager)
                actions += [("逾期", row["票号"], label, level, *one) for one in what]
            if (level, periods) == ("红", 1):
                actions.append(("逾期", row["票号"], label, level, "escalate", "", manager, ""))
    sold = defaultdict(F)
    for row in read("订单"):
        sold[row["业务员"], row["签约日"][:7]] += F(row["金额"])
    for seller in sellers:
        falls = {label: at > 0 and sold[seller, label] < sold[seller, labels[at - 1]] for at, label in enumerate(labels)}
        machine = [(name, falls.get, count, lambda label: not falls[label]) for name, count in (("关注", 2), ("警告", 3))]
        shown += [("下滑", seller, *line) for line in levels(labels, machine)]
        shown += [("下滑", seller, label, "无订单", "alert", 0, None) for label in labels if not sold[seller, label]]
        total, granted = F(0), set()
        for label in labels:
            total += sold[seller, label]
            for grant, reached, cash in (("会员", total >= 1_000_000, 5000), ("首单", total > 0, None)):
                if reached and grant not in granted:
                    granted.add(grant)
                    awards.append(("百万俱乐部", grant, seller, label, cash))
    write(HERE, "warnings", WARNINGS, shown)
    write(HERE, "actions", ACTIONS, actions)
    write(HERE, "awards", ("award", "grant", "payee", "period", "cash"), awards)


if __name__ == "__main__":
    main()
