use guerdon_plan::hir::{Factor, Function, Limit, Sign};
use guerdon_plan::number::{NumberError, Rounding, round};

use super::*;

fn exact_fault<'c>(error: NumberError) -> Cell<'c> {
    fault(match error {
        NumberError::DivisionByZero => Fault::DivisionByZero,
        _ => Fault::TooWide,
    })
}

fn cell(result: Result<Exact, NumberError>) -> Cell<'static> {
    result.map_or_else(exact_fault, Cell::Number)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_sum_is_that_of_fractions(
        inputs in vectors(number_vector, 1..4),
        signs in prop::collection::vec(select(vec![Sign::Plus, Sign::Minus]), 4),
    ) {
        let signs = &signs[..inputs.len()];
        let op = Op::Sum(signs.iter().map(|sign| (*sign, node())).collect());
        agrees(&Graph::default(), &op, &inputs, |cells| strict(cells).unwrap_or_else(|| {
            let sum = signs.iter().zip(exacts(cells)).try_fold(Exact::ZERO, |sum, (sign, number)| match sign {
                Sign::Plus => sum.add(&number),
                Sign::Minus => sum.sub(&number),
            });
            cell(sum)
        }))?;
    }

    #[test]
    fn a_product_is_that_of_fractions(
        inputs in vectors(number_vector, 1..4),
        factors in prop::collection::vec(select(vec![Factor::Times, Factor::Over]), 4),
    ) {
        let factors = &factors[..inputs.len()];
        let op = Op::Product(factors.iter().map(|factor| (*factor, node())).collect());
        agrees(&Graph::default(), &op, &inputs, |cells| strict(cells).unwrap_or_else(|| {
            let product = factors.iter().zip(exacts(cells)).try_fold(Exact::ONE, |all, (factor, number)| match factor {
                Factor::Times => all.mul(&number),
                Factor::Over => all.div(&number),
            });
            cell(product)
        }))?;
    }

    #[test]
    fn a_quotient_rounded_at_once_is_the_quotient_rounded(
        inputs in vectors(number_vector, 1..4),
        factors in prop::collection::vec(select(vec![Factor::Times, Factor::Over]), 4),
        mode in select(Rounding::ALL.to_vec()),
        step in select(vec!["0.0001", "0.01", "1", "0.05", "25"]),
    ) {
        let factors = factors.iter().take(inputs.len());
        let quotient = Op::Product(factors.map(|factor| (*factor, node())).collect());
        let step = Exact::parse_decimal(step).unwrap();
        let round = Op::Round { value: node(), mode, step };
        let graph = Graph::default();
        let context = Context {
            tables: &Tables::of(&graph),
            calendars: &[],
            axis_first: &[],
            faults: FAULTS,
        };
        let at_once = crate::kernel::rounded((&quotient, node()), (&round, NODE), &inputs, &context);
        let quotient = map(&quotient, node(), &inputs, &context);
        let apart = map(&round, NODE, &[quotient], &context);
        prop_assert_eq!(at_once.len(), apart.len());
        for cell in 0..apart.len() {
            prop_assert_eq!(shown(&at_once.cell(cell)), shown(&apart.cell(cell)), "cell {}", cell);
        }
    }

    #[test]
    fn limits_hold_from_left_to_right(
        inputs in vectors(number_vector, 2..4),
        limits in prop::collection::vec(select(vec![Limit::AtMost, Limit::AtLeast]), 4),
    ) {
        let limits = &limits[..inputs.len() - 1];
        let op = Op::Bounded { value: node(), limits: limits.iter().map(|limit| (*limit, node())).collect() };
        agrees(&Graph::default(), &op, &inputs, |cells| strict(cells).unwrap_or_else(|| {
            let numbers = exacts(cells);
            let held = limits.iter().zip(&numbers[1..]).fold(numbers[0].clone(), |held, (limit, at)| match limit {
                Limit::AtMost => held.min(at.clone()),
                Limit::AtLeast => held.max(at.clone()),
            });
            Cell::Number(held)
        }))?;
    }

    #[test]
    fn functions_pick_or_drop_the_sign(inputs in vectors(number_vector, 1..4)) {
        let call = |function| Op::Call { function, args: vec![node(); inputs.len()] };
        let graph = Graph::default();
        agrees(&graph, &call(Function::Largest), &inputs, |cells| {
            strict(cells).unwrap_or_else(|| Cell::Number(exacts(cells).into_iter().max().unwrap()))
        })?;
        agrees(&graph, &call(Function::Smallest), &inputs, |cells| {
            strict(cells).unwrap_or_else(|| Cell::Number(exacts(cells).into_iter().min().unwrap()))
        })?;
        let abs = Op::Call { function: Function::Abs, args: vec![node()] };
        agrees(&graph, &abs, &inputs[..1], |cells| {
            strict(cells).unwrap_or_else(|| Cell::Number(exacts(cells)[0].abs()))
        })?;
    }

    #[test]
    fn rounding_is_that_of_fractions(
        inputs in vectors(number_vector, 1..2),
        mode in select(Rounding::ALL.to_vec()),
        step in select(vec!["1", "0.01", "0.05", "0.000001", "100", "25", "0.25", "7", "0.0000000000000000007"]),
    ) {
        let step = exact(step);
        let op = Op::Round { value: node(), mode, step: step.clone() };
        agrees(&Graph::default(), &op, &inputs, |cells| {
            strict(cells).unwrap_or_else(|| cell(round(&exacts(cells)[0], mode, &step)))
        })?;
    }

    #[test]
    fn rounding_by_a_step_that_is_no_decimal_is_exact(inputs in vectors(tame_vector, 1..2)) {
        let step = exact("1/3");
        let op = Op::Round { value: node(), mode: Rounding::HalfEven, step: step.clone() };
        agrees(&Graph::default(), &op, &inputs, |cells| {
            strict(cells).unwrap_or_else(|| cell(round(&exacts(cells)[0], Rounding::HalfEven, &step)))
        })?;
    }
}

/// Says how numbers are held, and which they are.
fn held(vector: &Vector<'_>) -> (String, Vec<String>) {
    let form = match &vector.data {
        Data::Number(Numbers::Scaled(_, decimals)) => format!("scaled {decimals}"),
        Data::Number(Numbers::Wide(_, decimals)) => format!("wide {decimals}"),
        Data::Number(Numbers::Ratio(..)) => "ratio".to_owned(),
        _ => "other".to_owned(),
    };
    (form, texts(vector))
}

fn wanted(form: &str, numbers: [&str; 2]) -> (String, Vec<String>) {
    (form.to_owned(), numbers.map(str::to_owned).to_vec())
}

#[test]
fn usual_numbers_stay_in_64_bits() {
    let amounts = scaled(&[125_050, -1_000], 2);
    let rates = scaled(&[300, 1_250], 4);
    let both = [amounts.clone(), rates];
    let product = run(&Op::Product(vec![(Factor::Times, node()); 2]), &both);
    assert_eq!(held(&product), wanted("scaled 6", ["37.515", "-1.25"]));
    let sum = run(&Op::Sum(vec![(Sign::Plus, node()), (Sign::Minus, node())]), &both);
    assert_eq!(held(&sum), wanted("scaled 4", ["1250.47", "-10.125"]));
    let quotient = Op::Product(vec![(Factor::Times, node()), (Factor::Over, node())]);
    let halves = run(&quotient, &[amounts, scaled(&[2], 0)]);
    assert_eq!(held(&halves), wanted("scaled 3", ["625.25", "-5"]));
    let shares = run(&quotient, &both);
    assert_eq!(held(&shares), wanted("ratio", ["125050/3", "-80"]));
    let cents = Op::Round {
        value: node(),
        mode: Rounding::HalfUp,
        step: exact("0.01"),
    };
    assert_eq!(
        held(&run(&cents, &[shares])),
        wanted("scaled 2", ["41683.33", "-80"])
    );
}
