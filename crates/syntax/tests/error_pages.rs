//! Holds the register of messages against the pages that explain them.
#![expect(clippy::expect_used, reason = "a page that cannot be read fails the test")]

#[allow(dead_code, reason = "each test reads the part of a page it needs")]
#[path = "support/pages.rs"]
mod pages;

use guerdon_syntax::{Code, Renderer, Severity, Sink, SourceMap, parse};

/// Lists the codes that no short file by itself can provoke.
const WITHOUT_EXAMPLE: &[(Code, &str)] = &[
    (Code::E0001, "needs a file over 4 MiB"),
    (Code::E0002, "needs bytes that are not UTF-8"),
    (Code::E0005, "needs thousands of terms"),
    (Code::E0006, "needs a name of 257 bytes"),
    (Code::E0007, "needs a text of 64 KiB"),
    (Code::E0009, "needs a hundred thousand rows"),
    (Code::E0010, "needs a million parts"),
    (Code::E0011, "needs hundreds of files"),
    (Code::E0013, "needs a second file"),
    (Code::E0014, "needs a second file"),
    (Code::E0015, "needs a second file"),
    (Code::E0217, "shrinks with every version"),
    (Code::E0230, "needs a project's settings"),
];

#[test]
fn every_code_has_a_page_with_its_titles_and_every_page_a_code() {
    let pages = pages::read();
    let found: Vec<&str> = pages.iter().map(|page| page.code.as_str()).collect();
    let mut registered: Vec<&str> = Code::ALL.iter().map(|code| code.number()).collect();
    registered.sort_unstable();
    assert_eq!(found, registered);
    for page in &pages {
        let code: Code = page.code.parse().expect("pages are named after codes");
        let title = code.title();
        assert!(
            page.text.starts_with(&format!("# {code}: {}\n", title.en)),
            "{code}: heading"
        );
        assert!(
            page.text.contains(&format!("## 中文\n\n**{}**：", title.zh)),
            "{code}: Chinese"
        );
    }
}

#[test]
fn pages_of_compile_time_messages_show_how_to_provoke_and_how_to_mend_them() {
    for page in pages::read() {
        let code: Code = page.code.parse().expect("pages are named after codes");
        let is_excused = WITHOUT_EXAMPLE.iter().any(|(excused, _)| *excused == code);
        let is_of_compiler = page.code.starts_with(['E', 'W']) && code.severity() != Severity::Note;
        let marks = |mark: &str| page.fences.iter().filter(|fence| fence.info == mark).count();
        let bad = marks(&format!("guerdon error={code}")).max(marks(&format!("guerdon later={code}")));
        let good = marks("guerdon fixed");
        assert_eq!(
            bad > 0,
            good > 0,
            "{code}: an example and its mended form belong together"
        );
        assert!(bad > 0 || is_excused || !is_of_compiler, "{code}: no example");
        assert!(!(bad > 0 && is_excused), "{code}: is excused and has an example");
    }
}

#[test]
fn every_fenced_block_is_of_a_kind_that_is_tested() {
    for page in pages::read() {
        for fence in &page.fences {
            let code = &page.code;
            let is_known = [
                format!("guerdon error={code}"),
                format!("guerdon later={code}"),
                "guerdon fixed".to_owned(),
                format!("guerdon run={code}"),
                "guerdon data".to_owned(),
                "text".to_owned(),
            ]
            .contains(&fence.info);
            let is_file =
                fence.info.starts_with("csv file=") && fence.info.ends_with(&format!(".csv error={code}"));
            assert!(is_known || is_file, "{code}: {}", fence.info);
            assert!(!fence.body.trim().is_empty(), "{code}: an empty example");
        }
    }
}

#[test]
fn examples_of_the_grammar_give_their_message_and_all_others_are_read_without_error() {
    let mut faults = Vec::new();
    for page in pages::read() {
        let is_of_grammar =
            page.code.starts_with("E00") || page.code.starts_with("E01") && page.code != "E0123";
        for fence in page
            .fences
            .iter()
            .filter(|fence| fence.info.starts_with("guerdon"))
        {
            let (codes, printed) = messages(&page.code, &fence.body);
            let wants_fault = fence.info.contains("error=") && is_of_grammar;
            let is_right = if wants_fault {
                codes.contains(&page.code)
            } else {
                codes.is_empty()
            };
            if !is_right {
                faults.push(format!(
                    "{} `{}`:\n{}\n{printed}",
                    page.code, fence.info, fence.body
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pages_of_messages_that_are_never_given_say_so_and_no_others() {
    let sources = pages::source_code();
    let mut faults = Vec::new();
    for page in pages::read() {
        let is_given = sources.contains(&format!("Code::{}", page.code));
        let says_not = page
            .text
            .contains("*This version does not give the message yet; the number is kept for it.*");
        if is_given == says_not {
            faults.push(format!(
                "{}: {}",
                page.code,
                if is_given { "is given" } else { "is not given" }
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Reads an example, and gives the codes of its messages and their printed form.
fn messages(name: &str, body: &str) -> (Vec<String>, String) {
    let mut sources = SourceMap::default();
    let file = sources
        .add(format!("{name}.guerdon"), body.as_bytes())
        .expect("an example is text");
    let mut sink = Sink::default();
    let tree = parse(&sources, file, &mut sink);
    sources.set_language(file, tree.language);
    let found = sink.finish();
    let codes = found.iter().map(|one| one.code.to_string()).collect();
    (codes, Renderer::default().render_all(&found, &sources))
}
