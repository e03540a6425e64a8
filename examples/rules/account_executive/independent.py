"""Computes the pay of plan.guerdon, and of the variant in ../regional_variant, without Guerdon."""

import sys
from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from figures import by_owner, cut, day, half_up, marginal, months, paid_shares, read, write  # noqa: E402

PERCENT = Fraction(1, 100)
STANDARD = (Fraction(1, 2), Fraction(1), Fraction(2)), (3 * PERCENT, 7 * PERCENT, 11 * PERCENT, 6 * PERCENT)
SOUTH = (Fraction(1, 2), Fraction(1)), (5 * PERCENT, 7 * PERCENT, 10 * PERCENT)


def lines(contracts, quota, tiers, is_south):
    shares, rates = tiers
    bounds = [share * quota for share in shares]
    result, so_far = [], Fraction(0)
    for contract in contracts:
        value = Fraction(contract["value"])
        line = marginal(so_far + value, bounds, rates) - marginal(so_far, bounds, rates)
        so_far += value
        if contract["signed_on"] >= "2025-07-01" and int(contract["term"]) >= 3:
            line += value * PERCENT
        elif is_south and contract["region"] == "South" and int(contract["term"]) < 3:
            line = max(line, Fraction(400 if contract["signed_on"] < "2025-07-01" else 500))
        result.append(half_up(line))
    return cut(result, Fraction(60_000))


def pay(plan, people, tiers, is_south):
    quota = defaultdict(Fraction)
    for row in read(HERE, "quota"):
        quota[row["person"]] += Fraction(row["amount"])
    payments, cancellations = read(HERE, "Payment"), read(HERE, "Cancellation")
    contracts = by_owner(read(HERE, "Contract"), "owner", "signed_on", "id")
    for person in people:
        own = contracts[person]
        earned = lines(own, quota[person], tiers, is_south)
        before = Fraction(0)
        for label, _, last_day in months(date(2025, 1, 1), 15):
            payable = Fraction(0)
            for contract, line in zip(own, earned):
                signed, worth = day(contract["signed_on"]), Fraction(contract["value"])
                if signed <= last_day:
                    reference = "contract", contract["id"]
                    paid = paid_shares(payments, reference, "amount", "paid_on", last_day, worth)
                    gone = paid_shares(cancellations, reference, "amount", "cancelled_on", last_day, worth, signed, 120)
                    part = Fraction(2, 5) + Fraction(3, 5) * paid - gone
                    payable += half_up(line * min(max(part, Fraction(0)), Fraction(1)))
            yield plan, "payout", person, label, "USD", payable - before
            before = payable


def main():
    executives = [row for row in read(HERE, "Person") if row["job"] == "executive"]
    everybody = [row["id"] for row in executives]
    south = [row["id"] for row in executives if row["home"] == "South"]
    north = [row["id"] for row in executives if row["home"] != "South"]
    write(HERE, pay("account_executive", everybody, STANDARD, False))
    write(HERE.parent / "regional_variant", [*pay("account_executive", north, STANDARD, False),
                                             *pay("account_executive_south", south, SOUTH, True)])


if __name__ == "__main__":
    main()
