//! Whole files that are missing, of another form, or not what they should be.

use crate::fixture::{Company, DEALS, INCOMPLETE, pay};

/// Says that a file of deals ends the run before anything is computed.
fn refuses(text: impl AsRef<[u8]>, message: &str) {
    let done = Company::with_file("Deal.csv", text).february();
    done.says(message);
    done.ends(3, "");
}

#[test]
fn a_missing_file_ends_the_run() {
    let company = Company::with_deals("");
    std::fs::remove_file(company.path("Deal.csv")).unwrap();
    let done = company.february();
    done.says("error[D0801]: there is no file \"Deal.csv\" for \"Deal\" in .\n");
    done.ends(3, "");
    assert!(!company.run(&["--out", "out"]).err.contains("Written"));
    assert!(!company.path("out").exists());
}

#[test]
fn a_folder_in_the_place_of_a_file_ends_the_run() {
    let company = Company::with_deals("");
    std::fs::remove_file(company.path("Deal.csv")).unwrap();
    std::fs::create_dir(company.path("Deal.csv")).unwrap();
    let done = company.february();
    done.says("error[D0801]: the file \"Deal.csv\" for \"Deal\" in . is a folder\n");
    done.ends(3, "");
}

#[test]
fn a_file_in_the_place_of_the_data_folder_is_not_understood() {
    let company = Company::with_deals("");
    let done = company.guerdon(&["run", "plan.guerdon", "--data", "Deal.csv"]);
    done.says("Deal.csv is not a folder\n");
    done.ends(2, "");
}

#[test]
fn an_empty_file_ends_the_run() {
    refuses("", "error[D0802]: ./Deal.csv has no line of headings\n");
    refuses("\n\n", "error[D0802]: ./Deal.csv has no line of headings\n");
}

#[test]
fn text_of_another_form_ends_the_run() {
    let wide: Vec<u8> = DEALS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    refuses(
        [b"\xFF\xFE".as_slice(), &wide].concat(),
        "error[D0803]: ./Deal.csv is UTF-16 text\n",
    );
    refuses(b"PK\x03\x04...", "error[D0823]: ./Deal.csv is a workbook");
    let message =
        "error[D0823]: ./Deal.csv is not comma-separated: its headings are parted by semicolons or tabs\n";
    refuses(DEALS.replace(',', ";"), message);
    refuses(DEALS.replace(',', "\t"), message);
}

#[test]
fn a_quotation_mark_that_is_never_closed_ends_the_run() {
    refuses(
        format!("{DEALS}D1,\"Ann,1000,50%,2026-02-11\nD2,Ann,1000,50%,2026-02-11\n"),
        "error[D0823]: ./Deal.csv: the quotation mark that opens column 2 of row 2 is never closed\n",
    );
}

#[test]
fn headings_alone_are_no_records_and_no_fault() {
    let company = Company::with_file("Deal.csv", "id,seller,amount,share,signed_on\n");
    company.february().ends(0, &pay("0.00", "0.00"));
}

#[test]
fn marks_and_line_ends_of_other_systems_do_no_harm() {
    let lines = "id,seller,amount,share,signed_on\nD0,Bob,1000,100%,2026-02-10\nD1,Ann,1000,50%,2026-02-11\n";
    let windows = format!("\u{FEFF}{}", lines.replace('\n', "\r\n"));
    let quoted = "\"id\",\"seller\",\"amount\",\"share\",\"signed_on\"\nD0,Bob,1000,100%,2026-02-10\n\nD1,\"Ann\",\" 1000 \
                  \",50%,2026-02-11";
    for text in [lines, &windows, &lines.replace('\n', "\r"), quoted] {
        let company = Company::with_file("Deal.csv", text);
        company.february().ends(0, &pay("25.00", "50.00"));
    }
}

#[test]
fn a_missing_column_is_named_and_spoils_those_who_need_it() {
    let company = Company::with_file("Deal.csv", "id,seller,amount,signed_on\nD0,Bob,1000,2026-02-10\n");
    let done = company.february();
    done.says("error[D0802]: there is no column \"share\"\n");
    done.says("┌─ Deal (Deal.csv), column \"share\"\n");
    done.says(INCOMPLETE);
    done.ends(1, &pay("0.00", ""));
}

#[test]
fn without_the_column_that_says_whose_records_are_nobody_is_paid_nothing() {
    for column in ["id", "seller"] {
        let text = DEALS.replace(column, "other");
        let done = Company::with_file("Deal.csv", text).february();
        done.says(&format!("error[D0802]: there is no column \"{column}\"\n"));
        done.says(INCOMPLETE);
        done.ends(1, &pay("", ""));
    }
}

#[test]
fn two_columns_of_one_name_are_told() {
    let company = Company::with_file(
        "Deal.csv",
        "id,seller,amount,share,signed_on,amount\nD0,Bob,1000,100%,2026-02-10,5\n",
    );
    let done = company.february();
    done.says("error[D0817]: two columns have the heading \"amount\"\n");
    done.says("┌─ Deal (Deal.csv), column \"amount\"\n");
    done.ends(1, &pay("0.00", ""));
}

#[test]
fn a_heading_that_is_not_text_is_told_with_what_it_reads() {
    let company = Company::with_file(
        "Deal.csv",
        b"id,seller,amount,share,signed_on\xff\nD0,Bob,1000,100%,2026-02-10\n",
    );
    let done = company.february();
    done.says("error[D0802]: there is no column \"signed_on\"\n");
    done.says("the file has a column \"signed_on\u{fffd}\"");
    assert_eq!(done.code, 1);
}

#[test]
fn a_huge_cell_is_told_shortened() {
    let line = format!("D1,{},1000,50%,2026-02-11\n", "A".repeat(2_000_000));
    let done = Company::with_deals(line).february();
    done.says(
        "error[R0907]: a cell of \"seller\" is longer than 65536 bytes; the record counts for nobody\n",
    );
    done.says(&format!("\"{}…\"", "A".repeat(80)));
    done.ends(1, &pay("0.00", "50.00"));
}

#[test]
fn a_row_of_ten_megabytes_is_told() {
    let line = format!("D1,Ann,1000,50%,2026-02-11{}\n", ",".repeat(10_000_000));
    let done = Company::with_deals(line).february();
    done.says(
        "error[D0804]: a row has 10000005 cells where the heading has 5; the record counts for nobody\n",
    );
    done.ends(1, &pay("0.00", "50.00"));
}
