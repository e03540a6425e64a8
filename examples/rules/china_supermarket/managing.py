"""Computes the figures of 大区预警.guerdon without Guerdon: sums by area and quarter, levels, what they call for.

Reads the China supermarket orders below $GUERDON_SHARED/data (or ../shared/data beside the repository). Writes
expected/warnings.csv and actions.csv beside this file.
"""

import csv
import sys
from collections import defaultdict
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from boards import ACTIONS, WARNINGS, levels, write  # noqa: E402
from independent import QUARTERS, read  # noqa: E402


def before(quarter):
    return f"{int(quarter[:4]) - 1}{quarter[4:]}"


def responses(style, level, area):
    if style == "放任":
        return [("record", "", "", "")]
    return {
        ("刚性", "黄"): [("notify", "", area, "")],
        ("刚性", "橙"): [("notify", "", area, ""), ("task", "整改计划", area, 5)],
        ("刚性", "红"): [("restrict", "折扣权限", "", ""), ("task", "专项督查", area, 3)],
        ("柔性", "黄"): [("record", "", "", "")],
        ("柔性", "橙"): [("suggest", "联合走访重点客户", area, "")],
        ("柔性", "红"): [("suggest", "联合走访重点客户", area, "")],
        ("刚性", "关注"): [("notify", "", area, "")],
        ("刚性", "严重"): [("restrict", "折扣权限", "", ""), ("notify", "", area, "")],
        ("柔性", "关注"): [("suggest", "复查亏损订单的折扣", area, "")],
        ("柔性", "严重"): [("suggest", "复查亏损订单的折扣", area, "")],
    }[style, level]


def collect(name, area, style, result, shown, actions):
    for quarter, level, event, severity, periods in result:
        shown.append((name, area, quarter, level, event, severity, periods))
        if event == "raised":
            actions += [(name, area, quarter, level, *what) for what in responses(style, level, area)]


def main():
    sales, loss = defaultdict(F), defaultdict(F)
    rows = read()
    for row in rows:
        key = row["area"], f"{row['order_date'][:4]}-Q{(int(row['order_date'][5:7]) + 2) // 3}"
        sales[key] += F(row["sales_amount"])
        loss[key] += max(-F(row["profit"]), F(0))
    with open(HERE / "督导.csv", encoding="utf-8", newline="") as file:
        styles = {row["大区"]: row["风格"] for row in csv.DictReader(file)}
    shown, actions = [], []
    later = [quarter for quarter in QUARTERS if quarter >= "2016"]
    for area in sorted({row["area"] for row in rows}):
        target = {quarter: sales[area, before(quarter)] * F(105, 100) for quarter in later}
        done = {quarter: sales[area, quarter] / target[quarter] if target[quarter] else F(0) for quarter in later}
        weak = lambda quarter: done[quarter] < F(8, 10)  # noqa: E731
        good = lambda quarter: done[quarter] >= F(9, 10)  # noqa: E731
        machine = [("黄", weak, 1, lambda quarter: done[quarter] >= 1), ("橙", weak, 2, good), ("红", weak, 3, good)]
        collect("未达标", area, styles[area], levels(later, machine, lambda quarter: not target[quarter]), shown, actions)
        shown += [("未达标", area, quarter, "无目标", "alert", 0, None) for quarter in later if not target[quarter]]
        shown += [("未达标", area, quarter, "无订单", "alert", 0, None) for quarter in later if not sales[area, quarter]]
        rate = {quarter: loss[area, quarter] / sales[area, quarter] if sales[area, quarter] else F(0) for quarter in QUARTERS}
        calm = lambda quarter: rate[quarter] < F(5, 100)  # noqa: E731
        machine = [("关注", lambda quarter: rate[quarter] >= F(1, 10), 1, calm),
                   ("严重", lambda quarter: rate[quarter] >= F(2, 10), 1, calm)]
        collect("亏损", area, styles[area], levels(QUARTERS, machine), shown, actions)
    write(HERE, "warnings", WARNINGS, shown)
    write(HERE, "actions", ACTIONS, actions)


if __name__ == "__main__":
    main()
