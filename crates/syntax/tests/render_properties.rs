//! Prints diagnostics about any text at any place, fitting or not.

use guerdon_syntax::{
    Code, Colour, Diagnostic, Edit, FileId, Fix, Language, Layout, Record, Renderer, SourceMap, Span, Text,
    fix, suggest, text,
};
use proptest::prelude::*;

/// What a terminal must never get from a file.
const UNSAFE: [char; 5] = ['\t', '\r', '\u{1b}', '\u{202e}', '\u{feff}'];

fn span() -> impl Strategy<Value = Span> {
    (0..3_u32, 0..60_u32, 0..60_u32).prop_map(|(file, start, end)| Span::new(FileId(file), start, end))
}

fn source() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\n\t]{0,50}",
        "[业绩目标a-z ：\r\n\u{202e}\u{feff}\u{1f600}e\u{301}]{0,30}",
    ]
}

fn diagnostic() -> impl Strategy<Value = Diagnostic> {
    let labels = prop::collection::vec((span(), ".{0,8}", any::<bool>()), 0..5);
    let edits = prop::collection::vec((span(), "[a-z\n业]{0,6}"), 0..4);
    (labels, edits).prop_map(|(labels, edits)| {
        let mut built = Diagnostic::error(Code::E0202, text!("title", "标题"));
        for (span, words, is_primary) in labels {
            let words = Text::same(words);
            built = if is_primary {
                built.primary(span, words)
            } else {
                built.secondary(span, words)
            };
        }
        let edits = edits
            .into_iter()
            .map(|(span, replacement)| Edit { span, replacement });
        built.fix(Fix {
            title: text!("mend", "改正"),
            edits: edits.collect(),
            shown: Text::default(),
        })
    })
}

proptest! {
    #[test]
    fn whatever_the_place_is_printing_gives_whole_safe_lines(first in source(), second in source(), fault in diagnostic()) {
        let mut sources = SourceMap::default();
        sources.add("一.guerdon", first.as_bytes()).unwrap();
        sources.add("b.guerdon", second.as_bytes()).unwrap();
        for layout in [Layout::Full, Layout::Brief, Layout::Line] {
            for language in [Language::En, Language::Zh] {
                let renderer = Renderer { layout, language: Some(language), ..Renderer::default() };
                let printed = renderer.render(&fault, &sources);
                prop_assert!(printed.ends_with('\n'));
                prop_assert!(!printed.contains(UNSAFE), "{:?}", printed);
                prop_assert!(printed.lines().all(|line| line.trim_end() == line));
                let coloured = Renderer { colour: Colour::Ansi, ..renderer }.render(&fault, &sources);
                prop_assert_eq!(coloured.lines().count(), printed.lines().count());
            }
        }
        let record = Record::of(&fault, &sources, Renderer::default());
        prop_assert_eq!(record.labels.len(), fault.labels.len());
    }

    #[test]
    fn edits_change_nothing_outside_themselves(text in "[a-z业绩]{0,40}", edits in prop::collection::vec((span(), "[0-9]{0,3}"), 0..5)) {
        let edits: Vec<Edit> = edits.into_iter().map(|(span, replacement)| Edit { span, replacement }).collect();
        let mended = fix::apply(&text, &edits);
        let kept: String = mended.chars().filter(|sign| !sign.is_ascii_digit()).collect();
        let mut rest = text.chars();
        prop_assert!(kept.chars().all(|sign| rest.any(|other| other == sign)), "{} from {}", mended, text);
    }

    #[test]
    fn a_position_and_its_line_lead_back_to_the_offset(text in source()) {
        let mut sources = SourceMap::default();
        let file = sources.add("a", text.as_bytes()).unwrap();
        let text = sources.text(file).to_owned();
        for (offset, sign) in text.char_indices().filter(|(_, sign)| *sign != '\n' && *sign != '\r') {
            let position = sources.position(file, u32::try_from(offset).unwrap());
            let column = usize::try_from(position.column).unwrap();
            let line = sources.file(file).unwrap().line(position.line);
            prop_assert_eq!(line.chars().nth(column.saturating_sub(1)), Some(sign));
        }
    }

    #[test]
    fn one_slip_in_a_long_name_is_always_found(name in "[a-z]{6,12}", at in 0..6_usize) {
        let mut slip: Vec<char> = name.chars().collect();
        slip.remove(at);
        let slip: String = slip.into_iter().collect();
        prop_assert_eq!(suggest::nearest(&slip, [name.as_str()]), Some(name.as_str()));
    }
}
