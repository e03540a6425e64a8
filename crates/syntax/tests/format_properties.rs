//! Formats rule files whose layout was disturbed at random: nothing may be lost, and a second time changes nothing.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test of small numbers"
)]

use std::path::{Path, PathBuf};

use guerdon_syntax::ast::{Comment, File, is_same, mask};
use guerdon_syntax::format::format_source;
use guerdon_syntax::{Language, Sink, SourceMap, parse};
use proptest::prelude::*;

/// Is one change of layout; the number chooses a line.
#[derive(Clone, Debug)]
enum Change {
    Blank(usize),
    Above(usize),
    Behind(usize),
    Indent(usize, usize),
    Wide(usize),
    WindowsEnd(usize),
    /// Breaks a line behind a comma, an operator or an open bracket, with a comment there or without.
    Break(usize, usize, bool),
}

fn change() -> impl Strategy<Value = Change> {
    let line = any::<prop::sample::Index>().prop_map(|index| index.index(1 << 20));
    (line, 0..8_usize, 0..7_usize, any::<bool>()).prop_map(|(line, number, kind, flag)| match kind {
        0 => Change::Blank(line),
        1 => Change::Above(line),
        2 => Change::Behind(line),
        3 => Change::Indent(line, number),
        4 => Change::Wide(line),
        5 => Change::WindowsEnd(line),
        _ => Change::Break(line, number, flag),
    })
}

/// Gives what a file reads as; nothing where it has errors.
fn read(text: &str) -> Option<File> {
    let mut sources = SourceMap::default();
    let file = sources.add("t", text.as_bytes()).unwrap();
    let mut sink = Sink::default();
    let tree = parse(&sources, file, &mut sink);
    (!sink.has_errors()).then_some(tree)
}

/// Splits a line in front of its comment, or at its end.
fn code(line: &str) -> (&str, &str) {
    let mut is_quoted = false;
    for (at, sign) in line.char_indices() {
        match sign {
            '"' | '“' | '”' => is_quoted = !is_quoted,
            '#' | '＃' if !is_quoted => return line.split_at(at),
            _ => {}
        }
    }
    (line, "")
}

fn wide(line: &str) -> String {
    if line.contains(['"', '“', '`']) {
        return line.to_owned();
    }
    let (code, comment) = code(line);
    let code = code.replace(", ", "，").replace('(', "（").replace(')', "）");
    format!("{}{}", code.replace(" : ", "："), comment.replace('#', "＃"))
}

fn broken(line: &str, number: usize, comment: &str) -> String {
    let (code, behind) = code(line);
    if code.contains(['"', '“']) {
        return line.to_owned();
    }
    let places: Vec<usize> = [", ", " + ", " * ", " = ", "("]
        .iter()
        .flat_map(|sign| code.match_indices(*sign).map(|(at, sign)| at + sign.len()))
        .collect();
    if places.is_empty() {
        return line.to_owned();
    }
    let (left, right) = code.split_at(places[number % places.len()]);
    format!("{left}{comment}\n    {right}{behind}")
}

fn disturbed(text: &str, changes: &[Change], with_breaks: bool) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (at, change) in changes.iter().enumerate() {
        let count = lines.len();
        match change {
            Change::Blank(line) => lines[line % count].insert(0, '\n'),
            Change::Above(line) => lines[line % count].insert_str(0, &format!("  # above {at}.\n")),
            Change::Behind(line) => {
                let line = &mut lines[line % count];
                let last = line.rsplit('\n').next().unwrap_or("").trim_end_matches('\r');
                if code(last).1.is_empty() && !last.trim().is_empty() {
                    *line = format!("{} # behind {at}.", line.trim_end());
                }
            }
            Change::Indent(line, number) => lines[line % count].insert_str(0, &" \t  \t   "[..*number]),
            Change::Wide(line) => {
                let line = &mut lines[line % count];
                *line = line.split('\n').map(wide).collect::<Vec<_>>().join("\n");
            }
            Change::WindowsEnd(line) => lines[line % count].push('\r'),
            Change::Break(line, number, has_comment) if with_breaks => {
                let line = &mut lines[line % count];
                let comment = if *has_comment {
                    format!(" # in {at}.")
                } else {
                    String::new()
                };
                if !line.contains('\n') {
                    *line = broken(line, *number, &comment);
                }
            }
            Change::Break(..) => {}
        }
    }
    lines.join("\n") + "\n"
}

/// Lists where the parts of a tree begin. Trees that say the same have the same parts.
struct Parts(Vec<u32>);

impl Parts {
    fn of(tree: &File) -> Parts {
        let shown = format!("{:?}", tree.items);
        let starts = shown.split("Span { file: FileId(0), start: ").skip(1);
        let number = |rest: &str| rest.split(',').next().and_then(|digits| digits.parse().ok());
        let mut starts: Vec<u32> = starts.map(|rest| number(rest).unwrap()).collect();
        starts.sort_unstable();
        Parts(starts)
    }

    fn before(&self, byte: u32) -> usize {
        self.0.partition_point(|at| *at < byte)
    }
}

fn sorted(comments: &[Comment]) -> Vec<&str> {
    let mut texts: Vec<&str> = comments.iter().map(|comment| comment.text.as_str()).collect();
    texts.sort_unstable();
    texts
}

/// Checks that every comment that was put in stands where it stood, or at the statement in which it stood.
fn assert_places(before: (&str, &File), after: (&str, &File)) {
    let (old_parts, new_parts) = (Parts::of(before.1), Parts::of(after.1));
    for old in before
        .1
        .comments
        .iter()
        .filter(|comment| comment.text.ends_with('.'))
    {
        let mut same = after.1.comments.iter().filter(|new| new.text == old.text);
        let (Some(new), None) = (same.next(), same.next()) else {
            continue;
        };
        let at = new_parts.before(new.span.start);
        match old.place {
            None => assert_eq!(
                at,
                old_parts.before(old.span.start),
                "{old:?}\n{}{}",
                before.0,
                after.0
            ),
            Some(place) => {
                let start = old_parts.before(place.statement);
                let found = new.place.map_or(at, |place| new_parts.before(place.statement));
                assert_eq!(found, start, "{old:?} {new:?}\n{}{}", before.0, after.0);
            }
        }
    }
}

fn check(text: &str) {
    let before = read(text).unwrap();
    let once = format_source("t", text, None).unwrap();
    let after = read(&once).unwrap();
    assert!(is_same(&before, &after), "{text}\n{once}");
    assert_eq!(mask(&before), mask(&after));
    assert_eq!(
        sorted(&before.comments),
        sorted(&after.comments),
        "{text}\n{once}"
    );
    assert_places((text, &before), (&once, &after));
    assert_eq!(format_source("t", &once, None).unwrap(), once, "{text}");
    for (there, back) in [(Language::Zh, Language::En), (Language::En, Language::Zh)] {
        let other = format_source("t", &once, Some(there)).unwrap();
        assert_eq!(format_source("t", &other, None).unwrap(), other, "{text}");
        let home = format_source("t", &other, Some(back)).unwrap();
        assert_eq!(mask(&read(&home).unwrap()), mask(&before), "{text}\n{home}");
    }
}

fn files(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files(&path, ending, into);
        } else if path.extension().is_some_and(|found| found == ending) {
            into.push(path);
        }
    }
}

/// Gives the blocks of rules in a page, with the words that make each a whole file.
fn fences(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut parts = page.split("\n```");
    parts.next();
    while let Some(fence) = parts.next() {
        if let Some((_, body)) = fence
            .split_once('\n')
            .filter(|(info, _)| info.starts_with("guerdon"))
        {
            found.push(format!("{body}\n"));
        }
        parts.next();
    }
    found
}

/// Gives every rule file of the repository that can be read by itself.
fn texts() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut rules, mut pages) = (Vec::new(), Vec::new());
    files(&here.join("tests/rules"), "guerdon", &mut rules);
    files(&here.join("../../examples/rules"), "guerdon", &mut rules);
    files(&here.join("../../docs"), "md", &mut pages);
    rules.sort();
    pages.sort();
    let whole = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    let mut texts: Vec<String> = rules.iter().map(whole).collect();
    texts.extend(pages.iter().flat_map(|page| fences(&whole(page))));
    texts.retain(|text| read(text).is_some_and(|tree| !tree.items.is_empty()));
    texts
}

#[test]
fn every_rule_file_of_the_repository_keeps_its_comments_and_its_tree() {
    let texts = texts();
    assert!(texts.len() > 20, "{}", texts.len());
    texts.iter().for_each(|text| check(text));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_disturbed_layout_is_put_in_order_without_loss(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..14),
    ) {
        thread_local!(static TEXTS: Vec<String> = texts());
        let text = TEXTS.with(|texts| which.get(texts).clone());
        let tree = read(&text).unwrap();
        let is_read_alike = |text: &String| read(text).is_some_and(|read| is_same(&read, &tree));
        let with_breaks = Some(disturbed(&text, &changes, true)).filter(is_read_alike);
        let disturbed = with_breaks.unwrap_or_else(|| disturbed(&text, &changes, false));
        prop_assert!(is_read_alike(&disturbed), "{}", disturbed);
        check(&disturbed);
    }
}
