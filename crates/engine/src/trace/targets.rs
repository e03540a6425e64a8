//! The steps from a goal to its parts, in words.

use guerdon_syntax::{Text, text};

/// Says in words what a statement is that a target's line was written out as: `weights 2` are the weights of all parts
/// of the second level.
pub(super) fn in_words(name: &str) -> Option<Text> {
    if let Some(own) = name.strip_suffix(" of part") {
        return Some(Text::same(own.to_owned()));
    }
    if let Some(step) = name.strip_prefix("new ") {
        return recalibrated(step);
    }
    let (step, level) = name.rsplit_once(' ')?;
    level.parse::<usize>().ok()?;
    // A lock has two numbers: that of its level and its own.
    let step = match step.split_once(' ') {
        Some(("lock", _)) => "lock",
        Some(_) | None => step,
    };
    Some(match step {
        "level" | "base" => text!("part of level {level}", "第 {level} 级份额"),
        "whole" => text!("by weight, in whole steps", "按权重取整步"),
        "exact" => text!("by weight", "按权重"),
        "gets" => text!("of the steps that are left", "余下步长中的份额"),
        "left" => text!("left once all are in whole steps", "取整后的余额"),
        "before" => text!("parts that come first", "在前的部分数"),
        "cut off" => text!("cut off", "舍去部分"),
        "weight" | "given weight" | "open weight" => text!("weight", "权重"),
        "weights" => text!("weights of all that are not locked", "未锁定部分的权重合计"),
        "fixed" | "lock" => text!("locked", "锁定"),
        "left of" | "free" => text!("left beside what is locked", "扣除锁定后的余额"),
        "assigned" => text!("assigned in all", "分配总额"),
        "over" => text!("beyond the whole", "超额分配"),
        "of" => text!("belongs to", "属于"),
        _ => return None,
    })
}

/// Says what a step of recalibration is.
fn recalibrated(step: &str) -> Option<Text> {
    Some(match step {
        "actual" => text!("reached", "实绩"),
        "later" => text!(
            "parts from here on in which something was reached",
            "自此有实绩的部分数"
        ),
        "gap" => text!("gap so far", "截至目前的差额"),
        "to place" => text!("to be placed from here on", "自此待分摊"),
        "share" => text!("share of the whole", "占总额的份额"),
        "weight" => text!("weight", "权重"),
        "most" => text!("the most that it may be", "上限"),
        "full" => text!("taken by parts at their most", "已达上限部分"),
        "open" => text!("for parts below their most", "留给未达上限部分"),
        "open shares" => text!("shares of parts below their most", "未达上限部分的份额合计"),
        "left" => text!("left once all are in whole steps", "取整后的余额"),
        "before" => text!("parts that come first", "在前的部分数"),
        _ => return None,
    })
}
