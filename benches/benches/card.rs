//! Scores and places of 100,000 people, and a contest of as many: the engine and the hand-written limits side by side.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot be set up must stop"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use guerdon::plan::{Plan, Run, Source};
use guerdon::report::Report;
use guerdon_benches::card::{Card, SCORES};
use guerdon_benches::race::{RACE, Race};
use guerdon_plan::number::Exact;

const PEOPLE: usize = 100_000;

fn texts(report: &Report<'_>, name: &str) -> Vec<String> {
    let measures = report.measures();
    let measure = measures.iter().find(|measure| measure.name == name);
    let rows = measure.expect("the plan has it").rows();
    rows.into_iter().map(|row| row.text).collect()
}

fn card(criterion: &mut Criterion) {
    let card = Card::new(PEOPLE);
    let plan = Plan::compile(&[Source::new("w3.guerdon", SCORES)]).expect("the rules are sound");
    let facts = card.facts(&plan).expect("the records are sound");
    let run = Run::default();
    let report = plan.evaluate(&facts, &run).expect("no limit");
    let [scores, grades, places] = ["score", "grade", "place"].map(|name| texts(&report, name));
    let by_hand = card.by_hand();
    assert_eq!(scores.len(), by_hand.len());
    for (person, standing) in by_hand.iter().enumerate() {
        let score = Exact::from_scaled(i128::from(standing.score), 2).display_text(0);
        let expected = (score, standing.grade.to_owned(), standing.place.to_string());
        let found = (
            scores[person].clone(),
            grades[person].clone(),
            places[person].clone(),
        );
        assert_eq!(found, expected, "person {person}");
    }
    let mut group = criterion.benchmark_group("scores and places of 100k people");
    group.sample_size(20);
    group.bench_function("by hand", |bencher| bencher.iter(|| card.by_hand()));
    group.bench_function("guerdon", |bencher| {
        bencher.iter(|| {
            let report = plan.evaluate(&facts, &run).expect("no limit");
            std::hint::black_box(&report);
        });
    });
    group.finish();
}

fn race(criterion: &mut Criterion) {
    let race = Race::new(PEOPLE);
    let plan = Plan::compile(&[Source::new("race.guerdon", RACE)]).expect("the rules are sound");
    let facts = race.facts(&plan).expect("the records are sound");
    let run = Run::default();
    let report = plan.evaluate(&facts, &run).expect("no limit");
    let by_hand = race.by_hand();
    let standings = report.standings();
    assert_eq!(standings.len(), by_hand.len());
    for row in &standings {
        let entrant: usize = row.entrant.trim_start_matches('E').parse().expect("a number");
        let prize = row.prize.exact.as_ref().and_then(|prize| prize.to_scaled(2));
        let found = (row.rank.text.parse().ok(), prize);
        let (place, cents) = by_hand[entrant];
        assert_eq!(found, (Some(place), Some(i128::from(cents))), "{}", row.entrant);
    }
    let mut group = criterion.benchmark_group("contest of 100k entrants");
    group.sample_size(20);
    group.bench_function("by hand", |bencher| bencher.iter(|| race.by_hand()));
    group.bench_function("guerdon", |bencher| {
        bencher.iter(|| {
            let report = plan.evaluate(&facts, &run).expect("no limit");
            std::hint::black_box(&report);
        });
    });
    group.finish();
}

criterion_group!(benches, card, race);
criterion_main!(benches);
