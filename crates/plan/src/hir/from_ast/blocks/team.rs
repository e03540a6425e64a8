//! Who belongs to whom: the condition that ties a record to the one a block is about.

use guerdon_syntax::ast::{
    ChainOp, DataDef, Expr, ExprKind, Name, Polarity, Source, SourceKind, SplitLine, Type, TypeKind,
};
use guerdon_syntax::keyword::builtin_name;
use guerdon_syntax::{Code, Diagnostic, Fix, Sink, Span, text};

use super::seen::Seen;
use super::write::Writer;

/// Finds in `p.team is entrant and …` the side that names the entrant, and the conditions that are left.
pub(super) fn membership(filter: &Expr, about: &str) -> Option<(Expr, Vec<Expr>)> {
    let mut all = Vec::new();
    conjuncts(filter, &mut all);
    let at = all.iter().position(|part| other_side(part, about).is_some())?;
    let key = other_side(all.remove(at), about)?.clone();
    Some((key, all.into_iter().cloned().collect()))
}

/// Writes `split among reports of entrant as p` as a split among all records whose field names the entrant; gives the
/// line as it is where it is no such split.
///
/// Everybody reports to one person at most, so that each part belongs to one whole. Of a team that is not so: who leads a
/// team may be in another.
pub(super) fn named(
    line: &SplitLine,
    above: &[(String, Name)],
    seen: &Seen<'_>,
    sink: &mut Sink,
) -> SplitLine {
    let (tree, is_team) = match &line.source.kind {
        SourceKind::Named(_) => return line.clone(),
        SourceKind::Team(tree) => (tree, true),
        SourceKind::Reports(tree) => (tree, false),
    };
    let mut line = line.clone();
    let found = data_above(&tree.root, above).and_then(|data| {
        let field = tree_field(seen, data, tree.by.as_ref())?;
        Some((data.clone(), field))
    });
    let Some((data, field)) = found.filter(|_| !is_team) else {
        push_team(line.source.span, is_team, sink);
        return line;
    };
    let w = Writer::at(line.source.span);
    let alias = line.source.alias.clone().unwrap_or_else(|| w.name(" member"));
    let own = w.expr(ExprKind::Field(Box::new(w.value(&alias.text)), field));
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

/// Finds the data block of the record that a bare name means.
fn data_above<'n>(root: &Expr, above: &'n [(String, Name)]) -> Option<&'n Name> {
    let ExprKind::Name(name) = &root.kind else {
        return None;
    };
    let is_meant = |called: &str| name.text == called || builtin_name(&name.text) == Some(called);
    let found = above.iter().find(|(called, _)| is_meant(called));
    found.map(|(_, data)| data)
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

fn push_team(at: Span, is_team: bool, sink: &mut Sink) {
    let title = text!(
        "the split does not say to whom each record belongs",
        "没有写明每条记录属于谁"
    );
    let why = match is_team {
        true => text!(
            "somebody may be in several teams; split among those who report to one, or write a field",
            "一个人可能属于多个团队，请按直接下属分解，或写明字段"
        ),
        false => text!(
            "name the record above and the field: reports of subject by manager",
            "请写明上一级的记录和字段"
        ),
    };
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
