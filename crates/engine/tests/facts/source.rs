//! What a `source` block says about a file.

use guerdon::plan::{Plan, Source};
use guerdon_plan::calendar::Calendar;
use guerdon_plan::hir::{
    ColumnSource, EmptyCell, PercentForm, Program, SourceBinding, SourceColumn, SourceFilter,
};
use guerdon_plan::types::{FieldId, TableId};

use crate::fixture::{DEAL, PEOPLE, PERSON, SPAN, load, problems, program, shown};

fn column(field: u32, heading: &str) -> SourceColumn {
    SourceColumn {
        field: FieldId(field),
        from: ColumnSource::Column(heading.to_owned()),
        marks: None,
        month_format: None,
        renames: Vec::new(),
        date_format: None,
        percent: PercentForm::Sign,
        empty: EmptyCell::Missing,
        span: SPAN,
    }
}

/// Deals from a pipeline with names of its own, of which only those that are won count.
fn pipeline() -> Program {
    let mut program = program();
    assert_eq!(program.calendars[0].calendar, Calendar::civil());
    let renamed = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
            .collect()
    };
    program.tables[DEAL.index()].source = Some(SourceBinding {
        file: "pipeline.csv".to_owned(),
        columns: vec![
            column(0, "opportunity_id"),
            SourceColumn {
                renames: renamed(&[("Pat", "p1")]),
                ..column(1, "agent")
            },
            SourceColumn {
                empty: EmptyCell::Text("0".to_owned()),
                ..column(2, "close_value")
            },
            SourceColumn {
                date_format: Some("DD/MM/YYYY".to_owned()),
                ..column(3, "close_date")
            },
            SourceColumn {
                renames: renamed(&[("Y", "yes"), ("N", "no")]),
                ..column(4, "new")
            },
            column(5, "units"),
            column(6, "margin"),
            SourceColumn {
                percent: PercentForm::Fraction,
                ..column(7, "rate")
            },
        ],
        filter: Some(SourceFilter::All(vec![
            SourceFilter::OneOf {
                column: "stage".to_owned(),
                texts: vec!["Won".to_owned()],
                negated: false,
            },
            SourceFilter::Empty {
                column: "close_date".to_owned(),
                negated: true,
            },
        ])),
        span: SPAN,
    });
    program
}

const HEADINGS: &str = "opportunity_id|stage|agent|close_value|close_date|new|units|margin|rate";

#[test]
fn columns_are_named_renamed_filtered_and_read_in_the_forms_of_the_file() {
    let program = pipeline();
    let text = format!(
        "{HEADINGS}
        O3|Won|Pat|1054|01/03/2017|Y|1|0.5|0.012
        O2|Lost|nobody|0|x|?|1|0.5|
        O4|Won|Pat|1|||||
        O1|Won|p2||31/12/2017|N|2|1|8"
    );
    let facts = load(&program, &[(PERSON, PEOPLE), (DEAL, &text)]);
    assert_eq!(problems(&facts), Vec::<String>::new());
    assert_eq!(
        shown(&program, &facts, DEAL),
        [
            "O1 | #1 | 0 | 2017-12-31 | no | 2 | 1 | 8",
            "O3 | #0 | 1054 | 2017-03-01 | yes | 1 | 0.5 | 0.012",
        ]
    );
    let table = facts.table(DEAL).unwrap();
    assert_eq!([table.input_row(0), table.input_row(1)], [Some(4), Some(1)]);
}

#[test]
fn problems_name_the_heading_and_row_of_the_file() {
    let program = pipeline();
    let text = format!("{HEADINGS}\nO2|Lost|x|x|x|x|x|x|x\nO3|Won|p1|10|2017-03-01|Z|1|0.5|1.2%");
    let facts = load(&program, &[(PERSON, PEOPLE), (DEAL, &text)]);
    assert_eq!(
        problems(&facts),
        [
            "D0810 2 close_date: a cell of \"close_date\" is not a date; the cell reads \"2017-03-01\"",
            "D0818 2 new: a cell of \"new\" is neither yes nor no; the cell reads \"Z\"",
            "D0809 2 rate: a percentage of \"rate\" has a % although its source says it has none; \
             the cell reads \"1.2%\"",
        ]
    );
    assert_eq!(
        facts.problems()[0].advice.en,
        "write the date in the form that the source block names"
    );
}

#[test]
fn without_the_column_it_filters_by_a_file_cannot_be_read() {
    let program = pipeline();
    let text = "opportunity_id|status|agent|close_value|close_date|new|units|margin|rate\nO1|Won|p1|1|01/03/2017|Y|1|1|";
    let facts = load(&program, &[(PERSON, PEOPLE), (DEAL, text)]);
    assert_eq!(
        problems(&facts),
        ["D0802 - stage: there is no column \"stage\", by which the source block chooses its records"]
    );
    assert_eq!(
        shown(&program, &facts, DEAL),
        ["!0 | !0 | !0 | !0 | !0 | !0 | !0 | !0"]
    );
}

#[test]
fn numbers_and_months_are_read_as_the_file_writes_them_and_fields_without_a_column_are_filled() {
    let rules = "\
data Sale key number
  number : int
  region : text
  amount : money EUR
  share  : percent
  month  : month
end
source Sale from \"sap.csv\"
  number = row number
  region = East
  amount = \"Betrag\" as number \"1.234,56\"
  share  = 12.5%
  month  = \"Monat\" as month \"YYYYMM\"
  where \"Art\" = \"V\"
end
";
    let plan = Plan::compile(&[Source::new("sap.guerdon", rules)]).unwrap();
    let sale = TableId(0);
    let text = "Art|Betrag|Monat
        V|1.234,5|202601
        S|x|x
        V|-12.000,00|202602
        V|7|202603
        V|12,000.00|202604
        V|1|2026-05";
    let facts = load(plan.program(), &[(sale, text)]);
    assert_eq!(
        shown(plan.program(), &facts, sale),
        [
            "1 | East | 1234.5 | 0.125 | 2026-01",
            "3 | East | -12000 | 0.125 | 2026-02",
            "4 | East | 7 | 0.125 | 2026-03",
            "5 | East | !0 | 0.125 | 2026-04",
            "6 | East | 1 | 0.125 | !1",
        ]
    );
    let told = problems(&facts);
    assert_eq!(told.len(), 2);
    assert!(told[0].starts_with("D0809 5 Betrag"), "{told:?}");
    assert!(told[1].starts_with("D0821 6 Monat"), "{told:?}");
}
