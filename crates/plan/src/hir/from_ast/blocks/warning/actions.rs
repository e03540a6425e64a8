//! What is to be done when a level is entered: records for the host, also in words.

use guerdon_syntax::ast::{self, ChainOp, CompareOp, Expr, ExprKind};
use guerdon_syntax::keyword::builtin_name;

use super::super::write::Writer;
use super::{ENTERED, Out, SHOWN, machine};
use crate::hir::Action;

/// The measure that gives the row of the responses that holds.
const RESPONSE: &str = "response row";

/// The measure that gives the actions of a period in words.
const ACTIONS: &str = "actions";

impl Out<'_, '_> {
    /// Writes which response holds in a period in which a level is entered, and to whom its actions go.
    pub(super) fn responses(&mut self) -> (Option<String>, Vec<Vec<Action<String>>>) {
        let Some((respond, span)) = self.lines.respond else {
            return (None, Vec::new());
        };
        let w = Writer::at(span);
        let style = "style of supervision";
        self.push(Writer::at(respond.by.span).measure(style, respond.by.clone()));
        let chosen = w.respond(w.value(style), last_word(&respond.by), w.value(SHOWN));
        let chosen = w.choice(w.value(ENTERED), chosen, w.missing());
        let chosen = w.choice(w.is_missing(w.value(SHOWN)), w.missing(), chosen);
        self.push(w.measure(RESPONSE, chosen));
        let mut addressees = Addressees::default();
        let rows = respond.rows.iter().map(|row| {
            let actions = row.actions.iter();
            actions
                .filter_map(|action| self.action(action, &mut addressees))
                .collect()
        });
        let rows = rows.collect();
        (Some(RESPONSE.to_owned()), rows)
    }

    fn action(&mut self, action: &ast::Action, addressees: &mut Addressees) -> Option<Action<String>> {
        Some(match &action.kind {
            ast::ActionKind::Notify(to) => {
                Action::Notify(to.iter().map(|to| self.addressee(to, addressees)).collect())
            }
            ast::ActionKind::Task(what, to, days) => {
                let days = u32::try_from(self.count(days, 0, machine::MAX_PERIODS)?).ok()?;
                Action::Task(what.value.clone(), self.addressee(to, addressees), days)
            }
            ast::ActionKind::Restrict(what) => Action::Restrict(what.value.clone()),
            ast::ActionKind::Suggest(what, to) => {
                Action::Suggest(what.value.clone(), self.addressee(to, addressees))
            }
            ast::ActionKind::Record => Action::Record,
        })
    }

    /// Names the measure that gives an addressee; one for all actions that address by the same path.
    fn addressee(&mut self, to: &Expr, addressees: &mut Addressees) -> String {
        let path = path(to);
        if let Some(path) = &path
            && let Some((_, name)) = addressees.known.iter().find(|(known, _)| known == path)
        {
            return name.clone();
        }
        addressees.count = addressees.count.saturating_add(1);
        let name = format!("addressee {}", addressees.count);
        let w = Writer::at(to.span);
        self.push(w.measure(&name, w.addressee(to.clone())));
        addressees.known.extend(path.map(|path| (path, name.clone())));
        name
    }

    /// Writes all actions of a period in words; an action for somebody who is missing is left out.
    pub(super) fn actions(
        &mut self,
        response: Option<&str>,
        rows: &[Vec<Action<String>>],
        escalations: usize,
    ) -> String {
        let span = self.lines.respond.map_or(self.head.span(), |(_, span)| span);
        let w = Writer::at(span);
        let mut parts = Vec::new();
        if let Some(response) = response {
            parts.push(self.row_in_words(w, response, rows));
        }
        for at in 1..=escalations {
            let name = format!("escalation {at}");
            let words = w.words(vec![w.text("escalate to "), w.value(&format!("{name} to"))]);
            let own = format!("{name} in words");
            self.push(w.measure(&own, w.choice(w.value(&name), words, w.missing())));
            parts.push(w.value(&own));
        }
        let all = self.joined(w, "all actions", parts, "; ");
        self.push(w.measure(ACTIONS, all.unwrap_or_else(|| w.words(Vec::new()))));
        ACTIONS.to_owned()
    }

    /// Writes the actions of the response that holds.
    fn row_in_words(&mut self, w: Writer, response: &str, rows: &[Vec<Action<String>>]) -> Expr {
        let mut chosen = w.words(Vec::new());
        for (at, row) in (1..).zip(rows) {
            let own = format!("actions {at}");
            let parts = (1..)
                .zip(row)
                .map(|(place, action)| self.in_words(w, &format!("{own} part {place}"), action));
            let parts = parts.collect();
            let words = self.joined(w, &own, parts, "; ");
            let name = format!("{own} in words");
            self.push(w.measure(&name, words.unwrap_or_else(|| w.words(Vec::new()))));
            let is_chosen = w.compare(w.value(response), CompareOp::Equal, w.number(at));
            chosen = w.choice(is_chosen, w.value(&name), chosen);
        }
        let name = "response in words";
        let is_none = w.is_missing(w.value(response));
        self.push(w.measure(name, w.choice(is_none, w.missing(), chosen)));
        w.value(name)
    }

    fn in_words(&mut self, w: Writer, own: &str, action: &Action<String>) -> Expr {
        match action {
            Action::Notify(to) => {
                let parts = to.iter().map(|to| w.words(vec![w.value(to)])).collect();
                let names = self.joined(w, own, parts, ", ");
                w.words(std::iter::once(w.text("notify ")).chain(names).collect())
            }
            Action::Task(what, to, days) => {
                let noun = if *days == 1 { "day" } else { "days" };
                w.words(vec![
                    w.text(&format!("task {what} for ")),
                    w.value(to),
                    w.text(&format!(" within {days} {noun}")),
                ])
            }
            Action::Restrict(what) => w.words(vec![w.text(&format!("restrict {what}"))]),
            Action::Suggest(what, to) => w.words(vec![w.text(&format!("suggest {what} to ")), w.value(to)]),
            Action::Record => w.words(vec![w.text("record")]),
        }
    }

    /// Joins texts that may be missing; those that are, are left out.
    fn joined(&mut self, w: Writer, own: &str, parts: Vec<Expr>, separator: &str) -> Option<Expr> {
        let mut so_far: Option<Expr> = None;
        for (at, part) in (1..).zip(parts) {
            so_far = Some(match so_far {
                None => part,
                Some(before) => {
                    let name = format!("{own} up to {at}");
                    let both = w.words(vec![before.clone(), w.text(separator), part.clone()]);
                    let either = w.chain(ChainOp::Otherwise, vec![both, before, part])?;
                    self.push(w.measure(&name, either));
                    w.value(&name)
                }
            });
        }
        so_far
    }
}

/// Knows the measures that give addressees.
#[derive(Default)]
struct Addressees {
    count: usize,
    /// By the path that is written: `subject.manager`.
    known: Vec<(String, String)>,
}

/// Gives the word by which people call what responses go by: the field `style` of `subject.manager.style otherwise …`.
fn last_word(by: &Expr) -> &str {
    if let ExprKind::Paren(inner) = &by.kind {
        last_word(inner)
    } else if let ExprKind::Chain(chain) = &by.kind {
        last_word(&chain.first)
    } else if let ExprKind::Name(word) | ExprKind::Field(_, word) = &by.kind {
        &word.text
    } else {
        "style"
    }
}

/// Writes a name with its fields as one text; nothing for anything else.
fn path(tree: &Expr) -> Option<String> {
    if let ExprKind::Field(base, word) = &tree.kind {
        return Some(format!("{}.{}", path(base)?, word.text));
    }
    if let ExprKind::Name(name) = &tree.kind {
        return Some(builtin_name(&name.text).unwrap_or(&name.text).to_owned());
    }
    None
}
