//! Rule files as pieces: declarations, and the statements of plans, in their common form.

use std::collections::BTreeMap;

use guerdon_syntax::ast::{File, Item, Name, PlanStatement, TableBody};
use guerdon_syntax::format::format;
use guerdon_syntax::source::is_sheet;
use guerdon_syntax::{FileId, Language, Sink, SourceMap, Span, Text, parse, text};

use super::{Change, Clause, Place};
use crate::plan::{Plan, Source};

/// Holds rules as pieces, in the order of the files.
pub(super) struct Script {
    /// The name of the first rule file.
    pub(super) name: String,
    /// The language of the first rule file.
    pub(super) language: Language,
    pub(super) items: Vec<Part>,
    pub(super) sheets: Vec<Source>,
}

/// Is a declaration, or a plan with its statements.
pub(super) enum Part {
    Item(Piece),
    Plan {
        head: Piece,
        extends: Option<String>,
        statements: Vec<Piece>,
    },
}

/// Is one declaration or statement.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The plan that it stands in; empty for a declaration.
    pub(super) owner: String,
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) text: String,
    pub(super) place: Place,
    /// Where its name stands in the text.
    pub(super) named: Option<(usize, usize)>,
    /// Where its value stands in the text.
    pub(super) value: Option<(usize, usize)>,
    /// Where the name of the statement that it is about stands in the text.
    pub(super) target: Option<(usize, usize)>,
}

/// Is a piece by its place: the part, and the statement in it.
pub(super) type Spot = (usize, Option<usize>);

/// Names pieces: the plan, the kind, the name.
type Called<'s> = (usize, &'static str, &'s str);

/// Is a piece that differs.
#[derive(Debug, Clone)]
pub(super) enum Difference {
    Piece(Option<Spot>, Option<Spot>),
    Sheet(usize, usize),
}

impl Script {
    /// Reads the pieces of compiled rules; nothing where a file cannot be put into the common form.
    pub(super) fn of(plan: &Plan) -> Option<Self> {
        let map = plan.sources();
        let mut script = Self {
            name: String::new(),
            language: Language::En,
            items: Vec::new(),
            sheets: Vec::new(),
        };
        for (id, file) in map.files() {
            if is_sheet(file.name()) {
                script.sheets.push(Source::new(file.name(), file.text()));
                continue;
            }
            if script.name.is_empty() {
                script.name = file.name().to_owned();
                script.language = file.language();
            }
            script.read(map, id)?;
        }
        Some(script)
    }

    fn read(&mut self, map: &SourceMap, id: FileId) -> Option<()> {
        let written = parse(map, id, &mut Sink::default());
        let text = format(&written, Language::En).ok()?;
        let mut common = SourceMap::default();
        let file = common.add(map.name(id), text.as_bytes()).ok()?;
        let tree: File = parse(&common, file, &mut Sink::default());
        let pieces = Pieces {
            written: map,
            common: &common,
        };
        for (item, original) in tree.items.iter().zip(&written.items) {
            if !matches!(item, Item::Use(_) | Item::Test(_)) {
                self.items.push(pieces.part(item, original));
            }
        }
        Some(())
    }

    pub(super) fn piece(&self, (part, statement): Spot) -> Option<&Piece> {
        match (self.items.get(part)?, statement) {
            (Part::Item(piece) | Part::Plan { head: piece, .. }, None) => Some(piece),
            (Part::Plan { statements, .. }, Some(at)) => statements.get(at),
            (Part::Item(_), Some(_)) => None,
        }
    }

    /// Lists the places of all pieces.
    pub(super) fn spots(&self) -> Vec<Spot> {
        let mut spots = Vec::new();
        for (at, part) in self.items.iter().enumerate() {
            spots.push((at, None));
            if let Part::Plan { statements, .. } = part {
                spots.extend((0..statements.len()).map(|statement| (at, Some(statement))));
            }
        }
        spots
    }

    /// Gives the rules as one file, with some texts replaced and others added to plans or at the end.
    pub(super) fn text(
        &self,
        replaced: &BTreeMap<Spot, String>,
        added: &BTreeMap<usize, Vec<String>>,
        more: &[String],
    ) -> String {
        let mut out = String::new();
        let mut say = |words: &str| {
            out.push_str(words);
            out.push('\n');
        };
        let of =
            |spot: Spot, piece: &Piece| replaced.get(&spot).cloned().unwrap_or_else(|| piece.text.clone());
        for (at, part) in self.items.iter().enumerate() {
            match part {
                Part::Item(piece) => say(&of((at, None), piece)),
                Part::Plan { head, statements, .. } => {
                    say(&of((at, None), head));
                    for (place, statement) in statements.iter().enumerate() {
                        say(&of((at, Some(place)), statement));
                    }
                    added.get(&at).into_iter().flatten().for_each(|words| say(words));
                    say("end");
                }
            }
        }
        more.iter().for_each(|words| say(words));
        out
    }

    /// Gives the rules with some of the differences taken over from others.
    pub(super) fn with(&self, other: &Script, done: &[Difference]) -> Vec<Source> {
        let mut replaced: BTreeMap<Spot, String> = BTreeMap::new();
        let mut added: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut more = Vec::new();
        let mut sheets = self.sheets.clone();
        for difference in done {
            match difference {
                Difference::Sheet(old, new) => {
                    if let (Some(sheet), Some(other)) = (sheets.get_mut(*old), other.sheets.get(*new)) {
                        sheet.text.clone_from(&other.text);
                    }
                }
                Difference::Piece(Some(old), new) => {
                    let words = new.and_then(|new| other.whole(new));
                    replaced.insert(*old, words.unwrap_or_default());
                }
                Difference::Piece(None, Some(new)) => {
                    let Some(words) = other.whole(*new) else { continue };
                    match new.1.and_then(|_| self.plan_like(other, new.0)) {
                        Some(plan) => added.entry(plan).or_default().push(words),
                        None => more.push(words),
                    }
                }
                Difference::Piece(None, None) => {}
            }
        }
        // A plan that is gone or new as a whole has no statements of its own here.
        let text = self.text(&replaced, &added, &more);
        std::iter::once(Source::new(self.name.clone(), text))
            .chain(sheets)
            .collect()
    }

    fn whole(&self, spot: Spot) -> Option<String> {
        self.piece(spot).map(|piece| piece.text.clone())
    }

    fn plan_like(&self, other: &Script, part: usize) -> Option<usize> {
        paired(self, other)
            .into_iter()
            .find(|(_, new)| *new == part)
            .map(|(old, _)| old)
    }
}

/// Reads pieces of one file in its common form, beside the file as it is written.
struct Pieces<'m> {
    written: &'m SourceMap,
    common: &'m SourceMap,
}

impl Pieces<'_> {
    fn part(&self, item: &Item, original: &Item) -> Part {
        let name = item.name().map_or("", |name| name.text.as_str());
        let named = item.name();
        let (Item::Plan(plan), Item::Plan(written)) = (item, original) else {
            let value = if let Item::Const(constant) = item {
                Some(constant.value.span)
            } else if let Item::Table(table) = item
                && let TableBody::File(path) = &table.body
            {
                Some(path.span)
            } else {
                None
            };
            return Part::Item(self.piece(
                "",
                kind(item),
                name,
                (item.span(), original.span()),
                [named.map(|name| name.span), value, None],
            ));
        };
        let first = plan
            .statements
            .first()
            .map_or(plan.span.end, |first| first.span().start);
        let head = Span::new(plan.span.file, plan.span.start, first);
        let statements = plan.statements.iter().zip(&written.statements);
        Part::Plan {
            head: self.piece(
                "",
                "plan",
                name,
                (head, original.span()),
                [named.map(|name| name.span), None, None],
            ),
            extends: plan.extends.as_ref().map(|base| base.text.clone()),
            statements: statements
                .map(|(one, written)| self.statement(name, one, written.span()))
                .collect(),
        }
    }

    fn statement(&self, owner: &str, statement: &PlanStatement, written: Span) -> Piece {
        let (kind, name, value, target): (_, Option<&Name>, Option<Span>, Option<&Name>) = match statement {
            PlanStatement::Payee(_) => ("payee", None, None, None),
            PlanStatement::Currency(_) => ("currency", None, None, None),
            PlanStatement::Effective(_) => ("effective", None, None, None),
            PlanStatement::Period(_) => ("period", None, None, None),
            PlanStatement::Rounding(_) => ("rounding", None, None, None),
            PlanStatement::Missing(_) => ("missing", None, None, None),
            PlanStatement::Policy(_) => ("policy", None, None, None),
            PlanStatement::Segments(_) => ("segments", None, None, None),
            PlanStatement::Rows(one) => ("rows", Some(&one.name), None, None),
            PlanStatement::Let(one) => ("let", Some(&one.name), Some(one.value.span), None),
            PlanStatement::Measure(one) => ("measure", Some(&one.name), Some(one.value.span), None),
            PlanStatement::Earn(one) => ("earn", Some(&one.name), None, None),
            PlanStatement::Cap(one) => ("cap", one.targets.first(), None, None),
            PlanStatement::Release(one) => ("release", Some(&one.target), None, None),
            PlanStatement::Clawback(one) => ("clawback", Some(&one.target), None, None),
            PlanStatement::Hold(one) => ("hold", Some(&one.target), None, None),
            PlanStatement::BreakDown(one) => ("break down", Some(&one.target), None, None),
            PlanStatement::Amortise(one) => ("amortise", Some(&one.target), None, None),
            PlanStatement::Carry(one) => ("carry", Some(&one.name), None, None),
            PlanStatement::Pay(one) => ("pay", Some(&one.name), None, None),
            PlanStatement::Except(one) => ("except", Some(&one.name), None, Some(&one.target)),
            PlanStatement::Check(_) => ("check", None, None, None),
            PlanStatement::Review(one) => ("review", Some(&one.target), None, None),
            PlanStatement::Replace(one) => ("replace", Some(&one.old), None, None),
        };
        let named = name.map(|name| name.span);
        let name = name.map_or("", |name| name.text.as_str());
        let spans = (statement.span(), written);
        self.piece(
            owner,
            kind,
            name,
            spans,
            [named, value, target.map(|target| target.span)],
        )
    }

    fn piece(
        &self,
        owner: &str,
        kind: &'static str,
        name: &str,
        (span, written): (Span, Span),
        [named, value, target]: [Option<Span>; 3],
    ) -> Piece {
        let within = |inner: Option<Span>| {
            let inner = inner?;
            let start = usize::try_from(inner.start.checked_sub(span.start)?).ok()?;
            let end = usize::try_from(inner.end.checked_sub(span.start)?).ok()?;
            Some((start, end))
        };
        Piece {
            owner: owner.to_owned(),
            kind,
            name: name.to_owned(),
            text: self.common.slice(span).trim_end().to_owned(),
            place: Place {
                file: self.written.name(written.file).to_owned(),
                line: self.written.position(written.file, written.start).line,
            },
            named: within(named),
            value: within(value),
            target: within(target),
        }
    }
}

impl Difference {
    /// Tells the difference as a clause.
    pub(super) fn clause(&self, before: &Script, after: &Script) -> Clause {
        match self {
            Self::Sheet(old, new) => {
                let name = |script: &Script, at: usize| script.sheets.get(at).map(|sheet| sheet.name.clone());
                let (old, new) = (name(before, *old), name(after, *new));
                let shown = new.clone().or_else(|| old.clone()).unwrap_or_default();
                let place = |file| Place { file, line: 1 };
                Clause {
                    what: text!("the file {shown}", "文件 {shown}"),
                    change: Change::Changed,
                    older: old.map(place),
                    newer: new.map(place),
                    before: String::new(),
                    after: String::new(),
                }
            }
            Self::Piece(old, new) => {
                let (old, new) = (
                    old.and_then(|spot| before.piece(spot)),
                    new.and_then(|spot| after.piece(spot)),
                );
                let change = match (old, new) {
                    (Some(_), Some(_)) => Change::Changed,
                    (None, _) => Change::Added,
                    (Some(_), None) => Change::Removed,
                };
                Clause {
                    what: new.or(old).map(Piece::what).unwrap_or_default(),
                    change,
                    older: old.map(|piece| piece.place.clone()),
                    newer: new.map(|piece| piece.place.clone()),
                    before: old.map(|piece| piece.text.clone()).unwrap_or_default(),
                    after: new.map(|piece| piece.text.clone()).unwrap_or_default(),
                }
            }
        }
    }
}

impl Piece {
    /// Names the piece: `earn commission of ae_2026`.
    pub(super) fn what(&self) -> Text {
        let (kind, name, owner) = (self.kind, &self.name, &self.owner);
        let zh = zh(kind);
        let head = if name.is_empty() {
            text!("{kind}", "{zh}")
        } else {
            text!("{kind} {name}", "{zh} {name}")
        };
        if owner.is_empty() {
            head
        } else {
            text!("{head} of {owner}", "{owner} 的{head}"; head)
        }
    }

    /// Gives the text without comments and with single blanks: what of it has a meaning.
    fn meaning(&self) -> String {
        let lines = self.text.lines().map(without_comment);
        let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
        words.join(" ")
    }
}

/// Lists what differs: pieces of the newer rules in their order, then those that are gone.
pub(super) fn differences(before: &Script, after: &Script) -> Vec<Difference> {
    let pairs = paired(before, after);
    let alone_old = |part: usize| !pairs.iter().any(|(old, _)| *old == part);
    let alone_new = |part: usize| !pairs.iter().any(|(_, new)| *new == part);
    let mut groups: BTreeMap<Called<'_>, (Vec<Spot>, Vec<Spot>)> = BTreeMap::new();
    let owner_new = |part: usize| {
        pairs
            .iter()
            .find(|(_, new)| *new == part)
            .map_or(usize::MAX, |(old, _)| *old)
    };
    for spot in before
        .spots()
        .into_iter()
        .filter(|(part, at)| at.is_none() || !alone_old(*part))
    {
        if let Some(piece) = before.piece(spot) {
            let owner = if spot.1.is_some() { spot.0 } else { usize::MAX };
            groups
                .entry((owner, piece.kind, &piece.name))
                .or_default()
                .0
                .push(spot);
        }
    }
    for spot in after
        .spots()
        .into_iter()
        .filter(|(part, at)| at.is_none() || !alone_new(*part))
    {
        if let Some(piece) = after.piece(spot) {
            let owner = if spot.1.is_some() {
                owner_new(spot.0)
            } else {
                usize::MAX
            };
            // A plan that is called otherwise is the same plan.
            let head = before.piece((owner_new(spot.0), None));
            let name = head.filter(|_| spot.1.is_none()).unwrap_or(piece);
            groups
                .entry((owner, piece.kind, &name.name))
                .or_default()
                .1
                .push(spot);
        }
    }
    let mut all: Vec<Difference> = groups
        .into_values()
        .flat_map(|(old, new)| unlike(before, after, old, new))
        .collect();
    all.sort_by_key(|difference| match difference {
        Difference::Piece(_, Some(new)) => (0, *new),
        Difference::Piece(Some(old), None) => (2, *old),
        Difference::Piece(None, None) | Difference::Sheet(..) => (1, (0, None)),
    });
    all.extend(sheets(before, after));
    all
}

/// Lists the plans that are called otherwise in the newer rules, by their older names.
pub(super) fn renamed(before: &Script, after: &Script) -> BTreeMap<String, String> {
    let name = |script: &Script, part: usize| Some(script.piece((part, None))?.name.clone());
    let pairs = paired(before, after).into_iter();
    let names = pairs.filter_map(|(old, new)| Some((name(before, old)?, name(after, new)?)));
    names.filter(|(old, new)| old != new).collect()
}

/// Pairs the plans of one name, and two that are left over alone.
fn paired(before: &Script, after: &Script) -> Vec<(usize, usize)> {
    let plans = |script: &Script| -> Vec<(usize, String)> {
        let parts = script.items.iter().enumerate();
        parts
            .filter_map(|(at, part)| match part {
                Part::Plan { head, .. } => Some((at, head.name.clone())),
                Part::Item(_) => None,
            })
            .collect()
    };
    let (mut old, mut new) = (plans(before), plans(after));
    let mut pairs = Vec::new();
    old.retain(|(at, name)| {
        let found = new.iter().position(|(_, other)| other == name);
        found
            .map(|place| new.remove(place))
            .inspect(|(other, _)| pairs.push((*at, *other)))
            .is_none()
    });
    if let ([(one, _)], [(other, _)]) = (old.as_slice(), new.as_slice()) {
        pairs.push((*one, *other));
    }
    pairs
}

/// Pairs the pieces of one name that do not read alike.
fn unlike(before: &Script, after: &Script, mut old: Vec<Spot>, mut new: Vec<Spot>) -> Vec<Difference> {
    let meaning = |script: &Script, spot: Spot| script.piece(spot).map(Piece::meaning);
    old.retain(|spot| {
        let mine = meaning(before, *spot);
        let found = new.iter().position(|other| meaning(after, *other) == mine);
        found.map(|place| new.remove(place)).is_none()
    });
    let count = old.len().max(new.len());
    (0..count)
        .map(|at| Difference::Piece(old.get(at).copied(), new.get(at).copied()))
        .collect()
}

fn sheets(before: &Script, after: &Script) -> Vec<Difference> {
    let base = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for (at, sheet) in before.sheets.iter().enumerate() {
        let other = after
            .sheets
            .iter()
            .position(|other| base(&other.name) == base(&sheet.name));
        let changed = other.filter(|other| {
            after
                .sheets
                .get(*other)
                .is_some_and(|other| other.text != sheet.text)
        });
        found.extend(changed.map(|other| Difference::Sheet(at, other)));
    }
    found
}

/// Takes the comment off a line, but not a `#` between quotation marks.
fn without_comment(line: &str) -> &str {
    let mut is_quoted = false;
    for (at, letter) in line.char_indices() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '#' if !is_quoted => return line.get(..at).unwrap_or(line),
            _ => {}
        }
    }
    line
}

fn kind(item: &Item) -> &'static str {
    match item {
        Item::Use(_) => "use",
        Item::Enum(_) => "enum",
        Item::Data(_) => "data",
        Item::Const(_) => "const",
        Item::Source(_) => "source",
        Item::Calendar(_) => "calendar",
        Item::Holidays(_) => "holidays",
        Item::Rates(_) => "rates",
        Item::Tiers(_) => "tiers",
        Item::Table(table) => match table.body {
            TableBody::Rows(..) | TableBody::File(_) => "table",
        },
        Item::Matrix(_) => "matrix",
        Item::Plan(_) => "plan",
        Item::Contest(_) => "contest",
        Item::Award(_) => "award",
        Item::Target(_) => "target",
        Item::Warning(_) => "warning",
        Item::Scorecard(_) => "scorecard",
        Item::Test(_) => "test",
    }
}

fn zh(kind: &str) -> &str {
    let words = [
        ("enum", "枚举"),
        ("data", "数据"),
        ("const", "常量"),
        ("source", "来源"),
        ("calendar", "日历"),
        ("tiers", "阶梯"),
        ("table", "表"),
        ("matrix", "矩阵"),
        ("plan", "方案"),
        ("contest", "竞赛"),
        ("award", "奖励"),
        ("target", "目标"),
        ("warning", "预警"),
        ("scorecard", "记分卡"),
        ("payee", "适用人员"),
        ("currency", "币种"),
        ("effective", "有效期"),
        ("period", "周期"),
        ("rounding", "舍入"),
        ("rows", "记录"),
        ("let", "设"),
        ("measure", "度量"),
        ("earn", "计提"),
        ("cap", "限额"),
        ("release", "放行"),
        ("clawback", "追回"),
        ("carry", "结转"),
        ("pay", "发放"),
        ("except", "例外"),
        ("check", "校验"),
    ];
    words
        .iter()
        .find(|(en, _)| *en == kind)
        .map_or(kind, |(_, zh)| zh)
}
