"""duckdb_w1.py DATA OUT.csv THREADS PEER

Computes the monthly batch in DuckDB as one process, from the same CSV files to a CSV file, to be timed against
`guerdon run`. The query is the exact one of the peers' own program PEER (its W1_EXACT); every column is read with its
type, so that nothing is guessed.
"""

import re
import sys

import duckdb

COLUMNS = {
    "txn": "txn_id BIGINT, rep_id BIGINT, txn_date DATE, product_line VARCHAR, region VARCHAR, segment VARCHAR, "
    "amount DECIMAL(18,2), margin DECIMAL(18,2), collected BOOLEAN, collected_date DATE, currency VARCHAR, "
    "split_rep_id BIGINT",
    "rep": "rep_id BIGINT, role VARCHAR, region VARCHAR, manager_id BIGINT, hire_date DATE, salary DECIMAL(18,2)",
    "quota": "rep_id BIGINT, month BIGINT, quota DECIMAL(18,2)",
    "mult": "product_line VARCHAR, role VARCHAR, mult DECIMAL(4,2)",
}


def reader(data, table):
    fields = [field.split(" ", 1) for field in re.split(r", (?![0-9])", COLUMNS[table])]
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in fields)
    return f"read_csv('{data}/{table}.csv', header=true, auto_detect=false, columns={{{types}}})"


def main():
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    data, out, threads, peer = sys.argv[1:]
    text = open(peer).read()
    query = re.search(r'W1_EXACT = """(.*?)"""', text, re.S).group(1)
    macros = re.findall(r'c\.execute\("(CREATE MACRO [^"]*)"\)', text)
    connection = duckdb.connect(config={"threads": int(threads)})
    connection.execute("SET preserve_insertion_order=false")
    for macro in macros:
        connection.execute(macro)
    tables = {table: reader(data, table) for table in COLUMNS}
    connection.execute(f"COPY ({query.format(**tables)}) TO '{out}' (FORMAT csv)")


main()
