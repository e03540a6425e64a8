//! `guerdon test`: the tests that stand in the rule files.

use guerdon::limits::Limits;
use guerdon::plan::Plan;
use guerdon::testing::{Part, TestResult, Unreached, Verdict};
use guerdon_syntax::{FileId, Language, text};
use serde_json::{Value, json};

use crate::Ending;
use crate::arguments::{TestArguments, Words};
use crate::data::Progress;
use crate::output::{Failure, Json, json, print, reject, tame};
use crate::rules;

/// Runs the tests of rule files.
pub(crate) fn run(arguments: &TestArguments) -> Result<Ending, Failure> {
    let plan = match rules::compile(&arguments.files) {
        Ok(rules) => rules.plan,
        Err(Failure::Rejected(rejection)) => {
            reject(&rejection, "test", arguments.format.into())?;
            if Json::from(arguments.format) == Json::No {
                print("0 passed, 0 failed\n");
            }
            return Ok(Ending::Findings);
        }
        Err(failure) => return Err(failure),
    };
    let progress = Progress::new();
    progress.say("testing");
    let (results, unreached) = plan
        .test_with_coverage(&Limits::default())
        .map_err(Failure::Engine)?;
    drop(progress);
    let is_own = |file: FileId| is_named(&plan, file, arguments);
    // The tests of files that others use are run with those.
    let own: Vec<TestResult> = results
        .into_iter()
        .filter(|result| is_own(result.span.file))
        .collect();
    let unreached: Vec<Unreached> = unreached
        .into_iter()
        .filter(|part| is_own(part.span.file))
        .collect();
    let failed = own.iter().filter(|result| !result.is_passed()).count();
    let passed = own.len().saturating_sub(failed);
    if arguments.format == Words::Json {
        let tests = json::tests(&plan, &own);
        json::show(
            "test",
            json!({
                "passed": passed,
                "failed": failed,
                "tests": tests,
                "not_reached": unreached.iter().map(|part| unreached_json(&plan, part)).collect::<Vec<_>>(),
            }),
        )?;
    } else {
        own.iter().for_each(|result| print(&shown(&plan, result)));
        for part in &unreached {
            let language = plan.sources().language(part.span.file);
            let (words, place) = (tame(&describe(&plan, part, language)), place(&plan, part));
            let line = text!(
                "not reached by any test: {words} ({place})",
                "没有测试用到：{words}（{place}）"
            );
            print(&format!("{}\n", line.get(language)));
        }
        print(&format!("{passed} passed, {failed} failed\n"));
    }
    Ok(if failed == 0 {
        Ending::Fine
    } else {
        Ending::Findings
    })
}

/// Says whether a file was named on the command line.
fn is_named(plan: &Plan, file: FileId, arguments: &TestArguments) -> bool {
    let name = plan.sources().name(file);
    arguments.files.iter().any(|named| rules::plain(named) == name)
}

fn shown(plan: &Plan, result: &TestResult) -> String {
    let mark = if result.is_passed() { "ok    " } else { "FAILED" };
    let mut text = format!("{mark} {}\n", tame(&result.name));
    for expectation in result
        .expectations
        .iter()
        .filter(|expectation| expectation.verdict != Verdict::Passed)
    {
        let sources = plan.sources();
        let line = sources
            .position(expectation.span.file, expectation.span.start)
            .line;
        let name = sources.name(expectation.span.file);
        let words = tame(sources.slice(expectation.span).trim());
        text.push_str(&format!("         {name}:{line}  {words}\n"));
        let found = match (expectation.verdict, expectation.found.as_slice()) {
            (Verdict::NotYet, _) => text!("this cannot be computed yet", "尚不能计算"),
            (_, [left, right]) => {
                let (left, right) = (tame(left), tame(right));
                text!("it is {left}, not {right}", "结果为 {left}，而不是 {right}")
            }
            (_, [one]) => {
                let one = tame(one);
                text!("it is {one}", "结果为 {one}")
            }
            _ => text!("it does not hold", "不成立"),
        };
        let language = sources.language(expectation.span.file);
        text.push_str(&format!("         {}\n", found.get(language)));
    }
    text
}

/// Names a part of the rules as people would.
fn describe(plan: &Plan, part: &Unreached, language: Language) -> String {
    let name = &part.name;
    let text = plan.sources().slice(part.span);
    let row = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (en, zh) = (kind(part.part), chinese(part.part));
    let words = match part.part {
        Part::Let | Part::Measure | Part::Carry | Part::Pay | Part::Earn | Part::Exception => {
            text!("{en} {name}", "{zh} {name}")
        }
        Part::Cap
        | Part::Hold
        | Part::Release
        | Part::Clawback
        | Part::Review
        | Part::BreakDown
        | Part::Amortise => {
            text!("{en} of {name}", "{name} 的{zh}")
        }
        Part::Tier => {
            let bounds = row
                .rsplit_once([':', '：'])
                .map_or(row.as_str(), |(bounds, _)| bounds)
                .trim();
            text!("tier \"{bounds}\" of {name}", "{name} 的阶梯“{bounds}”")
        }
        Part::Row => text!("row \"{row}\" of {name}", "{name} 的行“{row}”"),
    };
    words.get(language).to_owned()
}

/// Gives the Chinese keyword of a part.
const fn chinese(part: Part) -> &'static str {
    match part {
        Part::Let => "设",
        Part::Measure => "度量",
        Part::Carry => "结转",
        Part::Pay => "发放",
        Part::Earn => "计提",
        Part::Cap => "限额",
        Part::Hold => "留存",
        Part::BreakDown => "拆分",
        Part::Amortise => "摊销",
        Part::Release => "放行",
        Part::Clawback => "追回",
        Part::Review => "复核",
        Part::Exception => "例外",
        Part::Tier => "阶梯",
        Part::Row => "行",
    }
}

const fn kind(part: Part) -> &'static str {
    match part {
        Part::Let => "let",
        Part::Measure => "measure",
        Part::Carry => "carry",
        Part::Pay => "pay",
        Part::Earn => "earn",
        Part::Cap => "cap",
        Part::Hold => "hold",
        Part::BreakDown => "break down",
        Part::Amortise => "amortise",
        Part::Release => "release",
        Part::Clawback => "clawback",
        Part::Review => "review",
        Part::Exception => "except",
        Part::Tier => "tier",
        Part::Row => "row",
    }
}

fn place(plan: &Plan, part: &Unreached) -> String {
    let sources = plan.sources();
    let line = sources.position(part.span.file, part.span.start).line;
    format!("{}:{line}", sources.name(part.span.file))
}

fn unreached_json(plan: &Plan, part: &Unreached) -> Value {
    let sources = plan.sources();
    json!({
        "kind": kind(part.part),
        "name": part.name,
        "text": describe(plan, part, Language::En),
        "file": sources.name(part.span.file),
        "line": sources.position(part.span.file, part.span.start).line,
    })
}
