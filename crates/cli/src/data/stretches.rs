//! The records of one file, read by several threads.
//!
//! Each thread takes a stretch that begins behind a line end. Whether a record begins there is known only when the
//! stretch before it is read: a line end may stand in quotes. So a stretch counts if the one before it ends exactly
//! where it begins; otherwise what was read of it is thrown away and read again.

use std::thread::ScopedJoinHandle;

use guerdon::error::Error;
use guerdon::facts::{TextLoader, TextPart};
use memchr::memchr;

use super::records::{Record, Records, Unclosed, Written};

/// The least bytes for which a thread pays.
const LEAST: usize = 1 << 20;
/// Records between two reports of progress.
const BEAT: usize = 0xFFFF;

/// Why reading stopped.
#[derive(Debug, PartialEq)]
pub(super) enum Stop {
    /// A quotation mark is never closed.
    Unclosed(Unclosed),
    /// A limit.
    Engine(Error),
}

/// What takes in records.
trait Take {
    fn take(&mut self, text: &[u8], record: &Record, written: Written) -> Result<(), Error>;
}

/// A stretch that another thread reads.
struct Stretch<'s, 't, 'p> {
    begin: usize,
    until: usize,
    thread: ScopedJoinHandle<'s, (TextPart<'p>, Records<'t>, Result<(), Stop>)>,
}

/// Reads what is left of a file.
pub(super) fn load(
    loader: &mut TextLoader<'_, '_>,
    records: Records<'_>,
    threads: usize,
    rows: &impl Fn(usize),
) -> Result<(), Stop> {
    let begins = begins(records.text(), records.at(), threads);
    load_from(loader, records, &begins, rows)
}

/// Reads with a thread for each of the given places and one for what comes before them.
fn load_from<'p>(
    loader: &mut TextLoader<'_, 'p>,
    mut records: Records<'_>,
    begins: &[usize],
    rows: &impl Fn(usize),
) -> Result<(), Stop> {
    let text = records.text();
    let ends = begins.iter().skip(1).copied().chain([text.len()]);
    std::thread::scope(|scope| {
        let mut stretches: Vec<Stretch<'_, '_, 'p>> = Vec::new();
        for (begin, until) in begins.iter().copied().zip(ends) {
            let Some(mut part) = loader.part().map_err(Stop::Engine)? else {
                break;
            };
            let mut records = Records::of(text);
            records.go_to(begin, 0);
            records.stop_at(until);
            let thread = scope.spawn(move || {
                let read = fill(&mut part, &mut records, &|_| ());
                (part, records, read)
            });
            stretches.push(Stretch { begin, until, thread });
        }
        records.stop_at(stretches.first().map_or(text.len(), |stretch| stretch.begin));
        fill(loader, &mut records, rows)?;
        for stretch in stretches {
            append(loader, &mut records, stretch, rows)?;
        }
        Ok(())
    })
}

fn append<'t, 'p>(
    loader: &mut TextLoader<'_, 'p>,
    records: &mut Records<'t>,
    stretch: Stretch<'_, 't, 'p>,
    rows: &impl Fn(usize),
) -> Result<(), Stop> {
    let is_next = records.at() == stretch.begin;
    match stretch.thread.join() {
        Ok((part, theirs, read)) if is_next => {
            let before = records.rows();
            read.map_err(|stop| stop.behind(before))?;
            loader.append(part).map_err(Stop::Engine)?;
            records.go_to(theirs.at(), before.saturating_add(theirs.rows()));
            Ok(())
        }
        Ok(_) | Err(_) => {
            records.stop_at(stretch.until);
            fill(loader, records, rows)
        }
    }
}

fn fill(taker: &mut impl Take, records: &mut Records<'_>, rows: &impl Fn(usize)) -> Result<(), Stop> {
    let mut record = Record::default();
    while let Some(written) = records.read(&mut record).map_err(Stop::Unclosed)? {
        taker
            .take(records.text(), &record, written)
            .map_err(Stop::Engine)?;
        if records.rows() & BEAT == 0 {
            rows(records.rows());
        }
    }
    Ok(())
}

/// Gives the places behind line ends that cut a text into stretches of much the same length.
fn begins(text: &[u8], from: usize, threads: usize) -> Vec<usize> {
    let rest = text.len().saturating_sub(from);
    let count = threads.min(rest / LEAST).max(1);
    let length = rest.checked_div(count).unwrap_or(rest);
    let mut begins: Vec<usize> = Vec::new();
    for stretch in 1..count {
        let about = from.saturating_add(stretch.saturating_mul(length));
        let line_end = memchr(b'\n', text.get(about..).unwrap_or_default());
        let begin = line_end.map(|end| about.saturating_add(end).saturating_add(1));
        begins.extend(begin.filter(|begin| *begin < text.len() && begins.last() < Some(begin)));
    }
    begins
}

impl Stop {
    /// Counts the records before the stretch in.
    fn behind(self, rows: usize) -> Self {
        match self {
            Self::Unclosed(place) => Self::Unclosed(Unclosed {
                row: place.row.saturating_add(rows),
                ..place
            }),
            Self::Engine(error) => Self::Engine(error),
        }
    }
}

impl Take for TextLoader<'_, '_> {
    fn take(&mut self, text: &[u8], record: &Record, written: Written) -> Result<(), Error> {
        let cell = |position: usize| record.get(text, position);
        match written {
            Written::Well => self.push_with(record.len(), cell),
            Written::Badly => self.push_damaged(record.len(), cell),
        }
    }
}

impl Take for TextPart<'_> {
    fn take(&mut self, text: &[u8], record: &Record, written: Written) -> Result<(), Error> {
        let cell = |position: usize| record.get(text, position);
        match written {
            Written::Well => self.push_with(record.len(), cell),
            Written::Badly => self.push_damaged(record.len(), cell),
        }
    }
}

#[cfg(test)]
mod tests {
    use guerdon::facts::Facts;
    use guerdon::plan::{Plan, Source};
    use guerdon_plan::types::TableId;

    use super::*;

    const RULES: &str = "
enum Kind = big | small
data Deal key id
  id     : text
  kind   : Kind
  amount : money EUR
  day    : date
  note   : text?
end
source Deal from \"deals.csv\"
  id     = \"id\"
  kind   = \"kind\"
  amount = \"amount\"
  day    = \"day\"
  note   = \"note\"
  where \"drop\" is missing
end
";

    const HEAD: &str = "id,kind,amount,day,note,drop\n";

    /// Reads a file in stretches that begin at the given places behind the headings.
    fn facts(plan: &Plan, rows: &str, begins: &[usize]) -> Result<Facts, Stop> {
        let text = format!("{HEAD}{rows}");
        let begins: Vec<usize> = begins
            .iter()
            .map(|begin| begin.saturating_add(HEAD.len()))
            .collect();
        let mut builder = Facts::builder(plan.program());
        let headings = ["id", "kind", "amount", "day", "note", "drop"];
        let mut loader = builder.text_table(TableId(0), &headings, Some("deals.csv"));
        let mut records = Records::of(text.as_bytes());
        records.read(&mut Record::default()).map_err(Stop::Unclosed)?;
        load_from(&mut loader, records, &begins, &|_| ())?;
        builder.finish().map_err(Stop::Engine)
    }

    fn assert_same(one: &Facts, other: &Facts, what: &str) {
        let (one_table, other_table) = (&one.tables()[0], &other.tables()[0]);
        assert_eq!(one_table.len(), other_table.len(), "{what}");
        assert_eq!(one_table.row_errors(), other_table.row_errors(), "{what}");
        for field in 0..5 {
            let field = guerdon_plan::types::FieldId::at(field);
            let (one, other) = (
                one_table.column(field).unwrap(),
                other_table.column(field).unwrap(),
            );
            let differs = (0..one.len()).find(|row| one.cell(*row) != other.cell(*row));
            assert_eq!(differs, None, "{what} {field:?}");
        }
        for row in 0..u32::try_from(one_table.len()).unwrap() {
            assert_eq!(
                one_table.input_row(row),
                other_table.input_row(row),
                "{what} {row}"
            );
        }
        assert!(one.problems() == other.problems(), "{what}");
    }

    const ROWS: &str = "\
b,big,1.50,2026-01-01,,\n\
a,small,2,2026-01-02,\"two\nlines, and\n\"\"more\"\"\",\n\
\n\
d,smal,x,2026-02-30,plain,\n\
e,big,3.5,2026-01-03,dropped,x\n\
a,small,2,2026-01-02,\"two\nlines, and\n\"\"more\"\"\",\n\
\"f\"g,big,4,2026-01-04,,\n\
h,big\n\
i,big,99999999999999999999,2026-01-05,5\" pipe,\n\
\r\n\
b,small,0.001,2026-01-06,é,\n\
j,,7,2026-01-07,last,";

    #[test]
    fn a_file_reads_the_same_wherever_it_is_cut() {
        let plan = Plan::compile(&[Source::new("deals.guerdon", RULES)]).unwrap();
        let whole = facts(&plan, ROWS, &[]).unwrap();
        assert!(whole.problems().len() > 5);
        let ends: Vec<usize> = ROWS.match_indices('\n').map(|(place, _)| place + 1).collect();
        for (place, one) in ends.iter().enumerate() {
            assert_same(&facts(&plan, ROWS, &[*one]).unwrap(), &whole, &format!("{one}"));
            for other in &ends[place + 1..] {
                let cut = facts(&plan, ROWS, &[*one, *other]).unwrap();
                assert_same(&cut, &whole, &format!("{one} {other}"));
            }
        }
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_has_its_row_wherever_the_file_is_cut() {
        let plan = Plan::compile(&[Source::new("deals.guerdon", RULES)]).unwrap();
        let rows =
            "a,big,1,2026-01-01,,\n\nb,big,1,2026-01-01,,\nc,big,\"1,2026-01-01,,\nd,big,1,2026-01-01,,\n";
        let expected = Stop::Unclosed(Unclosed { row: 3, column: 3 });
        for (end, _) in rows.match_indices('\n') {
            let stop = facts(&plan, rows, &[end + 1]).unwrap_err();
            assert_eq!(stop, expected, "{end}");
        }
    }

    #[test]
    fn stretches_begin_behind_line_ends() {
        let text = "0123456789abcde\n".repeat(LEAST / 4);
        let found = begins(text.as_bytes(), 16, 3);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|begin| begin % 16 == 0));
        assert!(begins(text.as_bytes(), 16, 1).is_empty());
        assert!(begins(b"a\nb\n", 0, 8).is_empty());
    }
}
