//! The boards that runs show: whole pages, in the language of the rules.

use crate::fixture::{example, guerdon};

/// Runs an example and gives what it shows.
fn shown(name: &str, file: &str, more: &[&str]) -> String {
    let mut arguments = vec!["run", file, "--data", "."];
    arguments.extend(more);
    guerdon(&example(name), &arguments).out
}

/// Gives the board with a heading.
fn board(page: &str, heading: &str) -> String {
    let boards = page.split("\n\n");
    let found = boards.into_iter().find(|board| board.starts_with(heading));
    found.unwrap_or_default().to_owned()
}

#[test]
fn equal_scores_share_a_line_of_the_leaderboard_and_its_prizes() {
    let page = shown("contests", "contests.guerdon", &[]);
    let expected = "\
";
    assert_eq!(board(&page, "Spring sprint"), expected);
}

#[test]
fn the_members_of_a_team_stand_below_it_with_their_shares() {
    let page = shown("contests", "contests.guerdon", &[]);
    let expected = "\
";
    assert_eq!(board(&page, "Team cup"), expected);
}

#[test]
fn a_race_shows_the_day_on_which_the_mark_was_reached() {
    let page = shown("contests", "contests.guerdon", &[]);
    let expected = "\
";
    assert_eq!(board(&page, "First to five hundred"), expected);
}

#[test]
fn a_warning_board_shows_levels_with_their_evidence_and_what_is_to_be_done() {
    let page = shown("warnings", "warnings.guerdon", &["--to", "2026-04-30"]);
    let expected = "\
";
    assert_eq!(board(&page, "Below the monthly goal"), expected);
}

#[test]
fn a_card_shows_its_total_its_dimensions_and_below_them_the_metrics() {
    let page = shown("forced_grades", "forced_grades.guerdon", &[]);
    let expected = "\
";
    assert_eq!(board(&page, "Forced grades"), expected);
}
