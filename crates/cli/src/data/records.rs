//! Comma-separated text, split into records where it lies.
//!
//! The form is that of RFC 4180: cells in quotes may hold commas, line breaks and doubled quotes. Lines end in LF or
//! CRLF; empty lines are no records.

mod marks;

use marks::Marks;

/// Splits a text, or a stretch of it.
pub(crate) struct Records<'t> {
    text: &'t [u8],
    marks: Marks<'t>,
    at: usize,
    until: usize,
    rows: usize,
}

/// The cells of one record.
#[derive(Default)]
pub(crate) struct Record {
    cells: Vec<(usize, usize)>,
    /// Cells that had doubled quotes, without the doubles; their places count on from the end of the text.
    unquoted: Vec<u8>,
}

/// How a record was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// Well.
    Well,
    /// With something behind a closing quotation mark.
    Badly,
}

/// Reports a quotation mark that is never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unclosed {
    /// The number of the record, from 1; 0 for the headings.
    pub row: usize,
    /// The number of the cell, from 1.
    pub column: usize,
}

/// Where a cell ends.
enum End {
    /// At a comma.
    Cell,
    /// At the end of the line or of the text.
    Record,
}

impl<'t> Records<'t> {
    /// Begins at the headings.
    pub(crate) fn of(text: &'t [u8]) -> Self {
        Self {
            text,
            marks: Marks::of(text, 0),
            at: 0,
            until: text.len(),
            rows: 0,
        }
    }

    /// Goes on at another place, where a line begins, with so many records before it.
    pub(crate) fn go_to(&mut self, at: usize, rows: usize) {
        (self.at, self.rows) = (at, rows);
        self.marks = Marks::of(self.text, at);
    }

    /// Reads only records that begin before a place.
    pub(crate) fn stop_at(&mut self, until: usize) {
        self.until = until.min(self.text.len());
    }

    /// Says where the next record begins.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Counts the records before that, headings included.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Gives the whole text.
    pub(crate) fn text(&self) -> &'t [u8] {
        self.text
    }

    /// Reads the next record; none at the end of the stretch.
    pub(crate) fn read(&mut self, record: &mut Record) -> Result<Option<Written>, Unclosed> {
        while self.at < self.until {
            record.cells.clear();
            record.unquoted.clear();
            let begin = self.at;
            let mut written = Written::Well;
            loop {
                let (end, how) = if self.text.get(self.at) == Some(&b'"') {
                    self.quoted(record)?
                } else {
                    (self.bare(record), Written::Well)
                };
                if how == Written::Badly {
                    written = how;
                }
                if let End::Record = end {
                    break;
                }
            }
            let is_blank = record.cells.len() == 1
                && record.cells.first().is_some_and(|(from, until)| from == until)
                && self.text.get(begin) != Some(&b'"');
            if !is_blank {
                self.rows = self.rows.saturating_add(1);
                return Ok(Some(written));
            }
        }
        Ok(None)
    }

    /// Reads a cell without quotes; a quotation mark in it is one like any other character.
    fn bare(&mut self, record: &mut Record) -> End {
        let from = self.at;
        for mark in self.marks.by_ref() {
            match self.text.get(mark) {
                Some(b',') => {
                    record.cells.push((from, mark));
                    self.at = mark.saturating_add(1);
                    return End::Cell;
                }
                Some(b'\n') => {
                    record.cells.push((from, self.line_end(from, mark)));
                    self.at = mark.saturating_add(1);
                    return End::Record;
                }
                Some(_) | None => {}
            }
        }
        let until = self.line_end(from, self.text.len());
        record.cells.push((from, until));
        self.at = self.text.len();
        End::Record
    }

    /// Leaves the CR before a line's end out.
    fn line_end(&self, from: usize, until: usize) -> usize {
        let before = until.saturating_sub(1);
        if before >= from && until > from && self.text.get(before) == Some(&b'\r') {
            before
        } else {
            until
        }
    }

    fn quoted(&mut self, record: &mut Record) -> Result<(End, Written), Unclosed> {
        // The mark that opens the cell.
        self.marks.next();
        let from = self.at.saturating_add(1);
        let mut has_doubles = false;
        let until = loop {
            let Some(mark) = self.marks.next() else {
                return Err(Unclosed {
                    row: self.rows,
                    column: record.cells.len().saturating_add(1),
                });
            };
            if self.text.get(mark) != Some(&b'"') {
                continue;
            }
            if self.text.get(mark.saturating_add(1)) != Some(&b'"') {
                break mark;
            }
            has_doubles = true;
            self.marks.next();
        };
        let cell = (from, until);
        record.cells.push(if has_doubles {
            self.undoubled(record_part(self.text, cell), &mut record.unquoted)
        } else {
            cell
        });
        Ok(self.behind(until.saturating_add(1)))
    }

    /// Goes on behind a closing quotation mark to the comma or line end that must stand there.
    fn behind(&mut self, from: usize) -> (End, Written) {
        for mark in self.marks.by_ref() {
            let end = match self.text.get(mark) {
                Some(b',') => End::Cell,
                Some(b'\n') => End::Record,
                Some(_) | None => continue,
            };
            let until = match end {
                End::Cell => mark,
                End::Record => self.line_end(from, mark),
            };
            self.at = mark.saturating_add(1);
            return (end, nothing_between(from, until));
        }
        let until = self.line_end(from, self.text.len());
        self.at = self.text.len();
        (End::Record, nothing_between(from, until))
    }

    fn undoubled(&self, cell: &[u8], into: &mut Vec<u8>) -> (usize, usize) {
        let from = self.text.len().saturating_add(into.len());
        let mut is_second = false;
        for byte in cell {
            is_second = *byte == b'"' && !is_second;
            if !is_second {
                into.push(*byte);
            }
        }
        (from, self.text.len().saturating_add(into.len()))
    }
}

impl Record {
    /// Counts the cells.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Gives a cell of a record that was read from this text.
    pub(crate) fn get<'r>(&'r self, text: &'r [u8], position: usize) -> Option<&'r [u8]> {
        let (from, until) = *self.cells.get(position)?;
        if until <= text.len() {
            return text.get(from..until);
        }
        let behind = |place: usize| place.saturating_sub(text.len());
        self.unquoted.get(behind(from)..behind(until))
    }
}

fn record_part(text: &[u8], (from, until): (usize, usize)) -> &[u8] {
    text.get(from..until).unwrap_or_default()
}

fn nothing_between(from: usize, until: usize) -> Written {
    if from == until {
        Written::Well
    } else {
        Written::Badly
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives the records, cells joined by `|`; those that are written badly begin with `!`.
    fn split(text: &str) -> Result<Vec<String>, Unclosed> {
        let bytes = text.as_bytes();
        let mut records = Records::of(bytes);
        let mut record = Record::default();
        let mut found = Vec::new();
        while let Some(written) = records.read(&mut record)? {
            let cells: Vec<_> = (0..record.len())
                .map(|cell| String::from_utf8_lossy(record.get(bytes, cell).unwrap()))
                .collect();
            let mark = if written == Written::Badly { "!" } else { "" };
            found.push(format!("{mark}{}", cells.join("|")));
        }
        Ok(found)
    }

    #[test]
    fn lines_and_commas_part_cells() {
        assert_eq!(split("a,b\n1,2\n3,\n").unwrap(), ["a|b", "1|2", "3|"]);
        assert_eq!(split("a,b\r\n1,2\r\n").unwrap(), ["a|b", "1|2"]);
        assert_eq!(split("a,b\n1,2").unwrap(), ["a|b", "1|2"]);
        assert_eq!(split("a,b\n1,").unwrap(), ["a|b", "1|"]);
        assert_eq!(split(",\n").unwrap(), ["|"]);
    }

    #[test]
    fn empty_lines_are_no_records() {
        assert_eq!(split("\n\na\n\r\n1\n\n").unwrap(), ["a", "1"]);
        assert_eq!(split("").unwrap(), Vec::<String>::new());
        assert_eq!(split("a\n\"\"\n").unwrap(), ["a", ""]);
    }

    #[test]
    fn quotes_hold_commas_lines_and_doubled_quotes() {
        let text = "a,b\n\"1,5\",\"two\nlines\"\r\n\"say \"\"yes\"\"\",\"\"\"\"\n";
        assert_eq!(split(text).unwrap(), ["a|b", "1,5|two\nlines", "say \"yes\"|\""]);
        assert_eq!(split("\"a\"").unwrap(), ["a"]);
    }

    #[test]
    fn a_quote_inside_a_bare_cell_is_a_character() {
        assert_eq!(split("5\" pipe,b\n").unwrap(), ["5\" pipe|b"]);
    }

    #[test]
    fn what_stands_behind_a_closing_quote_is_told() {
        assert_eq!(split("\"a\"x,b\nc,d\n").unwrap(), ["!a|b", "c|d"]);
        assert_eq!(split("\"a\" \"b\",c\nd,e").unwrap(), ["!a|c", "d|e"]);
        assert_eq!(split("d,\"a\"x").unwrap(), ["!d|a"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_with_its_place() {
        assert_eq!(
            split("a,b\n1,2\n3,\"4\n5,6\n"),
            Err(Unclosed { row: 2, column: 2 })
        );
        assert_eq!(split("\"a"), Err(Unclosed { row: 0, column: 1 }));
        assert_eq!(split("\"a\"\""), Err(Unclosed { row: 0, column: 1 }));
    }
}
