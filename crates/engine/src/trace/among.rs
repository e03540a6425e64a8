//! Places and shares: who stands next to a record, and what its share rests on.

use guerdon_plan::graph::{NodeId, Op};
use guerdon_plan::hir::{Direction, Rest, Sign};
use guerdon_plan::number::{Exact, Rounding};
use guerdon_syntax::keyword::Keyword;
use guerdon_syntax::{Language, Text, text};

use super::walk::{Spot, Walk};
use super::{Part, Step, StepKind};

impl Walk<'_> {
    /// Explains a place: how many are ranked, what the record itself has, and the records next to it with theirs.
    pub(super) fn ranked(&mut self, step: &mut Step, spot: Spot) {
        let Some(Op::Rank {
            keep, within, keys, ..
        }) = self.node(spot).map(|node| &node.op)
        else {
            return;
        };
        let (keep, within, keys) = (*keep, within.clone(), keys.clone());
        let mut cells = self.group_of(spot, keep, &within);
        let is_whole = |walk: &Self, cell: usize| {
            keys.iter()
                .all(|(key, _)| !walk.is_missing(walk.input(Spot { cell, ..spot }, *key)))
        };
        cells.retain(|cell| is_whole(self, *cell));
        if !cells.contains(&spot.cell) {
            step.note = text!("not among those that are ranked", "不在排名之列");
            return;
        }
        let all = cells.len();
        step.note = text!("of {all}", "共 {all} 名");
        cells.sort_by(|one, other| {
            let by = keys
                .iter()
                .map(|(key, direction)| self.compared(spot, *key, *direction, *one, *other))
                .find(|order| order.is_ne());
            by.unwrap_or_else(|| one.cmp(other))
        });
        let Some(at) = cells.iter().position(|cell| *cell == spot.cell) else {
            return;
        };
        let ahead = at.checked_sub(1).and_then(|before| cells.get(before)).copied();
        let behind = at.checked_add(1).and_then(|after| cells.get(after)).copied();
        let apart = |other: Option<usize>| other.map(|other| self.apart(spot, &keys, other));
        let (before, after) = (
            apart(ahead).unwrap_or_default(),
            apart(behind).unwrap_or_default(),
        );
        let near = [
            (ahead, text!("directly ahead{before}", "紧邻其前{before}"; before)),
            (Some(spot.cell), text!("this one", "本条")),
            (behind, text!("directly behind{after}", "紧邻其后{after}"; after)),
        ];
        for (cell, note) in near {
            let Some(cell) = cell else { continue };
            let record = self.competitor(spot, cell, &keys, note);
            step.children.push(record);
        }
    }

    /// Says what tells two records apart: by how much the first key differs, or which later key broke the tie.
    fn apart(&self, spot: Spot, keys: &[(NodeId, Direction)], other: usize) -> Text {
        let differs = |key: &NodeId| {
            self.compared(spot, *key, Direction::Ascending, spot.cell, other)
                .is_ne()
        };
        let Some(at) = keys.iter().position(|(key, _)| differs(key)) else {
            return text!(", equal", "，相同");
        };
        let Some((key, _)) = keys.get(at) else {
            return Text::default();
        };
        let value = |cell: usize| self.number(self.input(Spot { cell, ..spot }, *key));
        let scalar = self.scalar(self.input(spot, *key));
        let gap = value(other).zip(value(spot.cell));
        let gap = gap.and_then(|(one, other)| one.sub(&other).ok());
        let gap = gap.map(|gap| self.brief(&gap.abs(), scalar));
        let rule = self.label(self.peel(self.input(spot, *key)));
        match (at, gap) {
            (0, Some(gap)) => text!(", by {gap}", "，相差 {gap}"),
            (0, None) => Text::default(),
            (_, Some(gap)) => text!(
                ", the tie broken by {rule}: {gap} apart",
                "，并列由 {rule} 区分，相差 {gap}"; rule
            ),
            (_, None) => text!(", the tie broken by {rule}", "，并列由 {rule} 区分"; rule),
        }
    }

    /// Explains a share: the amount, the weight among all weights, and the steps that the remainders gave.
    pub(super) fn shared(&mut self, step: &mut Step, spot: Spot, depth: usize) {
        let Some(Op::Share {
            keep,
            within,
            amount,
            weight,
            rounding,
            rest,
            ..
        }) = self.node(spot).map(|node| &node.op)
        else {
            return;
        };
        let (keep, within, amount, weight) = (*keep, within.clone(), *amount, *weight);
        let (rounded, left) = (rounded(*rounding), left(*rest));
        let cells = self.group_of(spot, keep, &within);
        if !cells.contains(&spot.cell) {
            step.note = text!("not among those that share", "不在分摊之列");
            return;
        }
        let of = |cell: usize| self.number(self.input(Spot { cell, ..spot }, weight));
        let all = cells
            .iter()
            .map(|cell| of(*cell))
            .try_fold(Exact::ZERO, |sum, own| sum.add(&own.unwrap_or(Exact::ZERO)).ok());
        let own = of(spot.cell).unwrap_or(Exact::ZERO);
        let count = cells.len();
        if let Some(all) = &all {
            let scalar = self.scalar(self.input(spot, weight));
            let (own, all) = (self.brief(&own, scalar), self.brief(all, scalar));
            step.note = text!(
                "{own} of {all}, among {count}; {rounded}{left}",
                "占 {all} 中的 {own}，共 {count} 份；{rounded}{left}"; rounded, left
            );
        }
        let amount = self.step(self.input(spot, amount), Sign::Plus, Part::Detail, depth);
        let weight = self.step(self.input(spot, weight), Sign::Plus, Part::Detail, depth);
        step.children.extend([amount, weight]);
    }

    /// Lists the cells of the group that a cell belongs to.
    fn group_of(&self, spot: Spot, keep: Option<NodeId>, within: &[NodeId]) -> Vec<usize> {
        let Some(frame) = self.node(spot).map(|node| node.frame) else {
            return Vec::new();
        };
        let at = |cell: usize, node: NodeId| self.input(Spot { cell, ..spot }, node);
        let is_kept = |cell: usize| keep.is_none_or(|keep| self.truth(at(cell, keep)) == Some(true));
        let own: Vec<String> = within
            .iter()
            .map(|node| self.shown(at(spot.cell, *node)))
            .collect();
        let is_same = |cell: usize| {
            within
                .iter()
                .zip(&own)
                .all(|(node, own)| self.shown(at(cell, *node)) == *own)
        };
        (0..self.state.frame_len(frame))
            .filter(|cell| is_kept(*cell) && is_same(*cell))
            .collect()
    }

    fn compared(
        &self,
        spot: Spot,
        key: NodeId,
        direction: Direction,
        one: usize,
        other: usize,
    ) -> std::cmp::Ordering {
        let at = |cell: usize| self.input(Spot { cell, ..spot }, key);
        let order = match (self.number(at(one)), self.number(at(other))) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => self.shown(at(one)).cmp(&self.shown(at(other))),
        };
        match direction {
            Direction::Ascending => order,
            Direction::Descending => order.reverse(),
        }
    }

    /// Shows a record next to the one asked about, with what it is compared by.
    fn competitor(&self, spot: Spot, cell: usize, keys: &[(NodeId, Direction)], note: Text) -> Step {
        let frame = self.node(spot).map(|node| node.frame);
        let names = frame.map(|frame| self.keys(frame, cell)).unwrap_or_default();
        let values: Vec<String> = keys
            .iter()
            .map(|(key, _)| self.shown(self.input(Spot { cell, ..spot }, *key)))
            .collect();
        Step {
            label: Text::same(names.join(", ")),
            value: Some(values.join(", ")),
            exact: None,
            part: Part::Detail,
            kind: StepKind::Record,
            note,
            because: None,
            reference: None,
            span: None,
            children: Vec::new(),
        }
    }
}

/// Says how each share is rounded, where it is not just cut.
fn rounded(mode: Rounding) -> Text {
    let word = match mode {
        Rounding::Down => return Text::default(),
        Rounding::HalfUp => Keyword::HalfUp,
        Rounding::HalfDown => Keyword::HalfDown,
        Rounding::HalfEven => Keyword::HalfEven,
        Rounding::HalfOdd => Keyword::HalfOdd,
        Rounding::HalfCeiling => Keyword::HalfCeiling,
        Rounding::HalfFloor => Keyword::HalfFloor,
        Rounding::Up => Keyword::RoundUp,
        Rounding::Ceiling => Keyword::RoundCeiling,
        Rounding::Floor => Keyword::RoundFloor,
    };
    let (en, zh) = (word.word(Language::En), word.word(Language::Zh));
    Text {
        en: format!("each rounded {en}, "),
        zh: format!("每份{zh}，"),
    }
}

/// Says who gets what is left.
fn left(rest: Rest) -> Text {
    match rest {
        Rest::LargestRemainder => text!(
            "steps that are left go to the largest remainders",
            "余下的最小单位归最大余数"
        ),
        Rest::Largest => text!("what is left goes to the largest", "余下的归最大者"),
        Rest::First => text!("what is left goes to the first", "余下的归首位"),
        Rest::Last => text!("what is left goes to the last", "余下的归末位"),
    }
}
