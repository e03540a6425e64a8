//! The boards that runs show: whole pages, in the language of the rules.

use crate::fixture::{Company, example, guerdon};

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
Spring sprint – 2026-03
 Place   Who    Honour                                    Score          Prize 
───────────────────────────────────────────────────────────────────────────────
     1   Ada    Roaster of the spring   ██████████   EUR 950.00   EUR 1,500.00 
     2   Ben                            ██████░░░░   EUR 620.50     EUR 750.00 
     2   Cleo                           ██████░░░░   EUR 620.50     EUR 750.00 
     4   Dan                            ░░░░░░░░░░    EUR 80.00      EUR 25.00 
     –   Eve                            ░░░░░░░░░░    EUR 40.00       EUR 0.00 
───────────────────────────────────────────────────────────────────────────────";
    assert_eq!(board(&page, "Spring sprint"), expected);
}

#[test]
fn the_members_of_a_team_stand_below_it_with_their_shares() {
    let page = shown("contests", "contests.guerdon", &[]);
    let expected = "\
Team cup – 2026-Q2
 Place   Who                             Score          Prize 
──────────────────────────────────────────────────────────────
     1   Highlands   ██████████   EUR 2,135.00   EUR 1,000.00 
           └ Ada                                   EUR 245.90 
           └ Ben                                   EUR 562.06 
           └ Cleo                                  EUR 192.04 
     2   Lowlands    ██████░░░░   EUR 1,355.35     EUR 400.00 
           └ Dan                                   EUR 174.12 
           └ Eve                                   EUR 225.88 
           └ Tom                                     EUR 0.00 
──────────────────────────────────────────────────────────────";
    assert_eq!(board(&page, "Team cup"), expected);
}

#[test]
fn a_race_shows_the_day_on_which_the_mark_was_reached() {
    let page = shown("contests", "contests.guerdon", &[]);
    let expected = "\
First to five hundred – 2026-Q2
 Place   Who                        Score   Reached           Prize 
────────────────────────────────────────────────────────────────────
     1   Ben    ██████████   EUR 1,200.00   2026-04-09   EUR 300.00 
     2   Dan    ████░░░░░░     EUR 590.00   2026-05-21     EUR 0.00 
     3   Ada    ████░░░░░░     EUR 525.00   2026-06-05     EUR 0.00 
     4   Eve    ██████░░░░     EUR 765.35   2026-06-19     EUR 0.00 
     –   Cleo   ███░░░░░░░     EUR 410.00   –              EUR 0.00 
────────────────────────────────────────────────────────────────────";
    assert_eq!(board(&page, "First to five hundred"), expected);
}

#[test]
fn a_warning_board_shows_levels_with_their_evidence() {
    let page = shown("warnings", "warnings.guerdon", &["--to", "2026-04-30"]);
    let expected = "\
Below the monthly goal – 2026-04
 Level    Who              Periods   Evidence                         
──────────────────────────────────────────────────────────────────────
 ●● two   Ada    raised          1   sold EUR 75,000.00, reached 0.75 
 ●● two   Ben    kept            2   sold EUR 75,000.00, reached 0.75 
 ✓ none   Cleo   cleared             sold EUR 90,000.00, reached 0.9  
──────────────────────────────────────────────────────────────────────";
    assert_eq!(board(&page, "Below the monthly goal"), expected);
}

#[test]
fn a_card_shows_its_total_its_dimensions_and_below_them_the_metrics() {
    let page = shown("forced_grades", "forced_grades.guerdon", &[]);
    let expected = "\
Forced grades – 2026
 Who           Weight                Value   Score   Points   Grade     
────────────────────────────────────────────────────────────────────────
 a                      ██████████             100            A         
   financial     100%   ██████████             100      100             
     m            50%   ██████████      70     100       50             
     n            50%   ██████████      70     100       50             
 b                      ████████░░            83.3            B         
   financial     100%   ████████░░           83.33    83.33             
     m            50%   ████████░░      60   83.33    41.67             
     n            50%   ████████░░      60   83.33    41.67             
 c                      ██████░░░░            66.7            B         
   financial     100%   ██████░░░░           66.67    66.67             
     m            50%   ██████░░░░      50   66.67    33.33             
     n            50%   ██████░░░░      50   66.67    33.33             
 d                      █████░░░░░              50            B (was C) 
   financial     100%   █████░░░░░              50       50             
     m            50%   █████░░░░░      40      50       25             
     n            50%   █████░░░░░      40      50       25             
 e                      ███░░░░░░░            33.3            B (was C) 
   financial     100%   ███░░░░░░░           33.33    33.33             
     m            50%   ███░░░░░░░      30   33.33    16.67             
     n            50%   ███░░░░░░░      30   33.33    16.67             
 f                      █░░░░░░░░░            16.7            B (was C) 
   financial     100%   █░░░░░░░░░           16.67    16.67             
     m            50%   █░░░░░░░░░      20   16.67     8.33             
     n            50%   █░░░░░░░░░      20   16.67     8.33             
 g                      ░░░░░░░░░░               0            C         
   financial     100%   ░░░░░░░░░░               0        0             
     m            50%   ░░░░░░░░░░      10       0        0             
     n            50%   ░░░░░░░░░░      10       0        0             
────────────────────────────────────────────────────────────────────────
  customer is left out: this card shows one dimension
  competitive is left out: this card shows one dimension
  collaboration is left out: this card shows one dimension";
    assert_eq!(board(&page, "Forced grades"), expected);
}

#[test]
fn what_is_to_be_done_stands_below_the_warnings() {
    let page = shown("warnings", "warnings.guerdon", &["--to", "2026-04-30"]);
    let expected = "\
To do:
  Ada: restrict \"discounts\"
  Ada: task \"Formal review\" for Rita within 2 days
  Ben: escalate to Tom";
    assert_eq!(board(&page, "To do:"), expected);
}

const ONE_PERIOD: &str = r#"data Person key id
  id     : text
  actual : money EUR
end

warning pace
  subject Person
  period  2026-03
  level slow when subject.actual < EUR 5 because "below five"
end
"#;

const ONE_PERIOD_ZH: &str = r#"语言 中文

数据 Person 主键 id
  id     : 文本
  actual : 货币 EUR
结束

预警 pace
  对象 Person
  周期 2026-03
  级别 slow 当 subject.actual < EUR 5 因为 "below five"
结束
"#;

#[test]
fn a_warning_over_one_period_shows_and_explains_its_level() {
    let company = Company::with_rules(ONE_PERIOD);
    company.write("Person.csv", "id,actual\np1,2\np2,8\n");
    let page = "\
pace – 2026-03
 Level    Who            Periods 
─────────────────────────────────
 ● slow   p1    raised         1 
─────────────────────────────────

";
    company.run(&[]).ends(0, page);
    let explained = "\
pace[p1, 2026-03] = slow
  level slow: raised in this period
    its condition holds: actual EUR 2 < EUR 5
    it ends when its condition does not hold
    because \"below five\"
  2026-03
";
    company.explain("pace[p1, 2026-03]").ends(0, explained);
}

#[test]
fn a_chinese_warning_over_one_period_shows_and_explains_its_level() {
    let company = Company::with_rules(ONE_PERIOD_ZH);
    company.write("Person.csv", "id,actual\np1,2\np2,8\n");
    let page = "\
pace – 2026-03
 级别     对象          期数 
─────────────────────────────
 ● slow   p1     触发      1 
─────────────────────────────

";
    company.run(&[]).ends(0, page);
    let explained = "\
pace[p1, 2026-03] = slow
  级别 slow：本期触发
    条件成立：actual EUR 2 < EUR 5
    条件不再成立时解除
    依据 \"below five\"
  2026-03
";
    company.explain("pace[p1, 2026-03]").ends(0, explained);
}
