//! What runs print and write.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::fixture::{Company, DEALS, INCOMPLETE, PLAN, example, guerdon, pay};

fn run_into(company: &Company, folder: &str, more: &[&str]) -> i32 {
    let mut arguments = vec!["run", "plan.guerdon", "--data", ".", "--out", folder];
    arguments.extend(more);
    company.guerdon(&arguments).code
}

#[test]
fn the_quickstart_pays_what_is_expected() {
    let folder = example("quickstart");
    let done = guerdon(
        &folder,
        &["run", "commission.guerdon", "--data", ".", "--format", "csv"],
    );
    let expected = std::fs::read_to_string(folder.join("expected/pay.csv")).unwrap();
    let expected: BTreeSet<String> = expected.lines().skip(1).map(str::to_owned).collect();
    let found: BTreeSet<String> = done.out.lines().skip(1).map(str::to_owned).collect();
    assert_eq!(found, expected);
    assert_eq!(done.code, 0, "{}", done.err);
}

/// Gives every file of a folder.
fn files(company: &Company, folder: &str) -> Vec<(String, String)> {
    let names = company.names(folder);
    names
        .into_iter()
        .map(|name| (name.clone(), company.read(&format!("{folder}/{name}"))))
        .collect()
}

/// Five thousand deals of both, enough for several threads.
fn many_deals() -> Vec<String> {
    (1..=70_000)
        .map(|number| {
            let (seller, day) = (if number % 3 == 0 { "Ann" } else { "Bob" }, number % 28 + 1);
            format!(
                "D{number:05},{seller},{}.{:02},{}%,2026-02-{day:02}\n",
                number % 977 + 1,
                number % 100,
                number % 101
            )
        })
        .collect()
}

#[test]
fn the_same_run_writes_the_same_bytes_with_any_number_of_threads() {
    let company = Company::with_deals(many_deals().concat());
    assert_eq!(run_into(&company, "one", &["--threads", "1"]), 0);
    let one = files(&company, "one");
    let names: Vec<&str> = one.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "accrual_balances.csv",
            "accruals.csv",
            "earnings.csv",
            "manifest.json",
            "pay.csv",
            "problems.csv",
        ]
    );
    assert_eq!(run_into(&company, "one", &["--threads", "1"]), 0);
    assert_eq!(files(&company, "one"), one);
    for threads in ["2", "4"] {
        assert_eq!(run_into(&company, threads, &["--threads", threads]), 0);
        assert_eq!(files(&company, threads), one, "{threads} threads");
    }
}

#[test]
fn shuffled_rows_write_the_same_tables() {
    let mut deals = many_deals();
    let company = Company::with_deals(deals.concat());
    assert_eq!(run_into(&company, "one", &[]), 0);
    deals.sort_by_key(|deal| deal.bytes().rev().collect::<Vec<u8>>());
    let (headings, bobs) = DEALS.split_once('\n').unwrap();
    company.write("Deal.csv", format!("{headings}\n{}{bobs}", deals.concat()));
    company.write("Seller.csv", "name\nBob\nAnn\n");
    assert_eq!(run_into(&company, "two", &[]), 0);
    let tables = |folder| {
        let mut files = files(&company, folder);
        // The manifest holds the hashes of the inputs, which differ.
        files.retain(|(name, _)| name != "manifest.json");
        files
    };
    assert_eq!(tables("one"), tables("two"));
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn the_manifest_names_rules_inputs_and_outputs_by_their_hashes() {
    let company = Company::with_deals("");
    company.write("company.guerdon", PLAN);
    // A mark before the text belongs to the file that is hashed.
    company.write("plan.guerdon", "\u{FEFF}use \"company.guerdon\"\n");
    let done = company.guerdon(&[
        "run",
        "plan.guerdon",
        "company.guerdon",
        "--data",
        ".",
        "--out",
        "out",
    ]);
    assert_eq!(done.code, 0, "{}", done.err);
    let manifest: serde_json::Value = serde_json::from_str(&company.read("out/manifest.json")).unwrap();
    for (part, folder, names) in [
        ("rules", ".", vec!["plan.guerdon", "company.guerdon"]),
        ("inputs", ".", vec!["Seller.csv", "Deal.csv"]),
        (
            "outputs",
            "out",
            vec![
                "pay.csv",
                "earnings.csv",
                "problems.csv",
                "accruals.csv",
                "accrual_balances.csv",
            ],
        ),
    ] {
        let files = manifest[part].as_array().unwrap();
        let found: Vec<&str> = files.iter().map(|file| file["name"].as_str().unwrap()).collect();
        assert_eq!(found, names, "{part}");
        for file in files {
            let path = company.path(folder).join(file["name"].as_str().unwrap());
            let bytes = std::fs::read(path).unwrap();
            assert_eq!(file["sha256"], sha256(&bytes), "{file}");
            assert_eq!(file["bytes"], bytes.len(), "{file}");
        }
    }
    assert_eq!(manifest["schema_version"], 1);
    assert_eq!(manifest["engine"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["language_version"], 1);
    assert_eq!(manifest["through"], "2026-02-10");
    assert_eq!(manifest["complete"], true);
}

#[test]
fn an_incomplete_run_is_written_and_says_so_everywhere() {
    let company = Company::with_deals("D1,Ann,x,50%,2026-02-11\nD2,Zoe,1000,50%,2026-02-11\n");
    let done = company.run(&["--out", "out", "--period", "2026-02"]);
    done.says(&format!(
        "{INCOMPLETE}2 faults in the records, 1 payee without an amount.\u{20}"
    ));
    assert!(done.out.contains("not known"), "{}", done.out);
    assert_eq!(company.read("out/pay.csv"), pay("", "50.00"));
    let problems = "code,severity,table,file,row,column,payee,rule,line,message,detail
D0809,error,Deal,Deal.csv,2,amount,,,,\"a cell of \"\"amount\"\" is not a number\",\"the cell reads \"\"x\"\"\"
D0805,error,Deal,Deal.csv,3,seller,,,,\"a cell of \"\"seller\"\" names a record that \"\"Seller\"\" does not have; the \
                    record counts for nobody\",\"the cell reads \"\"Zoe\"\"\"
R0917,error,,,,,Ann,,,\"this payee cannot be paid: a cell of \"\"amount\"\" is not a number\",\"payee Ann, 2026-02, plan \
                    \"\"flat\"\"\"
";
    assert_eq!(company.read("out/problems.csv"), problems);
    let manifest: serde_json::Value = serde_json::from_str(&company.read("out/manifest.json")).unwrap();
    assert_eq!(manifest["complete"], false);
}

#[test]
fn what_somebody_else_has_put_there_is_left_alone() {
    let company = Company::with_deals("");
    let before = company.names(".").len();
    company.write("letter.txt", "Dear Ann");
    std::fs::create_dir(company.path("letters")).unwrap();
    company.write("letters/manifest.json", "{\"name\": \"an extension\"}");
    for (out, words) in [
        ("letters", "letters holds manifest.json, which no run has written"),
        ("letter.txt", "it is a file, not a folder"),
        (".", ". holds "),
        ("letter.txt/out", "cannot write letter.txt"),
    ] {
        let done = company.run(&["--out", out]);
        done.says(words);
        done.ends(3, "");
    }
    assert_eq!(company.read("letter.txt"), "Dear Ann");
    assert_eq!(company.names("letters"), ["manifest.json"]);
    assert_eq!(company.names(".").len(), before + 2);
}

#[test]
fn a_file_added_to_a_result_is_not_thrown_away_with_it() {
    let company = Company::with_deals("");
    assert_eq!(run_into(&company, "out", &[]), 0);
    company.write("out/notes.txt", "paid on Monday");
    let done = company.run(&["--out", "out"]);
    done.says("out holds notes.txt, which no run has written\n");
    done.ends(3, "");
    assert_eq!(company.read("out/notes.txt"), "paid on Monday");
}

#[test]
fn a_run_that_fails_leaves_the_earlier_result_as_it_was() {
    let company = Company::with_deals("");
    assert_eq!(run_into(&company, "out", &[]), 0);
    let earlier = files(&company, "out");
    let around = company.names(".");
    company.write("Deal.csv", "");
    assert_eq!(run_into(&company, "out", &[]), 3);
    assert_eq!(files(&company, "out"), earlier);
    assert_eq!(company.names("."), around);
}

#[test]
fn spreadsheets_get_no_formulas() {
    let keys = ["=cmd", "+1", "-1", "@sum", "＝1", "Bob"];
    let company = Company::with_deals("");
    company.write("Seller.csv", format!("name\n{}\n", keys.join("\n")));
    let deals: String = keys
        .iter()
        .map(|key| format!("D{key},{key},1000,-50%,2026-02-11\n"))
        .collect();
    company.write("Deal.csv", format!("{DEALS}{deals}"));
    assert_eq!(run_into(&company, "plain", &[]), 0);
    assert_eq!(run_into(&company, "guarded", &["--spreadsheet"]), 0);
    let cell = |folder: &str, table: &str, place: usize| -> Vec<String> {
        let text = company.read(&format!("{folder}/{table}.csv"));
        let rows = text.lines().skip(1).filter(|line| line.contains("2026-02"));
        let mut cells: Vec<String> = rows
            .map(|line| line.split(',').nth(place).unwrap().to_owned())
            .collect();
        cells.sort();
        cells.dedup();
        cells
    };
    assert_eq!(
        cell("plain", "pay", 2),
        ["+1", "-1", "=cmd", "@sum", "Bob", "＝1"]
    );
    assert_eq!(
        cell("guarded", "pay", 2),
        ["'+1", "'-1", "'=cmd", "'@sum", "'＝1", "Bob"]
    );
    // Amounts stay numbers, a negative one too.
    assert_eq!(cell("guarded", "pay", 5), ["-25.00", "25.00"]);
    assert_eq!(cell("guarded", "earnings", 8), ["-0.025", "0.05"]);
}

#[test]
fn amounts_have_the_decimals_of_their_currency() {
    for (currency, amount, wanted) in [
        ("EUR", "1000", "50.00"),
        ("JPY", "1000", "50"),
        ("KWD", "1000", "50.000"),
        ("EUR", "1000.20", "50.01"),
        ("KWD", "1000.200", "50.010"),
    ] {
        let rules = PLAN
            .replace("EUR", currency)
            .replace(
                "  pay total",
                "  measure sold = sum amount over Deal where seller is payee and signed_on in period\n  pay total",
            );
        let company = Company::with_rules(rules);
        company.write("Deal.csv", DEALS.replace("1000", amount));
        let done = company.run(&["--period", "2026-02", "--out", "out"]);
        assert_eq!(done.code, 0, "{}", done.err);
        let row = format!("flat,total,Bob,2026-02,{currency},{wanted}\n");
        assert!(
            company.read("out/pay.csv").ends_with(&row),
            "{row}\n{}",
            company.read("out/pay.csv")
        );
        assert!(done.out.contains(&format!(" {wanted} ")), "{}", done.out);
        let places = wanted.split_once('.').map_or(0, |(_, places)| places.len());
        let base = amount
            .split_once('.')
            .map_or((amount, ""), |(whole, part)| (whole, part));
        let base = match places {
            0 => base.0.to_owned(),
            _ => format!("{}.{:0<places$}", base.0, base.1),
        };
        let zero = if places == 0 {
            "0".to_owned()
        } else {
            format!("0.{}", "0".repeat(places))
        };
        assert_eq!(
            company.read("out/earnings.csv").lines().nth(1).unwrap(),
            format!(
                "flat,commission,Bob,2026-02,2026-02-10,D0,{currency},{base},0.05,{wanted},{wanted},{zero},{zero},{wanted}"
            )
        );
        let measures = company.read("out/measures_seller_month.csv");
        assert!(measures.contains(&format!("2026-02,Bob,{base}\n")), "{measures}");
    }
}

#[test]
fn control_characters_are_shown_and_not_obeyed() {
    let company = Company::with_deals("");
    company.write("Seller.csv", "name\nA\u{1b}[31mnn\u{202e}\nBob\n");
    let done = company.run(&[]);
    assert!(done.out.contains("A<U+001B>[31mnn<U+202E>"), "{}", done.out);
    let all = format!("{}{}", done.out, done.err);
    assert!(!all.contains(['\u{1b}', '\u{202e}']), "{all}");
}

#[test]
fn nothing_is_drawn_where_nobody_looks() {
    let company = Company::with_deals(many_deals().concat());
    let done = company.run(&["--format", "json"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
}

/// Gives the columns that the guide lists under a heading.
fn documented(heading: &str) -> Vec<String> {
    let guide = example("../../docs/guide/command-line.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let section = guide.split_once(&format!("\n### {heading}\n")).unwrap().1;
    let section = section.split("\n#").next().unwrap();
    let rows = section
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    // The head of the table and the line below it come first.
    rows.skip(2).map(|(column, _)| column.to_owned()).collect()
}

#[test]
fn the_guide_lists_the_columns_of_every_table() {
    let company = Company::with_rules(PLAN.replace(
        "  pay total",
        "  measure sold = sum amount over Deal where seller is payee and signed_on in period\n  pay total",
    ));
    assert_eq!(run_into(&company, "out", &[]), 0);
    let columns = |table: &str| -> Vec<String> {
        let text = company.read(&format!("out/{table}"));
        text.lines()
            .next()
            .unwrap()
            .split(',')
            .map(str::to_owned)
            .collect()
    };
    for table in ["pay.csv", "earnings.csv", "problems.csv"] {
        assert_eq!(columns(table), documented(table), "{table}");
    }
    assert_eq!(
        columns("measures_seller_month.csv"),
        ["period", "record", "flat.sold"]
    );
    assert_eq!(
        documented("measures_GRAIN.csv"),
        ["period", "record", "PLAN.NAME"]
    );
    let manifest: serde_json::Value = serde_json::from_str(&company.read("out/manifest.json")).unwrap();
    let mut fields: Vec<String> = documented("manifest.json")
        .iter()
        .flat_map(|fields| fields.split(", "))
        .map(str::to_owned)
        .collect();
    fields.sort();
    assert_eq!(
        manifest.as_object().unwrap().keys().cloned().collect::<Vec<_>>(),
        fields
    );
}

#[test]
fn balances_in_two_currencies_are_one_table_for_each() {
    let rules = PLAN
        .replace("plan flat", "rates\n  EUR to USD : 2\nend\n\nplan flat")
        .replace("due commission", "convert(due commission, USD, period.last_day)")
        .replace("  pay total", "  release commission by 50%\n  pay total in USD");
    let company = Company::with_deals("D1,Ann,1000,50%,2026-02-11\n");
    company.write("plan.guerdon", rules);
    let done = company.run(&["--period", "2026-02"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let (_, books) = done.out.split_once("flat – what").unwrap();
    let rows: Vec<Vec<&str>> = books
        .lines()
        .map(|line| line.split_whitespace().collect())
        .filter(|cells: &Vec<&str>| cells.len() > 1)
        .collect();
    // Ann has 5% of 500 and Bob of 1,000; half of it is released, and paid at 2 dollars for a euro.
    let heads = "Payee Earned Released Paid Earned, not released";
    let heads: Vec<&str> = heads.split(' ').collect();
    assert_eq!(
        rows,
        [
            vec!["is", "left", "in", "the", "books", "(EUR)"],
            heads.clone(),
            vec!["Ann", "25.00", "12.50", "12.50", "12.50"],
            vec!["Bob", "50.00", "25.00", "25.00", "25.00"],
            vec!["flat", "–", "what", "is", "left", "in", "the", "books", "(USD)"],
            heads,
            vec!["Ann", "50.00", "25.00", "25.00", "25.00"],
            vec!["Bob", "100.00", "50.00", "50.00", "50.00"],
        ]
    );
}
