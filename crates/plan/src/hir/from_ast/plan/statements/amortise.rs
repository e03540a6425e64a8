//! How the books spread what a line costs.

use guerdon_syntax::{Code, Diagnostic, Fix, ast, text};

use super::super::Line;
use crate::hir::from_ast::Checker;
use crate::hir::from_ast::reason;
use crate::hir::from_ast::want::Want;
use crate::hir::{Amortise, Expr, ExprKind, Value};
use crate::types::{PlanId, Scalar};

impl<'a> Checker<'a> {
    /// Types how the lines of an earn are spread.
    pub(super) fn read_amortise(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::Amortise) {
        let Some(id) = self.target_earn(plan, &tree.target) else {
            return;
        };
        if self.program.earn(id).is_some_and(|earn| earn.lines.is_none()) {
            self.push_nothing_to_spread(&tree.target);
            return;
        }
        let env = self.own_env(plan, line, id);
        let months = self.top_value(&env, &tree.months, Want::of(Scalar::Int));
        let months = self.expect_kind(months, Scalar::Int);
        self.check_some_months(&months);
        let from = self.top_value(&env, &tree.from, Want::of(Scalar::Date));
        let from = self.expect_kind(from, Scalar::Date);
        let until = tree.until.as_ref().map(|until| {
            let until = self.top(&env, until, Want::of(Scalar::Date));
            self.expect_kind(until, Scalar::Date)
        });
        let found = Amortise {
            months,
            from,
            until,
            reason: reason(&tree.tail),
            span: tree.span,
        };
        self.state_once(id, tree.span, |earn| {
            earn.amortise.replace(found).map(|amortise| amortise.span)
        });
    }

    /// Refuses months of which there are none: nothing could be spread over them.
    fn check_some_months(&mut self, months: &Expr) {
        let ExprKind::Const(Value::Number(count)) = &months.kind else {
            return;
        };
        if !count.is_positive() {
            let title = text!("nothing can be spread over no months", "摊销期必须至少一个月");
            let fault = Diagnostic::error(Code::E0235, title);
            let label = text!("write a positive whole number", "请写正整数");
            self.sink.push(fault.primary(months.span, label));
        }
    }

    fn push_nothing_to_spread(&mut self, target: &ast::Name) {
        let name = &target.text;
        let title = text!(
            "\"{name}\" has no records that its cost could be spread over",
            "“{name}”没有逐条记录，无从摊销"
        );
        let fault = Diagnostic::error(Code::E0235, title)
            .primary(target.span, text!("one amount for each period", "每期间一个金额"))
            .note(text!(
                "A cost is spread over the months of a contract, so each line must be that of a contract.",
                "成本按合同的月数摊销，因此每条明细必须属于某份合同。"
            ))
            .fix(Fix::advice(
                text!("earn it contract by contract", "按合同逐条计提"),
                text!(
                    "earn … for each Contract where … dated …",
                    "计提 … 逐条 合同 其中 … 记于 …"
                ),
            ));
        self.sink.push(fault);
    }
}
