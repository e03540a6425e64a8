//! Which object stands behind which handle.

use std::sync::Mutex;

use guerdon::limits::CancelFlag;
use guerdon::plan::Source;

use crate::handle::{Handle, Kind};
use crate::objects::{BuilderBody, CursorBody, FactsBody, PlanBody, ReportBody, SessionBody, TraceBody};
use crate::status::ErrorBody;
use crate::types::{
    guerdon_builder, guerdon_cancel, guerdon_cursor, guerdon_error, guerdon_facts, guerdon_plan,
    guerdon_report, guerdon_session, guerdon_sources, guerdon_trace,
};

macro_rules! handles {
    ($($name:ident $kind:ident $body:ty;)*) => {
        $(impl Handle for $name {
            const KIND: Kind = Kind::$kind;
            type Body = $body;
        })*
    };
}

handles! {
    guerdon_sources Sources Mutex<Vec<Source>>;
    guerdon_plan Plan PlanBody;
    guerdon_builder Builder Mutex<BuilderBody>;
    guerdon_facts Facts FactsBody;
    guerdon_report Report ReportBody;
    guerdon_cursor Cursor Mutex<CursorBody>;
    guerdon_trace Trace TraceBody;
    guerdon_session Session Mutex<SessionBody>;
    guerdon_cancel Cancel CancelFlag;
    guerdon_error Error ErrorBody;
}
