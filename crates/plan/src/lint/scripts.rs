//! W0706: names whose letters come from scripts that look alike.

use guerdon_syntax::{Code, Diagnostic, Sink, text};

use crate::hir::{Naming, Program};

/// Warns of names that mix Latin, Greek and Cyrillic letters, of which one can be taken for another.
///
/// Chinese beside Latin letters is fine.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    for naming in namings(program) {
        let mixed = naming
            .words()
            .find_map(|word| mixture(word).map(|scripts| (word, scripts)));
        if let Some((word, (one, other))) = mixed {
            sink.push(told(naming, word, one, other));
        }
    }
}

/// Names a script whose letters can be taken for those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
}

fn told(naming: &Naming, word: &str, one: Script, other: Script) -> Diagnostic {
    let (one, other) = (one.name(), other.name());
    let title = text!("\"{word}\" mixes two scripts", "“{word}”混用了两种文字");
    Diagnostic::warning(Code::W0706, title)
        .primary(
            naming.span,
            text!("{one} and {other} letters", "{one}字母和{other}字母"; one, other),
        )
        .note(text!(
            "Two names that look the same could be two things. Write each name in one script.",
            "看上去相同的两个名称可能是两样东西。每个名称请只用一种文字。"
        ))
}

fn namings(program: &Program) -> Vec<&Naming> {
    let enums = program
        .enums
        .iter()
        .flat_map(|one| [&one.naming].into_iter().chain(&one.values));
    let tables = program.tables.iter().flat_map(|table| {
        [&table.naming]
            .into_iter()
            .chain(table.fields.iter().map(|field| &field.naming))
    });
    let decisions = program.decisions.iter().flat_map(|table| {
        let inputs = table.inputs.iter().map(|input| &input.naming);
        [&table.naming]
            .into_iter()
            .chain(inputs)
            .chain(table.outputs.iter().map(|output| &output.naming))
    });
    let constants = program.constants.iter().map(|one| &one.naming);
    let tiers = program.tiers.iter().map(|one| &one.naming);
    let definitions = program.definitions.iter().map(|one| &one.naming);
    let earns = program.earns.iter().map(|one| &one.naming);
    let plans = program.plans.iter().map(|one| &one.naming);
    let declared = enums.chain(tables).chain(decisions).chain(constants).chain(tiers);
    declared.chain(definitions).chain(earns).chain(plans).collect()
}

fn mixture(word: &str) -> Option<(Script, Script)> {
    let mut scripts = word.chars().filter_map(script_of);
    let first = scripts.next()?;
    scripts.find(|other| *other != first).map(|other| (first, other))
}

fn script_of(letter: char) -> Option<Script> {
    if !letter.is_alphabetic() {
        return None;
    }
    match u32::from(letter) {
        0x41..=0x24F | 0x1E00..=0x1EFF => Some(Script::Latin),
        0x370..=0x3FF | 0x1F00..=0x1FFF => Some(Script::Greek),
        0x400..=0x52F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => Some(Script::Cyrillic),
        _ => None,
    }
}

impl Script {
    fn name(self) -> guerdon_syntax::Text {
        match self {
            Script::Latin => text!("Latin", "拉丁"),
            Script::Greek => text!("Greek", "希腊"),
            Script::Cyrillic => text!("Cyrillic", "西里尔"),
        }
    }
}
