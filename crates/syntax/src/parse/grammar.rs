//! The pest grammar, and small helpers to walk what it reads.

use std::iter::Peekable;

use pest::iterators::{Pair, Pairs};

/// Reads logical lines.
#[derive(pest_derive::Parser)]
#[grammar = "grammar.pest"]
#[grammar = "grammar/keyword.pest"]
pub(crate) struct Grammar;

/// Holds one node of what pest read.
pub(crate) type Node<'i> = Pair<'i, Rule>;

/// Walks the parts of a node, passing over keywords and punctuation.
pub(crate) struct Parts<'i> {
    inner: Peekable<Pairs<'i, Rule>>,
}

/// Begins a walk over the parts of a node.
pub(crate) fn parts(node: Node<'_>) -> Parts<'_> {
    Parts {
        inner: node.into_inner().peekable(),
    }
}

impl<'i> Parts<'i> {
    /// Takes the next part if it is of this rule.
    pub(crate) fn take(&mut self, rule: Rule) -> Option<Node<'i>> {
        while self
            .inner
            .next_if(|node| is_noise(node.as_rule()) && node.as_rule() != rule)
            .is_some()
        {}
        self.inner.next_if(|node| node.as_rule() == rule)
    }

    /// Takes all that follow of this rule.
    pub(crate) fn take_all(&mut self, rule: Rule) -> Vec<Node<'i>> {
        std::iter::from_fn(|| self.take(rule)).collect()
    }

    /// Takes the next part of any rule, keywords and punctuation passed over.
    pub(crate) fn next(&mut self) -> Option<Node<'i>> {
        while self.inner.next_if(|node| is_noise(node.as_rule())).is_some() {}
        self.inner.next()
    }
}

/// Tells whether a keyword or another part stands directly inside a node.
pub(crate) fn has(node: &Node<'_>, rule: Rule) -> bool {
    node.clone().into_inner().any(|part| part.as_rule() == rule)
}

/// Gives the rule of the first part of a node.
pub(crate) fn first_rule(node: &Node<'_>) -> Option<Rule> {
    node.clone().into_inner().next().map(|part| part.as_rule())
}

/// Gives the first part of a node that one of these rules reads.
pub(crate) fn find(node: &Node<'_>, wanted: impl Fn(Rule) -> bool) -> Option<Rule> {
    node.clone()
        .into_inner()
        .map(|part| part.as_rule())
        .find(|rule| wanted(*rule))
}

/// Tells whether a rule reads a keyword. The keywords are the last rules of the grammar.
pub(crate) fn is_keyword(rule: Rule) -> bool {
    rule >= Rule::kw_above
}

fn is_noise(rule: Rule) -> bool {
    let is_punctuation = matches!(
        rule,
        Rule::colon
            | Rule::equals
            | Rule::bar
            | Rule::arrow
            | Rule::comma
            | Rule::semicolon
            | Rule::open
            | Rule::close
            | Rule::EOI
    );
    is_keyword(rule) || is_punctuation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyword::{Keyword, RESERVED};

    const GRAMMAR: &str = include_str!("../grammar.pest");
    const KEYWORDS: &str = include_str!("../grammar/keyword.pest");

    fn keyword_rules() -> Vec<&'static str> {
        let names = KEYWORDS.lines().filter_map(|line| line.strip_prefix("kw_"));
        names.filter_map(|rest| rest.split('"').nth(1)).collect()
    }

    #[test]
    fn every_keyword_of_the_grammar_is_in_the_table_and_so_has_its_translation() {
        let known: Vec<&str> = Keyword::ALL
            .iter()
            .flat_map(|keyword| keyword.english().split(' '))
            .collect();
        let missing: Vec<&str> = keyword_rules()
            .into_iter()
            .filter(|word| !known.contains(word))
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn every_word_of_the_table_is_read_by_the_grammar() {
        let by_hand = ["language", "end", "bool", "int"];
        let rules = keyword_rules();
        let words = Keyword::ALL
            .iter()
            .flat_map(|keyword| keyword.english().split(' '));
        let unread: Vec<&str> = words
            .filter(|word| !rules.contains(word) && !by_hand.contains(word))
            .collect();
        assert_eq!(unread, Vec::<&str>::new());
    }

    #[test]
    fn the_reserved_words_are_those_of_the_grammar() {
        let line = GRAMMAR
            .lines()
            .find(|line| line.starts_with("reserved "))
            .unwrap();
        let mut in_grammar: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        let mut in_table = RESERVED.to_vec();
        in_grammar.sort_unstable();
        in_table.sort_unstable();
        assert_eq!(in_grammar, in_table);
    }

    #[test]
    fn keywords_are_the_last_rules() {
        for rule in Rule::all_rules() {
            assert_eq!(
                is_keyword(*rule),
                format!("{rule:?}").starts_with("kw_"),
                "{rule:?}"
            );
        }
    }
}
