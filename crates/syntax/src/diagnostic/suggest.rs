//! Finding the name that was probably meant.

use super::Fix;
use crate::span::Span;
use crate::text;

/// Finds the candidate nearest to a name, if one is near enough to be a slip of the pen.
///
/// The same name in other capitals is nearest. Otherwise a third of the letters may be wrong, missing, too many or
/// swapped with their neighbour; in a name with Chinese characters one of them, if it has two or more. Of equally
/// near candidates the first is taken.
///
/// ```
/// use guerdon_syntax::suggest;
/// assert_eq!(suggest::nearest("quotta", ["sales", "quota"]), Some("quota"));
/// assert_eq!(suggest::nearest("目标一", ["目标值", "实绩"]), Some("目标值"));
/// assert_eq!(suggest::nearest("x", ["y"]), None);
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = folded(name);
    let allowed = allowed(&wanted);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().filter(|candidate| *candidate != name) {
        let letters = folded(candidate);
        if letters.len().abs_diff(wanted.len()) > allowed {
            continue;
        }
        let distance = distance(&wanted, &letters);
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Makes the fix that puts the nearest candidate in the place of an unknown name.
pub fn fix<'a>(name: &str, at: Span, candidates: impl IntoIterator<Item = &'a str>) -> Option<Fix> {
    let meant = nearest(name, candidates)?;
    Some(Fix::replace(
        text!("did you mean \"{meant}\"?", "是否想写“{meant}”？"),
        at,
        meant,
    ))
}

fn folded(name: &str) -> Vec<char> {
    name.chars().flat_map(char::to_lowercase).collect()
}

/// Says how many letters may differ.
fn allowed(letters: &[char]) -> usize {
    let is_alphabetic = letters.iter().all(char::is_ascii);
    match (is_alphabetic, letters.len()) {
        (false, 0 | 1) => 0,
        (false, _) => 1,
        (true, length) => length.div_euclid(3),
    }
}

/// Counts the letters to add, drop, change or swap with their neighbour to make one word of another
/// (Damerau–Levenshtein, optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut earlier: Option<char> = None;
    for (row, &letter) in left.iter().enumerate() {
        let next = next_row(row, letter, earlier, right, (&before_last, &last));
        before_last = std::mem::replace(&mut last, next);
        earlier = Some(letter);
    }
    last.last().copied().unwrap_or(0)
}

fn next_row(
    row: usize,
    letter: char,
    earlier: Option<char>,
    right: &[char],
    (before_last, last): (&[usize], &[usize]),
) -> Vec<usize> {
    let mut next = vec![row.saturating_add(1)];
    let mut previous: Option<char> = None;
    for (column, &other) in right.iter().enumerate() {
        let changed = at(last, column).saturating_add(usize::from(letter != other));
        let dropped = at(last, column.saturating_add(1)).saturating_add(1);
        let added = at(&next, column).saturating_add(1);
        let is_swap = earlier == Some(other) && previous == Some(letter);
        let swap = column.checked_sub(1).filter(|_| is_swap);
        let swapped = swap.map_or(usize::MAX, |before| at(before_last, before).saturating_add(1));
        next.push(changed.min(dropped).min(added).min(swapped));
        previous = Some(other);
    }
    next
}

fn at(row: &[usize], column: usize) -> usize {
    row.get(column).copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::FileId;

    fn letters_between(left: &str, right: &str) -> usize {
        distance(&folded(left), &folded(right))
    }

    #[test]
    fn distances_count_added_dropped_changed_and_swapped_letters() {
        assert_eq!(letters_between("measure", "mesure"), 1);
        assert_eq!(letters_between("quota", "quotas"), 1);
        assert_eq!(letters_between("tier", "teir"), 1);
        assert_eq!(letters_between("kitten", "sitting"), 3);
        assert_eq!(letters_between("", "abc"), 3);
        assert_eq!(letters_between("abc", ""), 3);
    }

    #[test]
    fn the_nearest_name_is_found() {
        let words = ["payee", "period", "measure", "earn", "Quota"];
        assert_eq!(nearest("mesure", words), Some("measure"));
        assert_eq!(nearest("quota", words), Some("Quota"));
        assert_eq!(nearest("peroid", words), Some("period"));
        assert_eq!(nearest("bonus", words), None);
    }

    #[test]
    fn a_chinese_name_may_differ_in_one_character() {
        assert_eq!(nearest("业积", ["业绩", "目标"]), Some("业绩"));
        assert_eq!(nearest("月业绩", ["业绩"]), Some("业绩"));
        assert_eq!(nearest("甲", ["乙"]), None);
        assert_eq!(nearest("利润", ["业绩"]), None);
    }

    #[test]
    fn the_fix_names_what_was_meant() {
        let at = Span::new(FileId(0), 3, 9);
        let fix = fix("mesure", at, ["measure"]).unwrap();
        assert_eq!(fix.title.en, "did you mean \"measure\"?");
        assert_eq!(
            (fix.edits[0].span, fix.edits[0].replacement.as_str()),
            (at, "measure")
        );
    }
}
