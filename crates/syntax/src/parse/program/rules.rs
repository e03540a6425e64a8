//! Which rule of the grammar reads a statement of a block, by its first word.

use crate::parse::grammar::Rule;

fn common_rule(word: &str) -> Option<Rule> {
    Some(match word {
        "currency" => Rule::currency_line,
        "period" => Rule::period_line,
        "policy" => Rule::policy_line,
        "let" => Rule::let_line,
        "measure" => Rule::measure_line,
        "check" => Rule::check_line,
        "effective" => Rule::effective_line,
        "rounding" => Rule::rounding_line,
        "payee" => Rule::payee_line,
        "subject" => Rule::subject_line,
        _ => return None,
    })
}

pub(super) fn plan_rule(word: &str) -> Option<Rule> {
    Some(match word {
        "missing" => Rule::missing_line,
        "segments" => Rule::segments_line,
        "rows" => Rule::rows_line,
        "earn" => Rule::earn_line,
        "cap" => Rule::cap_line,
        "release" => Rule::release_line,
        "clawback" => Rule::clawback_line,
        "hold" => Rule::hold_line,
        "break" => Rule::break_line,
        "amortise" => Rule::amortise_line,
        "carry" => Rule::carry_line,
        "pay" => Rule::pay_line,
        "except" => Rule::except_line,
        "review" => Rule::review_line,
        "replace" => Rule::replace_line,
        _ => return common_rule(word),
    })
}

pub(super) fn contest_rule(word: &str) -> Option<Rule> {
    Some(match word {
        "entrants" => Rule::entrants_line,
        "score" => Rule::score_line,
        "qualify" => Rule::qualify_line,
        "race" => Rule::race_line,
        "rank" => Rule::rank_line,
        "prizes" => Rule::prizes_head,
        "pool" => Rule::pool_line,
        "budget" => Rule::budget_line,
        "split" => Rule::split_line,
        "closes" => Rule::closes_line,
        _ => return common_rule(word),
    })
}

pub(super) fn award_rule(word: &str) -> Option<Rule> {
    match word {
        "grant" => Some(Rule::grant_line),
        _ => common_rule(word),
    }
}

pub(super) fn target_rule(word: &str) -> Option<Rule> {
    Some(match word {
        "actual" => Rule::actual_line,
        "goal" => Rule::goal_line,
        "split" => Rule::split_line,
        "lock" => Rule::lock_line,
        "recalibrate" => Rule::recalibrate_line,
        "smart" => Rule::smart_line,
        _ => return common_rule(word),
    })
}

pub(super) fn warning_rule(word: &str) -> Option<Rule> {
    Some(match word {
        "level" => Rule::level_line,
        "alert" => Rule::alert_line,
        "confirm" => Rule::confirm_line,
        "skip" => Rule::skip_line,
        "reset" => Rule::reset_line,
        "cooldown" => Rule::cooldown_line,
        "escalate" => Rule::escalate_line,
        "respond" => Rule::respond_head,
        _ => return common_rule(word),
    })
}

pub(super) fn scorecard_rule(word: &str) -> Option<Rule> {
    Some(match word {
        "missing" => Rule::metrics_missing_line,
        "weights" => Rule::weights_line,
        "dimension" => Rule::dimension_head,
        "grades" => Rule::grades_head,
        "gate" => Rule::gate_line,
        "rows" => Rule::rows_line,
        _ => return common_rule(word),
    })
}

pub(super) fn metric_rule(word: &str) -> Option<Rule> {
    (word == "metric").then_some(Rule::metric_line)
}

pub(super) fn test_rule(word: &str) -> Option<Rule> {
    Some(match word {
        "given" => Rule::given_head,
        "with" => Rule::with_line,
        "known" => Rule::known_line,
        "expect" => Rule::expect_line,
        _ => return None,
    })
}
