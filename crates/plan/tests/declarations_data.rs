//! Enums, data blocks, files, constants, calendars and sources.
#![expect(clippy::indexing_slicing, reason = "a test stops where something is missing")]

#[path = "support/rules.rs"]
mod rules;

use guerdon_plan::calendar::{Date, Unit};
use guerdon_plan::hir::{EmptyCell, NumberMarks, Origin, PercentForm, SourceFilter, Value};
use guerdon_plan::number::Exact;
use guerdon_plan::types::{FieldId, Scalar, TableId, Ty};
use guerdon_syntax::Code;
use rules::{Checked, errors};

const PEOPLE: &str = "enum Role = AE alias 客户经理 | SE\n\
    data Person alias 人员 key id\n  id : text\n  role alias 岗位 : Role\n  manager : Person?\n  bonus : money CNY? to 0.1\n  share : percent to 0.01%\nend\n";

fn constant(checked: &Checked, at: usize) -> Vec<String> {
    let versions = &checked.program.constants[at].versions;
    versions.iter().map(|(_, value)| format!("{value:?}")).collect()
}

#[test]
fn a_data_block_has_types_decimals_keys_and_second_names() {
    let checked = Checked::text(PEOPLE);
    assert_eq!(checked.errors(), errors(&[]));
    let person = &checked.program.tables[0];
    let fields: Vec<(&str, Option<&str>, u8)> = person
        .fields
        .iter()
        .map(|field| {
            (
                field.naming.name.as_str(),
                field.naming.alias.as_deref(),
                field.decimals,
            )
        })
        .collect();
    assert_eq!(
        fields,
        [
            ("id", None, 0),
            ("role", Some("岗位"), 0),
            ("manager", None, 0),
            ("bonus", None, 1),
            ("share", None, 4)
        ]
    );
    assert_eq!(person.fields[2].ty, Ty::optional(Scalar::Row(TableId(0))));
    assert_eq!(
        (person.key.as_slice(), &person.origin),
        (&[FieldId(0)][..], &Origin::Data)
    );
    assert_eq!(
        checked.program.enums[0].values[0].alias.as_deref(),
        Some("客户经理")
    );
}

#[test]
fn money_without_decimals_has_those_of_its_currency() {
    let checked = Checked::text(
        "data D key id\n  id : text\n  a : money JPY\n  b : money KWD\n  c : number\n  d : int\nend\n",
    );
    let decimals: Vec<u8> = checked.program.tables[0]
        .fields
        .iter()
        .map(|field| field.decimals)
        .collect();
    assert_eq!(decimals, [0, 0, 3, 9, 0]);
}

#[test]
fn faults_of_data_blocks_are_reported_where_they_stand() {
    let faults = |text: &str| Checked::text(text).errors();
    assert_eq!(
        faults("data D key id\n  id : text\n  p : Persn\nend\n"),
        errors(&[("E0218", "Persn")])
    );
    assert_eq!(
        faults("data D key ident\n  id : text\nend\n"),
        errors(&[("E0209", "ident")])
    );
    assert_eq!(
        faults("data D key id\n  id : text?\nend\n"),
        errors(&[("E0234", "id")])
    );
    assert_eq!(
        faults("data D key id\n  id : text\n  id : int\nend\n"),
        errors(&[("E0207", "id")])
    );
    assert_eq!(faults("data D\n  id : text\nend\n"), errors(&[("E0234", "D")]));
    assert_eq!(
        faults("data D key id\n  id : text\n  n : number to 0.05\nend\n"),
        errors(&[("E0225", "0.05")])
    );
    assert_eq!(
        faults("data D key id\n  id : text\n  n : money in ccy\nend\n"),
        errors(&[("E0209", "ccy")])
    );
    let checked = Checked::text("data D key id\n  id : text\n  a : money in ccy\n  ccy : text\nend\n");
    assert_eq!(checked.errors(), errors(&[]));
    assert_eq!(
        checked.program.tables[0].fields[1].currency_field,
        Some(FieldId(2))
    );
}

#[test]
fn a_table_from_a_file_is_keyed_by_its_parameters() {
    let text = format!(
        "{PEOPLE}table quota alias 指标 from \"quota_2026.csv\" key person: Person, month: month gives amount: money CNY\n"
    );
    let checked = Checked::text(&text);
    assert_eq!(checked.errors(), errors(&[]));
    let quota = &checked.program.tables[1];
    assert_eq!(quota.origin, Origin::File("quota_2026.csv".to_owned()));
    assert_eq!(quota.key, [FieldId(0), FieldId(1)]);
    let types: Vec<Scalar> = quota.fields.iter().map(|field| field.ty.scalar).collect();
    assert_eq!(types[..2], [Scalar::Row(TableId(0)), Scalar::Period(Unit::Month)]);
}

#[test]
fn constants_are_folded_and_follow_one_another() {
    let text = "const a = CNY 5,000 from 2026-01-01\nconst a = CNY 5,500 from 2026-07-01\n\
                const b = 0.5%\nconst c = 2.5M\nconst d = -(120万 / 4) + 5\nconst e = 120万元\nconst f = 25bp * 2\nconst g = c * b\n";
    let checked = Checked::text(text);
    assert_eq!(checked.errors(), errors(&[]));
    assert_eq!(constant(&checked, 0), ["Number(5000)", "Number(5500)"]);
    assert_eq!(constant(&checked, 1), ["Number(0.005)"]);
    assert_eq!(constant(&checked, 2), ["Number(2500000)"]);
    assert_eq!(constant(&checked, 3), ["Number(-299995)"]);
    assert_eq!(constant(&checked, 4), ["Number(1200000)"]);
    assert_eq!(constant(&checked, 5), ["Number(0.005)"]);
    assert_eq!(constant(&checked, 6), ["Number(12500)"]);
    let through = checked.program.constants[0].versions[0].0.through;
    assert_eq!(through, Some(Date::parse("2026-06-30").unwrap()));
    assert_eq!(checked.program.constants[1].ty, Ty::always(Scalar::Percent));
}

#[test]
fn a_constant_may_choose() {
    let text = "const a = if 120 > 100 and not no then 2 else 1\nconst b = if CNY 5 <= CNY 4 or 1 = 2 then 10% else 0.5\n";
    let checked = Checked::text(text);
    assert_eq!(checked.errors(), errors(&[]));
    assert_eq!(constant(&checked, 0), ["Number(2)"]);
    assert_eq!(constant(&checked, 1), ["Number(0.5)"]);
    let faults = |text: &str| Checked::text(text).errors();
    assert_eq!(
        faults("const a = if 5 then 1 else 2\n"),
        errors(&[("E0201", "5")])
    );
    assert_eq!(
        faults("const a = if 5 > CNY 4 then 1 else 2\n"),
        errors(&[("E0201", "CNY 4")])
    );
    assert_eq!(
        faults("const a = if yes then 1 else CNY 2\n"),
        errors(&[("E0201", "CNY 2")])
    );
}

#[test]
fn faults_of_constants_are_reported_where_they_stand() {
    let faults = |text: &str| Checked::text(text).errors();
    assert_eq!(
        faults("const a = CNY 1 from 2026-01-01\nconst a = CNY 2 from 2026-01-01\n"),
        errors(&[("E0602", "2026-01-01")])
    );
    assert_eq!(
        faults("const a = CNY 1\nconst a = CNY 2\n"),
        errors(&[("E0207", "a")])
    );
    assert_eq!(
        faults("const a = CNY 1 from 2026-01-01\nconst a = 2 from 2026-02-01\n"),
        errors(&[("E0201", "2")])
    );
    assert_eq!(faults("const a = CNY 1 + USD 1\n"), errors(&[("E0203", "USD 1")]));
    assert_eq!(faults("const a = CNY 100 + 8%\n"), errors(&[("E0201", "8%")]));
    assert_eq!(faults("const a = CNY 2 * CNY 3\n"), errors(&[("E0205", "CNY 3")]));
    assert_eq!(faults("const a = 1 / 0\n"), errors(&[("E0220", "0")]));
    assert_eq!(faults("const a = payee.x\n"), errors(&[("E0232", "payee.x")]));
}

#[test]
fn a_calendar_of_listed_periods_and_years() {
    let text = "calendar quota_periods\n  periods start on 2011-05-31, 2011-08-31, 2011-12-01, 2012-02-29,\n    2012-05-30\n  \
                ends before 2012-08-30\n  year starts on 2011-05-31, 2012-05-30\nend\n";
    let checked = Checked::text(text);
    assert_eq!(checked.errors(), errors(&[]));
    let calendar = &checked.program.calendars[1].calendar;
    let day = Date::parse("2012-03-01").unwrap();
    let label = |unit| calendar.period_of(unit, day).map(|key| calendar.label(key));
    assert_eq!(label(Unit::Period).as_deref(), Some("2012-02-29..2012-05-29"));
    assert_eq!(label(Unit::Year).as_deref(), Some("2011"));
}

#[test]
fn other_calendars_and_their_faults() {
    let period = |text: &str, day: &str, unit| {
        let checked = Checked::text(text);
        assert_eq!(checked.errors(), errors(&[]));
        let calendar = &checked.program.calendars[1].calendar;
        calendar
            .period_of(unit, Date::parse(day).unwrap())
            .map(|key| calendar.label(key))
            .unwrap_or_default()
    };
    assert_eq!(
        period(
            "calendar c every 2 weeks from 2026-01-05\n",
            "2026-01-20",
            Unit::Period
        ),
        "2026-01-19..2026-02-01"
    );
    assert_eq!(
        period(
            "calendar c starts on 1, 16 of month\n",
            "2026-02-20",
            Unit::Period
        ),
        "2026-02-16..2026-02-28"
    );
    let fiscal = "calendar c\n  year starts in 4\n  year named by last day\nend\n";
    assert_eq!(period(fiscal, "2026-03-31", Unit::Quarter), "2026-Q4");
    let faults = |text: &str| Checked::text(text).errors();
    assert_eq!(
        faults("calendar c\n  year starts in 4\nend\n"),
        errors(&[("E0215", "4")])
    );
    assert_eq!(
        faults("calendar c\n  periods start on 2026-01-01\nend\n"),
        errors(&[("E0215", "c")])
    );
    assert_eq!(
        faults("calendar c starts on 1, 31 of month\n"),
        errors(&[("E0227", "c")])
    );
}

#[test]
fn a_source_binds_columns_renames_formats_and_filters() {
    let text = format!(
        "{PEOPLE}source Person from \"people.csv\"\n  id = \"person id\"\n  role = \"job\" with \"Account exec\" as AE\n  \
         manager = \"boss\"\n  share = \"pct\" as fraction\n  bonus = \"bonus\" empty as CNY 0\n  where \"status\" = \"Active\"\n  where \"left\" is missing\nend\n"
    );
    let checked = Checked::text(&text);
    assert_eq!(checked.errors(), errors(&[]));
    let source = checked.program.tables[0].source.as_ref().unwrap();
    assert_eq!(source.file, "people.csv");
    assert_eq!(
        source.columns[1].renames,
        [("Account exec".to_owned(), "AE".to_owned())]
    );
    assert_eq!(
        (source.columns[3].percent, source.columns[0].percent),
        (PercentForm::Fraction, PercentForm::Sign)
    );
    assert_eq!(source.columns[4].empty, EmptyCell::Text("0".to_owned()));
    let status = SourceFilter::OneOf {
        column: "status".to_owned(),
        texts: vec!["Active".to_owned()],
        negated: false,
    };
    let left = SourceFilter::Empty {
        column: "left".to_owned(),
        negated: false,
    };
    assert_eq!(source.filter, Some(SourceFilter::All(vec![status, left])));
}

#[test]
fn faults_of_sources_are_reported_where_they_stand() {
    let faults = |lines: &str| {
        let text = format!(
            "data D key id\n  id : text\n  day : date\nend\nsource D from \"d.csv\"\n  {lines}\nend\n"
        );
        Checked::text(&text).errors()
    };
    assert_eq!(
        faults("id = \"a\"\n  day = \"b\"\n  dya = \"c\""),
        errors(&[("E0209", "dya")])
    );
    assert_eq!(
        faults("id = \"a\"\n  day = \"b\" as date \"DD/MM/YY\""),
        errors(&[("E0115", "\"DD/MM/YY\"")])
    );
    assert_eq!(
        faults("id = \"a\"\n  day = \"b\" as percent"),
        errors(&[("E0201", "day = \"b\" as percent")])
    );
    assert_eq!(
        faults("id = \"a\"\n  day = \"b\" empty as missing"),
        errors(&[("E0214", "day = \"b\" empty as missing")])
    );
    assert_eq!(
        faults("id = \"a\"\n  day = \"b\"\n  id = \"c\""),
        errors(&[("E0314", "id")])
    );
}

#[test]
fn what_a_source_cannot_say_is_refused_with_what_to_write_instead() {
    let faults = |head: &str, line: &str| {
        let text = format!(
            "data D key id\n  id : int\n  day : date\n  x : number\nend\nsource D from \"d.csv\" {head}\n  {line}\nend\n"
        );
        Checked::text(&text).errors()
    };
    assert_eq!(faults("", "id = row number"), errors(&[]));
    assert_eq!(
        faults("", "day = row number"),
        errors(&[("E0201", "day = row number")])
    );
    assert_eq!(
        faults("", "x = 3 as number \"1.234,5\""),
        errors(&[("E0112", "x = 3 as number \"1.234,5\"")])
    );
    assert_eq!(
        faults("sheet \"Deals\"", "x = \"x\""),
        errors(&[("E0112", "\"Deals\"")])
    );
    assert_eq!(
        faults("time zone \"Asia/Shanghai\"", "x = \"x\""),
        errors(&[("E0112", "\"Asia/Shanghai\"")])
    );
    assert_eq!(
        faults("", "x = \"x\" as number \"1.234\""),
        errors(&[("E0115", "\"1.234\"")])
    );
    assert_eq!(faults("", "x = \"x\" as number \"1 234,5\""), errors(&[]));
    assert_eq!(
        faults("", "day = \"x\" as number \"1.234,5\""),
        errors(&[("E0201", "day = \"x\" as number \"1.234,5\"")])
    );
}

#[test]
fn a_table_from_a_file_has_one_version() {
    let text = "table t effective 2026-01-01 from \"t.csv\" key k: text gives v: number\n";
    let checked = Checked::text(text);
    assert_eq!(checked.errors().len(), 1);
    assert_eq!(checked.messages[0].code, Code::E0112);
}

#[test]
fn numbers_are_read_by_the_marks_of_a_sample_and_no_others() {
    let read = |sample: &str, text: &str| NumberMarks::of(sample).and_then(|marks| marks.read(text));
    let is = |text: &str| Some(text.to_owned());
    assert_eq!(read("1.234,56", "1.234.567,8"), is("1234567.8"));
    assert_eq!(read("1.234,56", "12,50 EUR"), is("12.50 EUR"));
    assert_eq!(read("1.234,56", "1.23"), None);
    assert_eq!(read("1.234,56", "1,234.56"), None);
    assert_eq!(read("1 234,56", "1 234"), is("1234"));
    assert_eq!(read("1 234,56", "1\u{A0}234,5"), is("1234.5"));
    assert_eq!(read("1'234.56", "-1'234.56"), is("-1234.56"));
    assert_eq!(read("1234,56", "1234,5"), is("1234.5"));
    assert_eq!(read("1.234.567", "12.000"), is("12000"));
    for unclear in ["1.234", "1234", "", "1,23,456.7", "1-234,5"] {
        assert_eq!(NumberMarks::of(unclear), None, "{unclear}");
    }
}

#[test]
fn a_value_is_kept_exactly() {
    let checked = Checked::text("const third = 1 / 3\n");
    let (_, value) = &checked.program.constants[0].versions[0];
    assert_eq!(*value, Value::Number(Exact::new(1, 3).unwrap()));
    assert_eq!(
        checked
            .messages
            .iter()
            .find(|message| message.code == Code::E0008),
        None
    );
}
