//! Bad records through the whole command: each is told with its place and what it reads, and Bob is paid all the same.

use crate::fixture::{Company, INCOMPLETE, pay};

/// One bad line below Bob's.
struct Bad {
    line: &'static [u8],
    code: &'static str,
    /// The column it is found in; none for a line that is wrong as a whole.
    column: Option<&'static str>,
    /// What is said of the value.
    shown: &'static str,
    /// Whose it is.
    whose: Whose,
}

/// Who is concerned by a bad line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Ann, whose amount is therefore not known.
    Anns,
    /// Nobody knows.
    Nobodys,
}

use Whose::{Anns, Nobodys};

impl Bad {
    const fn cell(
        line: &'static [u8],
        code: &'static str,
        column: &'static str,
        shown: &'static str,
    ) -> Self {
        Self {
            line,
            code,
            column: Some(column),
            shown,
            whose: Anns,
        }
    }

    const fn row(line: &'static [u8], code: &'static str, shown: &'static str) -> Self {
        Self {
            line,
            code,
            column: None,
            shown,
            whose: Nobodys,
        }
    }

    const fn of_nobody(mut self) -> Self {
        self.whose = Nobodys;
        self
    }
}

const BAD: [Bad; 31] = [
    // keys and owners
    Bad::cell(
        b"D1\xff,Ann,1000,50%,2026-02-11\n",
        "D0803",
        "id",
        "\"D1\u{fffd}\"",
    ),
    Bad::cell(
        b",Ann,1000,50%,2026-02-11\n",
        "D0807",
        "id",
        "a cell of \"id\" is empty",
    ),
    Bad::cell(b"D1,Zoe,1000,50%,2026-02-11\n", "D0805", "seller", "\"Zoe\"").of_nobody(),
    Bad::cell(
        b"D1,ann,1000,50%,2026-02-11\n",
        "D0805",
        "seller",
        "did you mean \"Ann\"?",
    )
    .of_nobody(),
    Bad::cell(
        b"D1,,1000,50%,2026-02-11\n",
        "D0807",
        "seller",
        "a cell of \"seller\" is empty",
    )
    .of_nobody(),
    Bad::cell(
        b"D1,Ann\xff,1000,50%,2026-02-11\n",
        "D0803",
        "seller",
        "\"Ann\u{fffd}\"",
    )
    .of_nobody(),
    Bad::cell(
        b"D1,Ann\0,1000,50%,2026-02-11\n",
        "D0803",
        "seller",
        "\"Ann\\u{0}\"",
    )
    .of_nobody(),
    Bad::cell(
        b"D1,Ann\xe2\x80\xae,1000,50%,2026-02-11\n",
        "D0805",
        "seller",
        "\"Ann<U+202E>\"",
    )
    .of_nobody(),
    // amounts
    Bad::cell(
        b"D1,Ann,,50%,2026-02-11\n",
        "D0807",
        "amount",
        "a cell of \"amount\" is empty",
    ),
    Bad::cell(
        b"D1,Ann,USD 1000,50%,2026-02-11\n",
        "D0808",
        "amount",
        "\"USD 1000\"",
    ),
    Bad::cell(
        "D1,Ann,£1000,50%,2026-02-11\n".as_bytes(),
        "D0808",
        "amount",
        "\"£1000\"",
    ),
    Bad::cell(b"D1,Ann,1e400,50%,2026-02-11\n", "D0809", "amount", "\"1e400\""),
    Bad::cell(b"D1,Ann,NaN,50%,2026-02-11\n", "D0809", "amount", "\"NaN\""),
    Bad::cell(
        b"D1,Ann,\"1,234.5\",50%,2026-02-11\n",
        "D0809",
        "amount",
        "\"1,234.5\"",
    ),
    Bad::cell(b"D1,Ann,1 000,50%,2026-02-11\n", "D0809", "amount", "\"1 000\""),
    Bad::cell(
        "D1,Ann,１０００,50%,2026-02-11\n".as_bytes(),
        "D0809",
        "amount",
        "\"１０００\"",
    ),
    Bad::cell(b"D1,Ann,10.001,50%,2026-02-11\n", "D0811", "amount", "\"10.001\""),
    Bad::cell(
        b"D1,Ann,100000000000000000000000000000000000000,50%,2026-02-11\n",
        "D0822",
        "amount",
        "\"100000000000000000000000000000000000000\"",
    ),
    Bad::cell(
        b"D1,Ann,-1000,50%,2026-02-11\n",
        "D0812",
        "amount",
        "it is -EUR 1,000.00",
    ),
    // shares
    Bad::cell(b"D1,Ann,1000,150%,2026-02-11\n", "D0812", "share", "it is 150%"),
    Bad::cell(b"D1,Ann,1000,0.5,2026-02-11\n", "D0813", "share", "\"0.5\""),
    Bad::cell(b"D1,Ann,1000,half,2026-02-11\n", "D0809", "share", "\"half\""),
    // days
    Bad::cell(
        b"D1,Ann,1000,50%,2026-02-30\n",
        "D0810",
        "signed_on",
        "\"2026-02-30\"",
    ),
    Bad::cell(
        b"D1,Ann,1000,50%,11.02.2026\n",
        "D0810",
        "signed_on",
        "\"11.02.2026\"",
    ),
    Bad::cell(
        b"D1,Ann,1000,50%,2026-2-11\n",
        "D0810",
        "signed_on",
        "\"2026-2-11\"",
    ),
    Bad::cell(
        b"D1,Ann,1000,50%,2026-02--1\n",
        "D0810",
        "signed_on",
        "\"2026-02--1\"",
    ),
    Bad::cell(
        b"D1,Ann,1000,50%,-2026-02-11\n",
        "D0810",
        "signed_on",
        "\"-2026-02-11\"",
    ),
    Bad::cell(
        b"D1,Ann,1000,50%,2026-02-11\0\n",
        "D0810",
        "signed_on",
        "\"2026-02-11\\u{0}\"",
    ),
    // whole rows
    Bad::row(b"D1,Ann,1000,50%\n", "D0804", "\"D1 | Ann | 1000 | 50%\""),
    Bad::row(
        b"D1,Ann,1,000,50%,2026-02-11\n",
        "D0804",
        "\"D1 | Ann | 1 | 000 | 50% | 2026-02-11\"",
    ),
    Bad::row(
        b"D1,\"Ann\"x,1000,50%,2026-02-11\n",
        "D0804",
        "\"D1 | Ann | 1000 | 50% | 2026-02-11\"",
    ),
];

#[test]
fn sound_records_are_paid() {
    Company::with_deals("D1,Ann,1000,50%,2026-02-11\n")
        .february()
        .ends(0, &pay("25.00", "50.00"));
}

#[test]
fn each_bad_line_is_told_with_its_place_and_value_and_spoils_only_its_own_payee() {
    for bad in &BAD {
        let done = Company::with_deals(bad.line).february();
        done.says(&format!("error[{}]: ", bad.code));
        // What a check says is found out when a plan is run, which knows no files.
        let file = if bad.code == "D0812" {
            "Deal"
        } else {
            "Deal (Deal.csv)"
        };
        let column = bad
            .column
            .map_or(String::new(), |column| format!(", column \"{column}\""));
        done.says(&format!("┌─ {file}, row 2{column}\n"));
        done.says(bad.shown);
        done.says(INCOMPLETE);
        match bad.whose {
            Anns => {
                done.says("error[R0917]: this payee cannot be paid: ");
                done.says("= payee Ann, 2026-02, plan \"flat\"\n");
                done.ends(1, &pay("", "50.00"));
            }
            Nobodys => {
                done.says("; the record counts for nobody\n");
                done.ends(1, &pay("0.00", "50.00"));
            }
        }
    }
}

#[test]
fn two_different_rows_with_one_key_spoil_both_payees() {
    let company = Company::with_deals("D1,Ann,1000,50%,2026-02-11\nD1,Ann,2000,50%,2026-02-11\n");
    let done = company.february();
    done.says("error[D0806]: two rows of \"Deal\" have the same key and differ\n");
    done.says("┌─ Deal (Deal.csv), row 3\n");
    done.says("rows 2 and 3 have the key D1\n");
    done.ends(1, &pay("", "50.00"));
    let company = Company::with_deals("D0,Ann,1000,100%,2026-02-10\n");
    company.february().ends(1, &pay("", ""));
}

#[test]
fn the_same_row_twice_counts_once_and_is_noted() {
    let done = Company::with_deals("D0,Bob,1000,100%,2026-02-10\n").february();
    done.says("note[D0819]: a row of \"Deal\" is the same as an earlier one and counts once\n");
    done.ends(0, &pay("0.00", "50.00"));
}

#[test]
fn a_payee_whose_own_key_cannot_be_read_is_not_paid_nothing_but_told() {
    let company = Company::with_file("Seller.csv", b"name\nAnn\nBob\n\xff\n");
    let done = company.february();
    done.says("error[D0803]: a cell of \"name\" is not UTF-8 text\n");
    done.says("┌─ Seller (Seller.csv), row 3, column \"name\"\n");
    done.says(INCOMPLETE);
    done.ends(1, &format!("{}flat,total,,2026-02,EUR,\n", pay("25.00", "50.00")));
}

#[test]
fn many_bad_lines_are_counted() {
    let lines: String = (1..=500)
        .map(|number| format!("D{number},Ann,x{number},50%,2026-02-11\n"))
        .collect();
    let done = Company::with_deals(lines).february();
    done.says("┌─ Deal (Deal.csv), row 101, column \"amount\"\n");
    done.says("error[D0809]: a cell of \"amount\" is not a number, in 400 further rows\n");
    assert!(!done.err.contains("row 102"), "{}", done.err);
    done.ends(1, &pay("", "50.00"));
}

#[test]
fn a_failed_check_of_a_plan_is_told_with_its_reason() {
    let company = Company::with_deals("D1,Ann,1000,50%,2026-02-11\n");
    let plan = company.read("plan.guerdon").replace(
        "  earn commission",
        "  let quota = if payee.name = \"Ann\" then EUR 0 else EUR 10\n  check quota > EUR 0\n    because \"nobody joins \
         without a quota\"\n  earn commission",
    );
    company.write("plan.guerdon", plan);
    let done = company.february();
    done.says("error[R0905]: a check of the plan failed\n");
    done.says("┌─ plan.guerdon:20:3\n");
    done.says("= payee Ann, 2026-02, plan \"flat\": EUR 0.00 compared with EUR 0.00\n");
    done.says("help: the plan says: nobody joins without a quota\n");
    done.says(INCOMPLETE);
    done.ends(1, &pay("", "50.00"));
}

#[test]
fn a_quota_of_zero_is_told_and_others_are_paid() {
    let company = Company::with_deals("D1,Ann,1000,50%,2026-02-11\n");
    let plan = company
        .read("plan.guerdon")
        .replace(
            "  name : text\n",
            "  name : text\n  quota : money EUR   check quota > EUR 0\n",
        )
        .replace(
            "plan flat",
            "tiers rates marginal\n  from 0% up : 5%\nend\n\nplan flat",
        )
        .replace(
            "= amount * share * 5%",
            "= apply rates to (amount * share) against payee.quota",
        );
    company.write("plan.guerdon", plan);
    company.write("Seller.csv", "name,quota\nAnn,0\nBob,100\n");
    let done = company.february();
    done.says("error[D0812]: a cell of \"quota\" fails the check of its field\n");
    done.says("┌─ Seller, row 1, column \"quota\"\n");
    done.says("= it is EUR 0.00\n");
    done.ends(1, &pay("", "50.00"));
}

#[test]
fn a_circle_of_managers_is_told_and_others_are_paid() {
    let company = Company::with_deals("");
    let plan = company
        .read("plan.guerdon")
        .replace("  name : text\n", "  name : text\n  boss : Seller?\n")
        .replace(
            "  pay total = due commission",
            "  measure sales for Seller s = sum amount over Deal where seller is s and signed_on in period\n  earn lead \
             = (sum sales[m] over team of payee as m) * 1%\n  pay total = due commission + due lead",
        );
    company.write("plan.guerdon", plan);
    company.write("Seller.csv", "name,boss\nAnn,Cid\nCid,Ann\nBob,\nDan,Bob\n");
    company.write(
        "Deal.csv",
        "id,seller,amount,share,signed_on\nD0,Bob,1000,100%,2026-02-10\nD1,Dan,100,100%,2026-02-10\n",
    );
    let done = company.february();
    done.says("error[D0814]: a record of \"Seller\" is above itself by \"boss\"\n");
    done.says("┌─ Seller (Seller.csv), row 1, column \"boss\"\n");
    done.says(INCOMPLETE);
    assert!(
        done.out.contains("flat,total,Bob,2026-02,EUR,51.00\n"),
        "{}\n{}",
        done.out,
        done.err
    );
    assert!(
        done.out.contains("flat,total,Dan,2026-02,EUR,5.00\n"),
        "{}",
        done.out
    );
    assert!(done.out.contains("flat,total,Ann,2026-02,EUR,\n"), "{}", done.out);
    assert_eq!(done.code, 1);
}
