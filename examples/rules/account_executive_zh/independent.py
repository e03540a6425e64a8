"""Computes the pay of 方案.guerdon without Guerdon."""

import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from figures import by_owner, cut, day, half_up, marginal, paid_shares, quarters, read, write  # noqa: E402

RATES = Fraction(20, 1000), Fraction(35, 1000), Fraction(50, 1000)


def lines(orders, task):
    bounds, so_far, result = (task * Fraction(3, 5), task), Fraction(0), []
    for order in orders:
        amount = Fraction(order["合同额"])
        line = marginal(so_far + amount, bounds, RATES) - marginal(so_far, bounds, RATES)
        so_far += amount
        is_lifted = order["来源"] == "新客户" and order["产品线"] != "维保"
        result.append(half_up(line * Fraction(6, 5) if is_lifted else line))
    return cut(result, Fraction(200_000))


def main():
    task = defaultdict(Fraction)
    for row in read(HERE, "销售任务"):
        task[row["工号"]] += Fraction(row["任务额"])
    receipts, returns = read(HERE, "到款"), read(HERE, "退货")
    orders = by_owner(read(HERE, "订单"), "销售员", "签订日", "单号")
    rows = []
    for person in sorted(read(HERE, "销售员"), key=lambda row: row["工号"]):
        own, before = orders[person["工号"]], Fraction(0)
        earned = lines(own, task[person["工号"]])
        for label, _, last_day in [*quarters(2025), *quarters(2026)][:5]:
            if day(person["入职日"]) > last_day:
                continue
            payable = Fraction(0)
            for order, line in zip(own, earned):
                signed, worth = day(order["签订日"]), Fraction(order["合同额"])
                if signed <= last_day:
                    reference = "单号", order["单号"]
                    paid = paid_shares(receipts, reference, "到款额", "到款日", last_day, worth)
                    gone = paid_shares(returns, reference, "退货额", "退货日", last_day, worth, signed, 90)
                    payable += half_up(line * min(max(paid - gone, Fraction(0)), Fraction(1)))
            rows.append(("销售提成", "应发额", person["工号"], label, "CNY", payable - before))
            before = payable
    write(HERE, rows)


if __name__ == "__main__":
    main()
