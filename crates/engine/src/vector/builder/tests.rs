use guerdon_plan::number::Exact;

use super::*;
use crate::column::Cell;
use crate::vector::{Numbers, const_vector, value_list};
use guerdon_plan::hir::Value;

fn numbers(numbers: Numbers<'static>) -> Vector<'static> {
    Vector::new(Data::Number(numbers))
}

fn scaled(values: &[i64], decimals: u8) -> Vector<'static> {
    numbers(Numbers::Scaled(Cow::Owned(values.to_vec()), decimals))
}

fn text(vector: &Vector<'_>) -> Vec<String> {
    let shown = |cell| match vector.cell(cell) {
        Cell::Missing => "-".to_owned(),
        Cell::Error(error) => format!("!{error}"),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.to_owned(),
        Cell::Enum(place) => format!("#{place}"),
        Cell::Bool(_) | Cell::Date(_) | Cell::Period(..) | Cell::Row(_) => "?".to_owned(),
    };
    (0..vector.len()).map(shown).collect()
}

#[test]
fn chunks_of_any_form_make_one_column() {
    let third = Exact::new(1, 3).unwrap();
    let mut whole = Builder::default();
    whole.push(&const_vector(&Value::Missing), 2);
    whole.push(&scaled(&[150], 2), 2);
    whole.push(&scaled(&[i64::MAX], 0), 1);
    whole.push(&numbers(Numbers::pack(vec![third])), 1);
    whole.push(&scaled(&[7, 8], 1), 2);
    let mut failed = scaled(&[1, 2], 0);
    failed.errors = Some(Cow::Owned(vec![0, 5]));
    whole.push(&failed, 2);
    assert_eq!(
        text(&whole.finish()),
        [
            "-",
            "-",
            "1.5",
            "1.5",
            "9223372036854775807",
            "1/3",
            "0.7",
            "0.8",
            "1",
            "!5"
        ]
    );
}

#[test]
fn pools_and_long_enums_are_joined() {
    let texts = ["b", "a", "b"].map(|text| Value::Text(text.into()));
    assert_eq!(text(&value_list(&texts)), ["b", "a", "b"]);
    let places = [3, 300].map(|place| Value::Enum(guerdon_plan::types::EnumId(0), place));
    assert_eq!(text(&value_list(&places)), ["#3", "#300"]);
}

#[test]
fn gathering_by_cells_that_are_missing_or_faulty_keeps_them_so() {
    let mut source = scaled(&[10, 20, 30], 0);
    source.errors = Some(Cow::Owned(vec![9, 0, 0]));
    let cells = Vector {
        data: Data::Row(Cow::Owned(vec![2, 0, 1, 0])),
        missing: Some(Cow::Owned(vec![0, 1, 0, 0])),
        errors: Some(Cow::Owned(vec![0, 0, 4, 0])),
    };
    assert_eq!(text(&source.gather_masked(&cells)), ["30", "-", "!4", "!9"]);
    assert_eq!(text(&source.gather(&[1, 0])), ["20", "!9"]);
    let one = scaled(&[5], 0);
    assert_eq!(text(&one.gather_masked(&cells)), ["5", "-", "!4", "5"]);
    assert_eq!(text(&one.gather(&[0, 0])), ["5"]);
}
