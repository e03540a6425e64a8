//! What a host may want to know of a plan before it loads records.

use guerdon::plan::Plan;
use guerdon_plan::hir::{Field, Program, Table};
use guerdon_plan::types::Scalar;
use guerdon_syntax::{Record, Renderer};

use crate::tables::write_text;
use crate::words::Words;

/// Lists tables and fields as JSON.
pub(crate) fn tables(plan: &Plan) -> Words {
    let program = plan.program();
    let mut out = String::from("[");
    for (place, declared) in program.tables.iter().enumerate() {
        if place > 0 {
            out.push_str(",\n");
        }
        table(program, declared, &mut out);
    }
    out.push(']');
    Words::of(out)
}

/// Lists warnings and notes as JSON.
pub(crate) fn warnings(plan: &Plan) -> Words {
    let mut out = String::from("[");
    for (place, warning) in plan.warnings().iter().enumerate() {
        let record = Record::of(warning, plan.sources(), Renderer::default());
        let range = record.labels.first().map(|label| &label.range);
        out.push_str(if place > 0 { ",\n{" } else { "{" });
        pair("code", record.code, &mut out);
        out.push(',');
        pair("severity", record.severity, &mut out);
        out.push(',');
        pair("message", &record.title, &mut out);
        out.push(',');
        pair("file", range.map_or("", |range| range.file.as_str()), &mut out);
        let line = range.map_or(0, |range| range.start.line);
        let column = range.map_or(0, |range| range.start.column);
        out.push_str(&format!(",\"line\":{line},\"column\":{column}}}"));
    }
    out.push(']');
    Words::of(out)
}

fn table(program: &Program, table: &Table, out: &mut String) {
    out.push('{');
    pair("name", &table.naming.name, out);
    out.push_str(",\"key\":[");
    for (place, key) in table.key.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        let field = table.fields.get(key.index());
        write_text(field.map_or("", |field| field.naming.name.as_str()), out);
    }
    out.push_str("],\"fields\":[");
    for (place, declared) in table.fields.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        field(program, declared, out);
    }
    out.push_str("]}");
}

fn field(program: &Program, field: &Field, out: &mut String) {
    out.push('{');
    pair("name", &field.naming.name, out);
    out.push(',');
    let kind = match field.ty.scalar {
        Scalar::Bool => "bool".to_owned(),
        Scalar::Int => "int".to_owned(),
        Scalar::Number => "number".to_owned(),
        Scalar::Percent => "percent".to_owned(),
        Scalar::Money(currency) => format!("money {currency}"),
        Scalar::MoneyInColumn => "money".to_owned(),
        Scalar::Points => "points".to_owned(),
        Scalar::Date => "date".to_owned(),
        Scalar::Period(unit) => format!("{unit:?}").to_lowercase(),
        Scalar::Days => "days".to_owned(),
        Scalar::Text | Scalar::Faulty => "text".to_owned(),
        Scalar::Enum(id) => {
            let declared = program.enums.get(id.index());
            declared.map_or_else(|| "enum".to_owned(), |found| found.naming.name.clone())
        }
        Scalar::Row(id) => {
            let target = program.table(id);
            target.map_or_else(|| "record".to_owned(), |found| found.naming.name.clone())
        }
    };
    pair("type", &kind, out);
    let optional = if field.ty.is_optional() { "true" } else { "false" };
    out.push_str(&format!(
        ",\"optional\":{optional},\"decimals\":{}}}",
        field.decimals
    ));
}

fn pair(name: &str, value: &str, out: &mut String) {
    write_text(name, out);
    out.push(':');
    write_text(value, out);
}
