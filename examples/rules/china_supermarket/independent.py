"""Computes the figures of 大区提成.guerdon without Guerdon.

Reads the China supermarket orders below $GUERDON_SHARED/data (or ../shared/data beside the repository) and adds up
with decimals, rounding each line half up (away from zero) once. Writes expected/*.csv beside this file.
"""

import csv
import os
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("GUERDON_SHARED") or HERE.parents[2].parent / "shared")
ORDERS = SHARED / "data" / "ChinaSupermarket" / "orders.csv"
PLAN = "大区提成"
QUARTERS = [f"{year}-Q{quarter}" for year in range(2015, 2019) for quarter in range(1, 5)]
RATES = {"家具": ("0.025", "0.01"), "技术": ("0.03", "0.012"), "办公用品": ("0.04", "0.02")}
ZERO = Decimal("0.00")


def fen(amount):
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def line(row):
    sales, profit = Decimal(row["sales_amount"]), Decimal(row["profit"])
    if profit < 0:
        return fen(profit * Decimal("0.15"))
    full, reduced = RATES[row["category"]]
    return fen(sales * Decimal(full if int(row["discount_percent"]) <= 20 else reduced))


def profit_bonus(profit):
    middle = min(max(profit - 3000, 0), 3000)
    top = max(profit - 6000, 0)
    return fen(middle * Decimal("0.02") + top * Decimal("0.04"))


def read():
    with open(ORDERS, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["order_id"], row["product_name"]) for row in rows}) == len(rows), "the key is not unique"
    return rows


def write(name, head, rows):
    with open(HERE / "expected" / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


def main():
    commission, sales, profit, loss = (defaultdict(lambda: ZERO) for _ in range(4))
    rows = read()
    for row in rows:
        key = row["area"], f"{row['order_date'][:4]}-Q{(int(row['order_date'][5:7]) + 2) // 3}"
        commission[key] += line(row)
        sales[key] += Decimal(row["sales_amount"])
        profit[key] += Decimal(row["profit"])
        loss[key] += min(Decimal(row["profit"]), ZERO)
    pay, earned, measures, balances = [], [], [], []
    for area in sorted({row["area"] for row in rows}):
        owed = ZERO
        for quarter in QUARTERS:
            key = area, quarter
            bonus = profit_bonus(profit[key])
            total = owed + commission[key] + bonus
            owed = min(total, ZERO)
            pay.append((PLAN, "应发额", *key, "CNY", max(total, ZERO)))
            earned.append((PLAN, "提成", *key, "CNY", commission[key]))
            earned.append((PLAN, "利润奖", *key, "CNY", bonus))
            balances.append((PLAN, "欠额", *key, "CNY", owed))
            for name, figures in (("销售总额", sales), ("净利", profit), ("亏损", loss)):
                measures.append((PLAN, name, *key, figures[key]))
    write("pay", ("plan", "pay", "payee", "period", "currency", "amount"), pay)
    write("earned", ("plan", "earn", "payee", "period", "currency", "amount"), earned)
    write("balances", ("plan", "carry", "payee", "period", "currency", "amount"), balances)
    write("measures", ("plan", "measure", "payee", "period", "value"), measures)


if __name__ == "__main__":
    main()
