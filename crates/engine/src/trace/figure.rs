//! The text that names a figure.

use super::ExplainError;

/// A figure as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The text.
    pub text: String,
    /// What is asked of an earn.
    pub amount: Wanted,
    /// The plan, where it is named.
    pub plan: Option<String>,
    /// The name.
    pub name: String,
    /// The keys.
    pub keys: Vec<String>,
}

/// What is asked of an earn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What was earned.
    Earned,
    /// What came due in a period.
    Due,
}

/// Reads the text of a figure.
pub(super) fn read(given: &str) -> Result<Asked, ExplainError> {
    let folded = folded(given);
    let refused = || ExplainError::NotAFigure {
        given: given.to_owned(),
    };
    if let Some(asked) = part_of_block(given, &folded) {
        return Ok(asked);
    }
    let (head, rest) = match folded.split_once('[') {
        Some((head, rest)) => (head, rest.trim_end().strip_suffix(']').ok_or_else(refused)?),
        None => (folded.as_str(), ""),
    };
    let head = head.trim();
    let (amount, head) = match head.split_once(char::is_whitespace) {
        Some(("due" | "到期", name)) => (Wanted::Due, name.trim()),
        Some(_) => return Err(refused()),
        None => (Wanted::Earned, head),
    };
    let (plan, name) = match head.split_once('.') {
        Some((plan, name)) => (Some(plan.to_owned()), name),
        None => (None, head),
    };
    if name.is_empty() {
        return Err(refused());
    }
    Ok(Asked {
        text: given.trim().to_owned(),
        amount,
        plan,
        name: name.to_owned(),
        keys: keys(rest).ok_or_else(refused)?,
    })
}

/// Reads a part of a contest, card or other block: `sprint[a].prize`, `cup[t1].part[a]`, `card[s, 2026-Q1].nps.score`.
///
/// Where there are keys behind the part, too, they name the record that the part is for; of those before, only a
/// second one, the period, is kept.
fn part_of_block(given: &str, folded: &str) -> Option<Asked> {
    let (block, rest) = folded.split_once('[')?;
    let (own, rest) = rest.split_once(']')?;
    let words = rest.trim().strip_prefix('.')?;
    let (words, further) = match words.split_once('[') {
        Some((words, further)) => (words, Some(further.trim_end().strip_suffix(']')?)),
        None => (words, None),
    };
    let words: Vec<&str> = words
        .split('.')
        .map(|word| {
            let word = word.trim();
            guerdon_syntax::keyword::builtin_field(word).unwrap_or(word)
        })
        .collect();
    let own = keys(own)?;
    let keys = match further {
        Some(further) => keys(further)?
            .into_iter()
            .chain(own.into_iter().skip(1))
            .collect(),
        None => own,
    };
    Some(Asked {
        text: given.trim().to_owned(),
        amount: Wanted::Earned,
        plan: Some(block.trim().to_owned()),
        name: words.join(" "),
        keys,
    })
}

/// Folds the brackets and commas of Chinese typing outside quotes.
pub(crate) fn folded(given: &str) -> String {
    given
        .trim()
        .chars()
        .map(|character| match character {
            '［' => '[',
            '］' => ']',
            '，' | '、' => ',',
            '“' | '”' => '"',
            other => other,
        })
        .collect()
}

/// Splits keys at commas outside quotes; none if a quote is left open.
pub(crate) fn keys(text: &str) -> Option<Vec<String>> {
    let mut keys = Vec::new();
    let mut key = String::new();
    let mut quote = None;
    for character in text.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(character),
            (None, ',') => keys.push(std::mem::take(&mut key).trim().to_owned()),
            _ => key.push(character),
        }
    }
    if !text.trim().is_empty() {
        keys.push(key.trim().to_owned());
    }
    quote.is_none().then_some(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_plan_and_keys_are_read() {
        let asked = read(" ae.pay[\"Li, Na\", 2026-03] ").unwrap();
        assert_eq!(
            (asked.plan.as_deref(), asked.name.as_str(), asked.keys.as_slice()),
            (
                Some("ae"),
                "pay",
                ["Li, Na".to_owned(), "2026-03".to_owned()].as_slice()
            )
        );
        let asked = read("due commission［p1，2026-03］").unwrap();
        assert_eq!(
            (asked.amount, asked.name.as_str(), asked.keys.len()),
            (Wanted::Due, "commission", 2)
        );
    }

    #[test]
    fn parts_of_blocks_are_read() {
        let asked = read("card[s, 2026-Q1].nps.score").unwrap();
        assert_eq!(
            (asked.plan.as_deref(), asked.name.as_str(), asked.keys),
            (
                Some("card"),
                "nps score",
                vec!["s".to_owned(), "2026-Q1".to_owned()]
            )
        );
        let asked = read("cup[t1, 2026-Q2].part[a]").unwrap();
        assert_eq!(
            (asked.name.as_str(), asked.keys),
            ("part", vec!["a".to_owned(), "2026-Q2".to_owned()])
        );
    }

    #[test]
    fn what_names_no_figure_is_refused() {
        for text in ["", "[p1]", "pay[p1", "the pay[p1]", "pay[\"p1]"] {
            let refused = read(text).err();
            let given = text.to_owned();
            assert_eq!(refused, Some(ExplainError::NotAFigure { given }));
        }
    }
}
