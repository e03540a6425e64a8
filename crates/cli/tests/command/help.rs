//! Help that teaches, and what is not understood.

use crate::fixture::Company;

#[test]
fn each_command_has_help_with_an_example_of_its_own() {
    let company = Company::with_deals("");
    for command in ["check", "test", "run", "diff", "explain", "fmt"] {
        let done = company.guerdon(&[command, "--help"]);
        assert_eq!(done.code, 0, "{command}");
        let (usage, examples) = done.out.split_once("\nExamples:\n").unwrap();
        assert!(usage.contains(&format!("Usage: guerdon {command} ")), "{usage}");
        assert!(examples.contains(&format!("  guerdon {command} ")), "{examples}");
        assert_eq!(done.err, "");
    }
}

#[test]
fn the_first_help_names_commands_and_exit_codes() {
    let company = Company::with_deals("");
    let done = company.guerdon(&["--help"]);
    for words in [
        "Exit codes: 0 all is well; 1 there is something to mend",
        "guerdon check plan.guerdon",
        "  explain  ",
    ] {
        assert!(done.out.contains(words), "{words}\n{}", done.out);
    }
    assert_eq!(done.code, 0);
    assert_eq!(company.guerdon(&[]).code, 2);
    assert!(company.guerdon(&["--version"]).out.starts_with("guerdon "));
}

#[test]
fn what_is_not_understood_ends_with_2_and_says_what_is() {
    let company = Company::with_deals("");
    let wrong: [(&[&str], &str); 11] = [
        (&["chekc", "plan.guerdon"], "check"),
        (&["check"], "<FILE>"),
        (&["run", "plan.guerdon"], "--data <FOLDER>"),
        (
            &["run", "plan.guerdon", "--data", "nowhere"],
            "nowhere is not a folder",
        ),
        (
            &["run", "plan.guerdon", "--data", ".", "--period", "soon"],
            "a quarter as 2026-Q1",
        ),
        (
            &["run", "plan.guerdon", "--data", ".", "--to", "2026-02-30"],
            "\"2026-02-30\" is not a day",
        ),
        (
            &["run", "plan.guerdon", "--data", ".", "--threads", "0"],
            "1..=256",
        ),
        (&["run", "plan.guerdon", "--data", ".", "--format", "xml"], "csv"),
        (
            &["explain", "plan.guerdon", "--data", "."],
            "a rule file and a figure",
        ),
        (
            &["explain", "plan.guerdon", "--data", ".", "total[Ann"],
            "total[Ann",
        ),
        (
            &["explain", "plan.guerdon", "--data", ".", "totl[Ann, 2026-02]"],
            "did you mean \"total\"?",
        ),
    ];
    for (arguments, words) in wrong {
        let done = company.guerdon(arguments);
        done.says(words);
        done.ends(2, "");
    }
}
