"""Loads a plan, hands records over, prints pay, explains a figure, asks what if, and shows an error."""

import datetime
import decimal
import gc
import pathlib
import sys

import guerdon


def arrow_tables():
    """The records as Arrow tables: exact decimals and days, no text to be parsed."""
    import pyarrow

    deals = [("D1", "Ann", "1000.10", (2026, 2, 10)), ("D2", "Ann", "400.00", (2026, 3, 2)),
             ("D3", "Bo", "2000.00", (2026, 3, 15))]
    return {
        "Seller": pyarrow.table({"name": ["Ann", "Bo"]}),
        "Deal": pyarrow.table({
            "id": [deal[0] for deal in deals],
            "seller": pyarrow.array([deal[1] for deal in deals]).dictionary_encode(),
            "amount": pyarrow.array([decimal.Decimal(deal[2]) for deal in deals], pyarrow.decimal128(38, 2)),
            "signed_on": pyarrow.array([datetime.date(*deal[3]) for deal in deals], pyarrow.date32()),
        }),
    }


JSON = """{"Seller": [{"name": "Ann"}, {"name": "Bo"}],
 "Deal": [{"id": "D1", "seller": "Ann", "amount": 1000.10, "signed_on": "2026-02-10"},
          {"id": "D2", "seller": "Ann", "amount": 400, "signed_on": "2026-03-02"},
          {"id": "D3", "seller": "Bo", "amount": "2000.00", "signed_on": "2026-03-15"}]}"""


def main(folder, with_arrow):
    plan = guerdon.Plan.compile({"plan.guerdon": (folder / "plan.guerdon").read_text()})
    builder = guerdon.Builder.of(plan)
    if with_arrow:
        for name, table in arrow_tables().items():
            builder.arrow(name, table)
    else:
        builder.json(JSON)
    facts = builder.finish()
    report = plan.evaluate(facts)
    for rows in report.json("pay"):
        print(rows)
    print(plan.explain(facts, "total[Ann, 2026-03]"), end="")
    if with_arrow:
        import pyarrow

        pay = pyarrow.table(report.arrow("pay"))
        plain = pyarrow.table(report.arrow("pay", plain=True))
        assert pay["payee"].to_pylist() == plain["payee"].to_pylist() and plain.schema.field("payee").type == "string"
        total = sum(pay["amount"].to_pylist())
        kinds = f"{pay.schema.field('payee').type}, {pay.schema.field('amount').type}"
        print(f"{pay.num_rows} rows, {kinds}, {total} in all", file=sys.stderr)
    del report
    session = guerdon.Session.of(plan, facts)
    deal = '{"id": "D4", "seller": "Ann", "amount": 1000, "signed_on": "2026-03-20"}'
    print(session.what_if("Ann", "Deal", deal))
    try:
        guerdon.Plan.compile({"broken.guerdon": (folder / "broken.guerdon").read_text()})
    except guerdon.GuerdonError as error:
        first = error.faults[0]
        print(f"{first['code']} {first['file']}:{first['line']}:{first['column']} {first['message']}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), "--arrow" in sys.argv[2:])
    gc.collect()
    sys.exit(guerdon.live_handles() != 0)
