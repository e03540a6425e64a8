//! Whether what one payee is paid depends on that payee's own records alone, and on which.
//!
//! Records are split among payees by *links*: a field that names the payee, or a record that is itself split. What is not
//! split is everybody's. A value is right on one payee's share of the records if it is made of stored fields, of values of
//! the same owner, and of groups over cells of the same owner. Whatever is not surely so (places, shares, trees, teams) is
//! taken not to be, and the plan is run as a whole.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms that denote a record; which values are right is matched without one"
)]

use std::collections::BTreeMap;

use guerdon_plan::graph::{Expansion, Frame, FrameId, Graph, GroupKey, NodeId, Op, TextPart};
use guerdon_plan::hir::{DefinitionKind, Program};
use guerdon_plan::types::{FieldId, Scalar, TableId};

/// How the records are split: for each table the field by which a record has its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Split {
    /// The table of the payees.
    pub payees: TableId,
    /// The links, and the tables that they name.
    pub links: BTreeMap<TableId, (FieldId, TableId)>,
}

/// On which cells a value is right when a run sees one payee's records only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Right {
    /// On none that can be relied on.
    Nowhere,
    /// On those that belong to the payee.
    Own,
    /// On all that are there.
    Everywhere,
}

/// What a cell of a node denotes that has the same owner as the cell itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Own {
    Nothing,
    Row(TableId),
    Cell,
}

/// To whom the cells of a frame belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Home {
    Everybody,
    Owners,
    /// It is not known, or cells are missing.
    Unclear,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    right: Right,
    own: Own,
}

struct Analysis<'g> {
    program: &'g Program,
    graph: &'g Graph,
    split: &'g Split,
    known: Vec<Known>,
}

/// Finds a way to split the records, if pay depends on the payee's own ones alone.
pub(super) fn split(program: &Program, graph: &Graph) -> Option<Split> {
    if program
        .plans
        .iter()
        .any(|plan| plan.effective.from.is_none() || plan.block.is_some())
    {
        return None;
    }
    let mut payees = graph.outputs.iter().map(|output| output.payees);
    let first = payees.next()?;
    if payees.any(|other| other != first) {
        return None;
    }
    let split = Split {
        payees: first,
        links: links(program, first),
    };
    is_sound(program, graph, &split).then_some(split)
}

/// Finds for each table the first field that names a payee or a record that is split.
fn links(program: &Program, payees: TableId) -> BTreeMap<TableId, (FieldId, TableId)> {
    let mut links = BTreeMap::new();
    // Each round may find tables that are linked by those of the rounds before.
    for _ in 0..program.tables.len() {
        for (place, table) in program.tables.iter().enumerate() {
            let id = TableId::at(place);
            if id == payees || links.contains_key(&id) {
                continue;
            }
            let link = table.fields.iter().enumerate().find_map(|(field, declared)| {
                let Scalar::Row(target) = declared.ty.scalar else {
                    return None;
                };
                let is_split = target == payees || links.contains_key(&target);
                is_split.then_some((FieldId::at(field), target))
            });
            if let Some(link) = link {
                links.insert(id, link);
            }
        }
    }
    links
}

/// Says whether every amount that is paid is right on a payee's own records.
fn is_sound(program: &Program, graph: &Graph, split: &Split) -> bool {
    let unknown = Known {
        right: Right::Everywhere,
        own: Own::Nothing,
    };
    let mut analysis = Analysis {
        program,
        graph,
        split,
        known: vec![unknown; graph.nodes.len()],
    };
    // A balance looks forward in the list: assume the best, and take back until nothing changes.
    loop {
        let before = analysis.known.clone();
        for (place, node) in graph.nodes.iter().enumerate() {
            let mut found = analysis.node(&node.op, node.frame);
            if let Some(known) = analysis.known.get_mut(place) {
                found.right = found.right.min(known.right);
                *known = found;
            }
        }
        if analysis.known == before {
            break;
        }
    }
    let is_pay = |id| {
        matches!(
            program.definition(id).map(|found| &found.kind),
            Some(DefinitionKind::Pay(_))
        )
    };
    let mut pays = graph
        .outputs
        .iter()
        .flat_map(|output| output.values.iter())
        .filter(|(id, _)| is_pay(*id))
        .map(|(_, node)| *node)
        .peekable();
    pays.peek().is_some() && pays.all(|node| analysis.right(node) > Right::Nowhere)
}

impl Analysis<'_> {
    fn get(&self, id: NodeId) -> Known {
        self.known.get(id.index()).copied().unwrap_or(Known {
            right: Right::Nowhere,
            own: Own::Nothing,
        })
    }

    fn right(&self, id: NodeId) -> Right {
        self.get(id).right
    }

    fn worst(&self, ids: impl IntoIterator<Item = NodeId>) -> Right {
        let rights = ids.into_iter().map(|id| self.right(id));
        rights.min().unwrap_or(Right::Everywhere)
    }

    fn is_split(&self, table: TableId) -> bool {
        table == self.split.payees || self.split.links.contains_key(&table)
    }

    fn table_home(&self, table: TableId) -> Home {
        if self.is_split(table) {
            Home::Owners
        } else {
            Home::Everybody
        }
    }

    /// Finds to whom a frame's cells belong.
    fn home(&self, id: FrameId) -> Home {
        let mut id = id;
        let mut is_sure = true;
        // From a frame to what it is made from, at most as often as there are frames.
        for _ in 0..=self.graph.frames.len() {
            match self.graph.frame(id) {
                Some(Frame::Single | Frame::Axis(_)) => return sure(is_sure, Home::Everybody),
                Some(Frame::Rows(rows) | Frame::Cells { rows, .. }) => {
                    return sure(is_sure, self.table_home(*rows));
                }
                Some(Frame::Selected { of, keep }) => {
                    is_sure &= self.right(*keep) > Right::Nowhere;
                    id = *of;
                }
                Some(Frame::Expanded { of, by }) => {
                    is_sure &= self.is_whole(by);
                    id = *of;
                }
                None => return Home::Unclear,
            }
        }
        Home::Unclear
    }

    /// Says whether a cell's expansion on one payee's records is the one that it has on all.
    fn is_whole(&self, by: &Expansion) -> bool {
        match by {
            Expansion::AllRows(table) => !self.is_split(*table),
            Expansion::Matching { table, inner, outer } => {
                let both = inner.iter().chain(outer).copied();
                let is_right = self.worst(both) > Right::Nowhere;
                let is_tied = inner.iter().zip(outer).any(|(inner, outer)| {
                    let (inner, outer) = (self.get(*inner).own, self.get(*outer).own);
                    matches!(inner, Own::Row(_)) && inner == outer
                });
                is_right && (!self.is_split(*table) || is_tied)
            }
            Expansion::Below { .. } | Expansion::Above { .. } => false,
            Expansion::Periods { from, through, .. } => self.worst([*from, *through]) > Right::Nowhere,
            Expansion::Onward { from, .. } => self.right(*from) > Right::Nowhere,
            Expansion::Moments { from, events, .. } => {
                self.worst([*from].into_iter().chain(events.iter().copied())) > Right::Nowhere
            }
        }
    }

    fn node(&self, op: &Op, frame: FrameId) -> Known {
        let home = self.home(frame);
        if home == Home::Unclear {
            return Known {
                right: Right::Nowhere,
                own: Own::Nothing,
            };
        }
        let own = if home == Home::Owners {
            self.own(op, frame)
        } else {
            Own::Nothing
        };
        Known {
            right: self.rightness(op, home),
            own,
        }
    }

    /// Finds whether a node denotes something of the same owner.
    fn own(&self, op: &Op, frame: FrameId) -> Own {
        match op {
            Op::OwnRow => match self.graph.frame(frame) {
                Some(Frame::Rows(rows) | Frame::Cells { rows, .. }) => Own::Row(*rows),
                Some(Frame::Single | Frame::Axis(_) | Frame::Selected { .. } | Frame::Expanded { .. })
                | None => Own::Nothing,
            },
            Op::Stored { table, field } => match self.split.links.get(table) {
                Some((link, target)) if link == field => Own::Row(*target),
                Some(_) | None => Own::Nothing,
            },
            Op::Origin => Own::Cell,
            Op::Item => match self.graph.frame(frame) {
                Some(Frame::Expanded {
                    by: Expansion::Matching { table, .. },
                    ..
                }) if self.is_split(*table) => Own::Row(*table),
                _ => Own::Nothing,
            },
            Op::CellOf { row: Some(row), .. } => match self.get(*row).own {
                Own::Row(_) => Own::Cell,
                Own::Nothing | Own::Cell => Own::Nothing,
            },
            Op::At { source, cell } => {
                // A row is itself the cell of its frame.
                if self.get(*cell).own == Own::Nothing {
                    Own::Nothing
                } else {
                    self.get(*source).own
                }
            }
            Op::Find { table, keys, .. } => {
                if self.is_tied(*table, keys) {
                    Own::Row(*table)
                } else {
                    Own::Nothing
                }
            }
            Op::Require(value)
            | Op::Where { value, .. }
            | Op::Guard { value, .. }
            | Op::Poison { value, .. } => self.get(*value).own,
            _ => Own::Nothing,
        }
    }

    /// Says whether one of the keys of a look-up names the owner that the record found has.
    fn is_tied(&self, table: TableId, keys: &[NodeId]) -> bool {
        let Some((link, target)) = self.split.links.get(&table) else {
            return false;
        };
        let Some(declared) = self.program.table(table) else {
            return false;
        };
        // A look-up names all of the key but the days of a dated table.
        let is_day = |field: &FieldId| {
            declared
                .valid
                .is_some_and(|(from, until)| [from, until].contains(field))
        };
        let mut named = declared.key.iter().filter(|field| !is_day(field));
        let key = named
            .position(|field| field == link)
            .and_then(|place| keys.get(place));
        key.is_some_and(|key| self.get(*key).own == Own::Row(*target))
    }

    fn rightness(&self, op: &Op, home: Home) -> Right {
        match op {
            Op::Const(_)
            | Op::Stored { .. }
            | Op::OwnRow
            | Op::OwnPeriod
            | Op::RunEnd { .. }
            | Op::Origin
            | Op::Item => Right::Everywhere,
            Op::CellOf { row, period, .. } => self.worst(row.iter().chain(period).copied()),
            Op::At { source, cell } => {
                let at = self.right(*cell);
                let is_own = self.get(*cell).own != Own::Nothing;
                let is_everybodys = self
                    .graph
                    .node(*source)
                    .is_some_and(|node| self.home(node.frame) == Home::Everybody);
                match self.right(*source) {
                    Right::Nowhere => Right::Nowhere,
                    Right::Everywhere => at,
                    Right::Own if is_everybodys => at,
                    Right::Own if is_own && home == Home::Owners => at.min(Right::Own),
                    Right::Own => Right::Nowhere,
                }
            }
            Op::Find { table, keys, on } => {
                let keys_right = self.worst(keys.iter().copied().chain(*on));
                if !self.is_split(*table) {
                    keys_right
                } else if self.is_tied(*table, keys) {
                    keys_right.min(Right::Own)
                } else {
                    Right::Nowhere
                }
            }
            Op::Group {
                value,
                filter,
                key,
                from,
                order,
                ..
            } => {
                let inner = value
                    .iter()
                    .chain(filter)
                    .copied()
                    .chain(order.iter().map(|(node, _)| *node));
                let inner = self.worst(inner);
                let (key_right, is_own) = match key {
                    GroupKey::All => (Right::Everywhere, false),
                    GroupKey::Cell(cell) => (self.right(*cell), self.get(*cell).own != Own::Nothing),
                    GroupKey::Place { row, period } => {
                        let is_own = row.is_some_and(|row| matches!(self.get(row).own, Own::Row(_)));
                        (self.worst(row.iter().chain(period).copied()), is_own)
                    }
                };
                let right = inner.min(key_right).min(Right::Own);
                match self.home(*from) {
                    Home::Everybody => right,
                    Home::Owners if is_own && home == Home::Owners => right,
                    Home::Owners | Home::Unclear => Right::Nowhere,
                }
            }
            Op::Before {
                value,
                keep,
                order,
                by,
                ..
            } => {
                let inputs = order.iter().chain(by).chain(keep).copied().chain([*value]);
                let right = self.worst(inputs).min(Right::Own);
                let is_own = by.iter().any(|by| matches!(self.get(*by).own, Own::Row(_)));
                if home == Home::Everybody || is_own {
                    right
                } else {
                    Right::Nowhere
                }
            }
            // Exchange rates are everybody's.
            Op::ExchangeRate {
                records,
                of,
                from,
                on,
                ..
            } => match self.worst(records.nodes()) {
                Right::Nowhere => Right::Nowhere,
                Right::Everywhere | Right::Own => self.worst([*of, *from, *on]),
            },
            Op::Rank { .. } | Op::Share { .. } | Op::FindCell { .. } | Op::Lower(_) => Right::Nowhere,
            Op::LastMoment { origin, period, .. } => {
                if self.get(*origin).own == Own::Nothing {
                    Right::Nowhere
                } else {
                    self.worst([*origin, *period]).min(Right::Own)
                }
            }
            Op::Prior {
                of, initial, restart, ..
            } => self.worst([*of, *initial].into_iter().chain(*restart)),
            Op::Previous(of) | Op::Reached(of) | Op::Cumulate { of, .. } => self.right(*of),
            Op::Words(parts) => {
                let values = parts.iter().filter_map(|part| match part {
                    TextPart::Words(_) => None,
                    TextPart::Value(node) => Some(*node),
                });
                self.worst(values)
            }
            Op::Sum(terms) => self.worst(terms.iter().map(|(_, node)| *node)),
            Op::Product(terms) => self.worst(terms.iter().map(|(_, node)| *node)),
            Op::Bounded { value, limits } => {
                self.worst([*value].into_iter().chain(limits.iter().map(|(_, node)| *node)))
            }
            Op::And(nodes) | Op::Or(nodes) | Op::Otherwise(nodes) => self.worst(nodes.iter().copied()),
            Op::Not(node) | Op::IsMissing(node) | Op::Require(node) => self.right(*node),
            Op::Compare { left, right, .. } => self.worst([*left, *right]),
            Op::Within {
                value, from, through, ..
            } => self.worst([*value, *from, *through]),
            Op::If {
                condition,
                then,
                otherwise,
            } => self.worst([*condition, *then, *otherwise]),
            Op::Where { value, condition } | Op::Guard { value, condition } => {
                self.worst([*value, *condition])
            }
            Op::Poison { value, by } => self.worst([*value, *by]),
            Op::Recover { value, otherwise } => self.worst([*value, *otherwise]),
            Op::Prefer { normal, exceptions } => {
                let parts = exceptions.iter().flat_map(|other| [other.when, other.value]);
                self.worst([*normal].into_iter().chain(parts))
            }
            Op::Round { value, .. } => self.right(*value),
            Op::Slice {
                on, value, against, ..
            } => self.worst([*on, *value].into_iter().chain(*against)),
            Op::Decide { on, inputs, .. } => self.worst([*on].into_iter().chain(inputs.iter().copied())),
            Op::Dated { on, .. } => self.right(*on),
            Op::FirstDay { period, .. } | Op::LastDay { period, .. } | Op::Shift { period, .. } => {
                self.right(*period)
            }
            Op::Containing { day, .. } => self.right(*day),
            Op::DaysIn { from, through, .. } => self.worst([*from, *through]),
            Op::DaysBetween { from, to, .. } | Op::MonthsBetween { from, to } => self.worst([*from, *to]),
            Op::AddDays { day, days } => self.worst([*day, *days]),
            Op::AddMonths { day, months, .. } => self.worst([*day, *months]),
            Op::Call { args, .. } => self.worst(args.iter().copied()),
        }
    }
}

fn sure(is_sure: bool, home: Home) -> Home {
    if is_sure { home } else { Home::Unclear }
}
