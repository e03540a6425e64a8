//! The boundaries of tiers: every value in exactly one row.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use guerdon_syntax::{Code, Diagnostic, Fix, Language, Span, Text, ast, text};

use super::cells::{Ends, is_empty};
use super::words::{Side, kind_word, lower_word, meeting, open_word, show, upper_word};
use crate::hir::Edge;
use crate::hir::from_ast::Checker;
use crate::number::{Currency, Exact};
use crate::types::Scalar;

/// Is a row of tiers as read, with the places of its bounds.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) lower: Option<Side>,
    pub(super) upper: Option<Side>,
    pub(super) rate: Option<Exact>,
    pub(super) amount: Option<Exact>,
    pub(super) span: Span,
}

/// Is the end of one row and the beginning of the next.
struct Joint<'a> {
    def: &'a ast::TiersDef,
    end: &'a Side,
    start: &'a Side,
    next: &'a Row,
}

/// The quota of the examples in messages.
const EXAMPLE_QUOTA: i64 = 1_200_000;

impl Checker<'_> {
    /// Reads where a row of tiers applies: an interval, or a point as its own lower end.
    pub(super) fn tier_place(&mut self, def: &ast::TiersDef, row: &ast::TierRow) -> Option<Ends> {
        let is_point_kind = def.kind == ast::TierKind::Interpolated;
        match &row.place {
            ast::TierPlace::At(at) if is_point_kind => Some((Some(self.tier_point(at)?), None)),
            ast::TierPlace::Interval(interval) if !is_point_kind => {
                let (lower, upper) = self.read_interval(interval, None)?;
                if let Some(side) = lower.iter().chain(&upper).find(|side| !side.scalar.is_numeric()) {
                    return self.wrong_place(def, side.value_span, text!("a number is needed", "此处需要数"));
                }
                let is_open = lower.is_none() || upper.is_none();
                if is_open && def.kind == ast::TierKind::Fill {
                    return self.wrong_place(
                        def,
                        interval.span,
                        text!("a tier that fills has two ends", "可填满的一级需有两端"),
                    );
                }
                Some((lower, upper))
            }
            ast::TierPlace::At(at) => {
                self.wrong_place(def, at.span, text!("an interval is needed", "此处需要区间"))
            }
            ast::TierPlace::Interval(interval) => self.wrong_place(
                def,
                interval.span,
                text!("a point is needed: at 50%", "此处需要点，例如 at 50%"),
            ),
        }
    }

    fn wrong_place<T>(&mut self, def: &ast::TiersDef, at: Span, label: Text) -> Option<T> {
        let kind = kind_word(def.kind);
        let title = text!("this row does not fit {kind} tiers", "此行不适合{kind}阶梯"; kind);
        self.sink
            .push(Diagnostic::error(Code::E0307, title).primary(at, label));
        None
    }

    fn tier_point(&mut self, at: &ast::Expr) -> Option<Side> {
        let (scalar, number) = self.bound_number(at, None)?;
        Some(Side {
            at: number,
            edge: Edge::Included,
            scalar,
            span: at.span,
            value_span: at.span,
            word_span: at.span,
        })
    }

    /// Checks that the rows rise without gap or overlap; breaks off at rows out of order, where nothing more can be
    /// said of the boundaries.
    pub(super) fn check_rows(&mut self, def: &ast::TiersDef, rows: &[Row]) -> ControlFlow<()> {
        if def.kind == ast::TierKind::Interpolated {
            self.check_points(def, rows);
            return ControlFlow::Continue(());
        }
        rows.iter().for_each(|row| self.check_row(row));
        for (row, next) in rows.iter().zip(rows.iter().skip(1)) {
            match (&row.upper, &next.lower) {
                (Some(end), Some(start)) => self.check_joint(
                    row,
                    &Joint {
                        def,
                        end,
                        start,
                        next,
                    },
                )?,
                (None, _) => {
                    return self.open_inside(
                        row.span,
                        text!("only the last row may be open above", "只有最后一行可以上不封顶"),
                    );
                }
                (_, None) => {
                    return self.open_inside(
                        next.span,
                        text!("only the first row may be open below", "只有第一行可以下不设限"),
                    );
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn open_inside(&mut self, at: Span, title: Text) -> ControlFlow<()> {
        let fault = Diagnostic::error(Code::E0302, title);
        self.sink
            .push(fault.primary(at, text!("this row is not", "此行不是")));
        ControlFlow::Break(())
    }

    fn check_row(&mut self, row: &Row) {
        if let (Some(lower), Some(upper)) = (&row.lower, &row.upper)
            && is_empty(lower, upper)
        {
            self.empty_interval(lower, upper);
        }
    }

    fn check_joint(&mut self, row: &Row, joint: &Joint<'_>) -> ControlFlow<()> {
        let is_both = |edge| joint.end.edge == edge && joint.start.edge == edge;
        match joint.end.at.cmp(&joint.start.at) {
            Ordering::Less => self.push_gap(joint),
            Ordering::Equal if is_both(Edge::Excluded) => self.push_gap(joint),
            Ordering::Equal if is_both(Edge::Included) => self.push_shared(joint),
            Ordering::Equal => {}
            Ordering::Greater => {
                if let Some(lower) = row.lower.as_ref().filter(|lower| lower.at >= joint.start.at) {
                    self.push_not_rising(lower, joint.start);
                    return ControlFlow::Break(());
                }
                self.push_shared(joint);
            }
        }
        ControlFlow::Continue(())
    }

    fn push_gap(&mut self, joint: &Joint<'_>) {
        let name = &joint.def.name.text;
        let title = match self.exactly(joint) {
            Some(at) => text!(
                "tiers \"{name}\" leave out exactly {at}",
                "阶梯“{name}”恰好漏掉 {at}"
            ),
            None => {
                let (end, start) = (joint.end, joint.start);
                let stretch = self.told_stretch((end, meeting(end.edge)), (start, meeting(start.edge)));
                text!("tiers \"{name}\" leave out {stretch}", "阶梯“{name}”漏掉{stretch}的部分"; stretch)
            }
        };
        let mut fault = self.at_joint(Diagnostic::error(Code::E0305, title), joint);
        if let Some(example) = self.unpaid_example(joint) {
            fault = fault.note(example);
        }
        let fault = fault
            .fix(self.begin_on_boundary(joint))
            .reminder(edges_reminder());
        self.sink.push(fault);
    }

    fn push_shared(&mut self, joint: &Joint<'_>) {
        let name = &joint.def.name.text;
        let title = match self.exactly(joint) {
            Some(at) => text!(
                "tiers \"{name}\" have two rows for exactly {at}",
                "阶梯“{name}”在 {at} 处有两行"
            ),
            None => {
                let (start, end) = (joint.start, joint.end);
                let end = joint
                    .next
                    .upper
                    .as_ref()
                    .filter(|upper| upper.at < end.at)
                    .unwrap_or(end);
                let stretch = self.told_stretch((start, start.edge), (end, end.edge));
                text!("tiers \"{name}\" have two rows for {stretch}", "阶梯“{name}”在{stretch}的部分有两行"; stretch)
            }
        };
        let mut fault = self.at_joint(Diagnostic::error(Code::E0301, title), joint);
        let reaches = joint
            .next
            .upper
            .as_ref()
            .is_none_or(|upper| upper.at > joint.end.at);
        if reaches {
            fault = fault.fix(self.begin_on_boundary(joint));
        }
        self.sink.push(fault.reminder(edges_reminder()));
    }

    fn at_joint(&self, fault: Diagnostic, joint: &Joint<'_>) -> Diagnostic {
        let (end, start) = (self.told_side(joint.end), self.told_side(joint.start));
        let ends = match joint.end.edge {
            Edge::Included => text!("ends at {end}", "到 {end} 为止"),
            Edge::Excluded => text!("ends just under {end}", "到 {end} 之前为止"),
        };
        let starts = match joint.start.edge {
            Edge::Included => text!("starts at {start}", "从 {start} 开始"),
            Edge::Excluded => text!("starts just over {start}", "从 {start} 之后开始"),
        };
        fault
            .secondary(joint.end.span, ends)
            .primary(joint.start.span, starts)
    }

    /// Makes the next row begin where this one ends.
    fn begin_on_boundary(&self, joint: &Joint<'_>) -> Fix {
        let title = text!("begin on the boundary", "从边界开始");
        if self.is_in_sheet(joint.start.span) {
            return self.begin_in_sheet(title, joint);
        }
        let word = lower_word(
            self.sources.language(joint.start.span.file),
            meeting(joint.end.edge),
        );
        if joint.end.at == joint.start.at {
            let width = self.sources.slice(joint.start.word_span).chars().count();
            return Fix::replace(title, joint.start.word_span, format!("{word:width$}"));
        }
        let number = self.told_side(joint.end);
        Fix::replace(title, joint.start.span, format!("{word} {number}"))
    }

    /// Says in words what a cell or a heading of a sheet should be.
    fn begin_in_sheet(&self, title: Text, joint: &Joint<'_>) -> Fix {
        let number = self.told_side(joint.end);
        if joint.end.at != joint.start.at {
            return Fix::advice(
                title,
                text!("write {number} in this cell", "在此单元格写 {number}"),
            );
        }
        let word = |language| lower_word(language, meeting(joint.end.edge));
        let (en, zh) = (word(Language::En), word(Language::Zh));
        let advice = text!("head this column with \"{en}\"", "此列的表头写“{zh}”");
        Fix::advice(title, advice)
    }

    fn exactly(&self, joint: &Joint<'_>) -> Option<String> {
        (joint.end.at == joint.start.at).then(|| self.told_side(joint.start))
    }

    /// Says in words which numbers lie between two ends.
    fn told_stretch(&self, (low, low_edge): (&Side, Edge), (high, high_edge): (&Side, Edge)) -> Text {
        let (a, b) = (self.told_side(low), self.told_side(high));
        let words = |language| {
            let (from, below) = (lower_word(language, low_edge), upper_word(language, high_edge));
            format!("{from} {a} {below} {b}")
        };
        Text {
            en: format!("everything {}", words(Language::En)),
            zh: words(Language::Zh),
        }
    }

    fn unpaid_example(&self, joint: &Joint<'_>) -> Option<Text> {
        let sample = middle(&joint.end.at, &joint.start.at)?;
        match (joint.start.scalar, self.example_currency(joint.start.span)) {
            (Scalar::Percent, Some(currency)) => {
                let quota = Exact::from_i64(EXAMPLE_QUOTA);
                let done = show(&self.program, Scalar::Money(currency), &sample.mul(&quota).ok()?);
                let quota = show(&self.program, Scalar::Money(currency), &quota);
                Some(text!(
                    "A payee with {done} of {quota} would have no rate.",
                    "任务额 {quota}、完成 {done} 的人将没有费率。"
                ))
            }
            (scalar, _) => {
                let at = show(&self.program, scalar, &sample);
                Some(text!(
                    "A payee who reaches {at} would have no rate.",
                    "达到 {at} 的人将没有费率。"
                ))
            }
        }
    }

    /// Finds a currency for examples: that of the first plan in the file.
    fn example_currency(&self, at: Span) -> Option<Currency> {
        let file = self.files.iter().find(|file| file.span.file == at.file)?;
        let plans = file.items.iter().filter_map(|item| {
            if let ast::Item::Plan(plan) = item {
                Some(plan)
            } else {
                None
            }
        });
        let code = plans.flat_map(|plan| &plan.statements).find_map(currency_code)?;
        Currency::parse(&code.text).ok()
    }

    fn push_not_rising(&mut self, before: &Side, after: &Side) {
        let (low, high) = (self.told_side(after), self.told_side(before));
        let fault = Diagnostic::error(
            Code::E0302,
            text!("the rows of these tiers do not rise", "阶梯各行没有递增"),
        );
        self.sink.push(
            fault
                .secondary(before.span, text!("starts at {high}", "从 {high} 开始"))
                .primary(after.span, text!("starts at {low}", "从 {low} 开始"))
                .note(text!(
                    "Each row begins where the one before it ends.",
                    "每一行从上一行结束之处开始。"
                )),
        );
    }

    fn check_points(&mut self, def: &ast::TiersDef, rows: &[Row]) {
        if rows.len() < 2 {
            let fault = Diagnostic::error(
                Code::E0306,
                text!("a line needs two points", "一条线至少要两个点"),
            );
            self.sink
                .push(fault.primary(def.name.span, text!("too few points", "点数过少")));
        }
        let points: Vec<&Side> = rows.iter().filter_map(|row| row.lower.as_ref()).collect();
        for (point, next) in points.iter().zip(points.iter().skip(1)) {
            match point.at.cmp(&next.at) {
                Ordering::Less => {}
                Ordering::Equal | Ordering::Greater if is_score(def) => {
                    self.push_score_not_rising(point, next)
                }
                Ordering::Equal => self.push_same_place(point, next),
                Ordering::Greater => self.push_not_rising(point, next),
            }
        }
    }

    fn push_score_not_rising(&mut self, point: &Side, next: &Side) {
        let (first, second) = (self.told_side(point), self.told_side(next));
        let fault = Diagnostic::error(
            Code::E0506,
            text!("the points of a score do not rise", "计分点没有递增"),
        );
        self.sink.push(
            fault
                .secondary(point.span, text!("{first} stands before it", "{first} 在它之前"))
                .primary(next.span, text!("{second} must be greater", "{second} 必须更大"))
                .note(text!(
                    "Points go from the smallest value to the largest; what they are worth may rise or fall.",
                    "计分点按数值由小到大写；其分值可升可降。"
                )),
        );
    }

    fn push_same_place(&mut self, point: &Side, next: &Side) {
        let at = self.told_side(next);
        let fault = Diagnostic::error(Code::E0308, text!("two points stand at {at}", "{at} 处有两个点"));
        self.sink.push(
            fault
                .secondary(point.span, text!("first here", "首次于此"))
                .primary(next.span, text!("again here", "再次于此")),
        );
    }

    /// Reports tiers whose last row ends without a word about what follows.
    pub(super) fn push_no_end(&mut self, def: &ast::TiersDef, last: &Row) {
        let Some(end) = last.upper.as_ref().or(last.lower.as_ref()) else {
            return;
        };
        let (name, at) = (&def.name.text, self.told_side(end));
        let title = text!(
            "tiers \"{name}\" do not say what lies beyond {at}",
            "阶梯“{name}”没有说明 {at} 之后如何"
        );
        let mut fault = Diagnostic::error(Code::E0303, title)
            .primary(end.span, text!("the last row ends here", "最后一行到此为止"));
        if def.kind != ast::TierKind::Interpolated && def.kind != ast::TierKind::Fill {
            let title = text!("leave the last row open", "最后一行不设上限");
            let open = open_word(self.sources.language(end.span.file));
            fault = fault.fix(if self.is_in_sheet(end.span) {
                Fix::advice(title, text!("leave this cell empty", "此单元格留空"))
            } else {
                Fix::replace(title, end.span, open)
            });
        }
        self.sink.push(fault.fix(Fix::advice(
            text!("or say it in the heading", "或者在首行写明"),
            text!(
                "beyond clamp, beyond continue, beyond nothing or beyond error",
                "beyond clamp、beyond continue、beyond nothing 或 beyond error"
            ),
        )));
    }

    /// Reports tiers that are open and still say what lies beyond their end.
    pub(super) fn push_end_twice(&mut self, def: &ast::TiersDef, last: &Row) {
        let name = &def.name.text;
        let title = text!(
            "nothing lies beyond the last row of tiers \"{name}\"",
            "阶梯“{name}”的最后一行之后没有别的"
        );
        let fault = Diagnostic::error(Code::E0303, title)
            .primary(last.span, text!("this row has no end", "此行没有终点"));
        self.sink.push(fault.fix(Fix::advice(
            text!("leave \"beyond\" out of the heading", "删去首行的 beyond"),
            Text::default(),
        )));
    }

    fn told_side(&self, side: &Side) -> String {
        show(&self.program, side.scalar, &side.at)
    }
}

/// Says whether tiers are the points of a metric: no author can have given them their name.
fn is_score(def: &ast::TiersDef) -> bool {
    def.name.text.contains(' ')
}

fn edges_reminder() -> Text {
    text!(
        "\"from\" and \"through\" include the number, \"above\" and \"below\" leave it out.",
        "“满”和“不超过”包括本数，“超过”和“不满”不包括。"
    )
}

fn middle(low: &Exact, high: &Exact) -> Option<Exact> {
    low.add(high).ok()?.div(&Exact::from_i64(2)).ok()
}

fn currency_code(statement: &ast::PlanStatement) -> Option<&ast::Name> {
    let ast::PlanStatement::Currency(line) = statement else {
        return None;
    };
    if let ast::Currency::Code(code) = &line.currency {
        Some(code)
    } else {
        None
    }
}
