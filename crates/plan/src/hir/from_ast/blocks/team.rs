//! Who belongs to whom: the condition that ties a record to the one a block is about.

use guerdon_syntax::ast::{
    Aggregate, AggregateOp, ChainOp, DataDef, Expr, ExprKind, Name, Polarity, Population, Rows, Source,
    SourceKind, SplitLine, Tree, Type, TypeKind,
};
use guerdon_syntax::keyword::builtin_name;
use guerdon_syntax::{Code, Diagnostic, Fix, Sink, Span, text};

use super::rewrite::mentions;
use super::seen::Seen;
use super::write::Writer;

/// The records that a block is about, among which the head of a team is looked for.
const HEADS: &str = " heads";

/// What one of them is called in the formulas that are written here.
const HEAD: &str = " head";

/// What somebody below them is called.
const BELOW: &str = " below";

/// Holds a record that a split can name: what it is called, and which records are meant.
pub(super) struct Above {
    called: String,
    data: Name,
    people: People,
}

/// Says which records can be named.
enum People {
    /// Those that a block is about.
    Of(Population),
    /// Those that a block is about, chosen by values of the block.
    Computed,
    /// Those of a level above.
    Level,
}

impl Above {
    /// Names the record that a block is about; its own measures are those given.
    pub(super) fn people<'t>(
        called: &str,
        people: &Population,
        mut values: impl Iterator<Item = &'t Name>,
    ) -> Self {
        let is_computed = |filter: &Expr| values.any(|value| mentions(filter, &value.text));
        Self {
            called: called.to_owned(),
            data: people.data.clone(),
            people: match people.filter.as_ref().is_some_and(is_computed) {
                true => People::Computed,
                false => People::Of(people.clone()),
            },
        }
    }

    /// Names a record of the level above.
    pub(super) fn record(called: &str, data: &Name) -> Self {
        Self {
            called: called.to_owned(),
            data: data.clone(),
            people: People::Level,
        }
    }
}

/// Finds in `p.team is entrant and …` the side that names the entrant, and the conditions that are left.
pub(super) fn membership(filter: &Expr, about: &str) -> Option<(Expr, Vec<Expr>)> {
    let mut all = Vec::new();
    conjuncts(filter, &mut all);
    let at = all.iter().position(|part| other_side(part, about).is_some())?;
    let key = other_side(all.remove(at), about)?.clone();
    Some((key, all.into_iter().cloned().collect()))
}

/// Writes `split among reports of entrant as p` as a split among all records whose field names the entrant, and `split
/// among team of entrant as p` as one among all records whose nearest entrant above it is; gives the line as it is where
/// it is no such split. Pushes the records that it needs.
///
/// Each part belongs to one whole. So where somebody may be below two entrants, one of whom is below the other, the author
/// says that it is the nearer one.
pub(super) fn named(
    line: &SplitLine,
    above: &[Above],
    rows: &mut Vec<Rows>,
    seen: &Seen<'_>,
    sink: &mut Sink,
) -> SplitLine {
    let (tree, is_team) = match &line.source.kind {
        SourceKind::Named(_) => return line.clone(),
        SourceKind::Team(tree) => (tree, true),
        SourceKind::Reports(tree) => (tree, false),
    };
    if is_team && !line.is_nearest {
        push_whose_team(line.source.span, sink);
        return line.clone();
    }
    let mut line = line.clone();
    let found = record_above(&tree.root, above).and_then(|above| {
        let field = tree_field(seen, &above.data, tree.by.as_ref())?;
        Some((above, field))
    });
    let Some((above, field)) = found else {
        push_unsaid(line.source.span, UNSAID, sink);
        return line;
    };
    let data = above.data.clone();
    let w = Writer::at(line.source.span);
    let alias = line.source.alias.clone().unwrap_or_else(|| w.name(" member"));
    let own = match &above.people {
        People::Of(people) if is_team => head(w, people, (&alias, field), rows),
        People::Computed if is_team => {
            push_unsaid(line.source.span, COMPUTED, sink);
            return line;
        }
        People::Level if is_team => {
            push_unsaid(line.source.span, LEVEL, sink);
            return line;
        }
        People::Of(_) | People::Computed | People::Level => {
            w.expr(ExprKind::Field(Box::new(w.value(&alias.text)), field))
        }
    };
    let belongs = w.expr(ExprKind::Is(
        Box::new(own),
        Polarity::Plain,
        Box::new(tree.root.clone()),
    ));
    let rest = line.filter.take().map(|filter| w.bracket(filter));
    line.filter = Some(w.all(std::iter::once(belongs).chain(rest).collect()));
    line.source = Source {
        kind: SourceKind::Named(data),
        alias: Some(alias),
        span: line.source.span,
    };
    line
}

/// Writes the nearest of the records that a block is about above a record: the one with the smallest team.
fn head(w: Writer, people: &Population, (member, field): (&Name, Name), rows: &mut Vec<Rows>) -> Expr {
    let heads = Source {
        kind: SourceKind::Named(match people.filter {
            Some(_) => w.name(HEADS),
            None => people.data.clone(),
        }),
        alias: Some(w.name(HEAD)),
        span: w.span(),
    };
    if let Some(filter) = &people.filter
        && rows.is_empty()
    {
        rows.push(Rows {
            name: w.name(HEADS),
            source: Source {
                kind: SourceKind::Named(people.data.clone()),
                ..heads.clone()
            },
            filter: Some(filter.clone()),
            span: w.span(),
        });
    }
    let team = |alias: &str| Source {
        kind: SourceKind::Team(Box::new(Tree {
            root: w.value(HEAD),
            by: Some(field.clone()),
        })),
        alias: Some(w.name(alias)),
        span: w.span(),
    };
    let size = w.aggregate(AggregateOp::Count, None, team(" counted"), None);
    w.bracket(w.expr(ExprKind::Aggregate(Box::new(Aggregate {
        op: AggregateOp::First,
        op_span: w.span(),
        is_distinct: false,
        value: Some(w.value(HEAD)),
        sources: vec![heads, team(BELOW)],
        filter: Some(w.same(w.value(BELOW), w.value(&member.text))),
        order: vec![w.bracket(size)],
        best: None,
    }))))
}

/// Finds the record that a bare name means.
fn record_above<'n>(root: &Expr, above: &'n [Above]) -> Option<&'n Above> {
    let ExprKind::Name(name) = &root.kind else {
        return None;
    };
    let is_meant = |called: &str| name.text == called || builtin_name(&name.text) == Some(called);
    above.iter().find(|above| is_meant(&above.called))
}

/// Finds the field that carries a tree: the one that is named, otherwise the only one that refers to its own block.
fn tree_field(seen: &Seen<'_>, data: &Name, by: Option<&Name>) -> Option<Name> {
    if let Some(by) = by {
        return Some(by.clone());
    }
    let def = seen.data_named(data.span.file, &data.text)?;
    let mut own = def.fields.iter().filter(|field| refers_to(&field.ty, def));
    let first = own.next()?;
    own.next().is_none().then(|| first.name.clone())
}

fn refers_to(ty: &Type, def: &DataDef) -> bool {
    let TypeKind::Named(name) = &ty.kind else {
        return false;
    };
    name.text == def.name.text || def.alias.as_ref().is_some_and(|alias| alias.text == name.text)
}

/// Why it is not said to whom each record of a split belongs.
const UNSAID: (&str, &str) = (
    "name the record above and the field: reports of subject by manager",
    "请写明上一级的记录和字段",
);

const COMPUTED: (&str, &str) = (
    "whose teams share is chosen by values of the block; choose by fields alone, or split among those who report to one",
    "分配的团队由本块的计算值选定，请只按字段选定，或按直接下属分解",
);

const LEVEL: (&str, &str) = (
    "a record of the level above may stand below another one, so that its team is not its own; split among those who report to one",
    "上一级的记录可能处于另一条之下，其团队不归其独有，请按直接下属分解",
);

fn push_whose_team(at: Span, sink: &mut Sink) {
    let title = text!(
        "the split does not say whose team it is where one team lies within another",
        "团队互相嵌套时，没有写明成员算在谁的团队"
    );
    let why = text!(
        "somebody may be below two of them",
        "可能有人同时处于两位负责人之下"
    );
    let fault = Diagnostic::error(Code::E0215, title).primary(at, why);
    let nearest = Fix::advice(
        text!("of whoever stands nearest above", "算在最近的上级名下"),
        text!(
            "split among nearest team of entrant as p by …",
            "分配 分给 就近 下属 参赛者 作 p 按 …"
        ),
    );
    let note = text!(
        "Each part belongs to one whole: nobody gets a part of both. For more, split among those who report to one.",
        "每一份只属于一个整体，不能两边都分。若要另行处理，请按直接下属分配。"
    );
    sink.push(fault.note(note).fix(nearest));
}

fn push_unsaid(at: Span, (en, zh): (&str, &str), sink: &mut Sink) {
    let title = text!(
        "the split does not say to whom each record belongs",
        "没有写明每条记录属于谁"
    );
    let why = text!("{en}", "{zh}");
    let fix = Fix::advice(
        text!("write the field", "写明字段"),
        text!(
            "split among Person as p where p.manager is subject by …",
            "分配 分给 人员 作 p 其中 p.经理 为 对象 按 …"
        ),
    );
    let fault = Diagnostic::error(Code::E0215, title).primary(at, why);
    sink.push(fault.fix(fix));
}

/// Writes a bare field as that of a named record.
pub(super) fn qualified_by(key: &Expr, alias: &Name) -> Expr {
    let ExprKind::Name(field) = &key.kind else {
        return key.clone();
    };
    let record = Expr {
        kind: ExprKind::Name(alias.clone()),
        span: key.span,
    };
    Expr {
        kind: ExprKind::Field(Box::new(record), field.clone()),
        span: key.span,
    }
}

/// Lists the conditions that must all hold.
pub(super) fn conjuncts<'t>(filter: &'t Expr, all: &mut Vec<&'t Expr>) {
    if let ExprKind::Paren(inner) = &filter.kind {
        conjuncts(inner, all);
    } else if let ExprKind::Chain(chain) = &filter.kind
        && chain.rest.iter().all(|link| link.op == ChainOp::And)
    {
        conjuncts(&chain.first, all);
        chain.rest.iter().for_each(|link| conjuncts(&link.operand, all));
    } else {
        all.push(filter);
    }
}

fn other_side<'t>(condition: &'t Expr, about: &str) -> Option<&'t Expr> {
    let ExprKind::Is(left, Polarity::Plain, right) = &condition.kind else {
        return None;
    };
    let is_called = |name: &str| name == about || builtin_name(name) == Some(about);
    let is_about = |side: &Expr| matches!(&side.kind, ExprKind::Name(name) if is_called(&name.text));
    match (is_about(left), is_about(right)) {
        (true, false) => Some(right),
        (false, true) => Some(left),
        (true, true) | (false, false) => None,
    }
}
