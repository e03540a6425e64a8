//! A table in the making: comma-separated cells, in quotes where they need them.

use super::Table;

/// Whether text cells are made safe for spreadsheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextCells {
    /// As they are.
    Plain,
    /// With an apostrophe before what a spreadsheet would read as a formula.
    Guarded,
}

/// The lines so far.
pub(crate) struct Sheet {
    name: String,
    bytes: Vec<u8>,
    text: TextCells,
}

impl Sheet {
    /// Begins a table.
    pub(crate) fn new(name: &str, text: TextCells) -> Self {
        Self {
            name: name.to_owned(),
            bytes: Vec::new(),
            text,
        }
    }

    /// Writes the headings.
    pub(crate) fn heads(&mut self, heads: &[&str]) {
        self.row(heads, [""; 0]);
    }

    /// Makes a cell of a text, to be written as often as needed.
    pub(crate) fn cell(&self, text: &str) -> Vec<u8> {
        let mut cell = Vec::new();
        write_cell(&mut cell, text, self.text);
        cell
    }

    /// Writes a row: text cells first, then values, which are numbers and the tables' own words.
    pub(crate) fn row<V: AsRef<str>>(&mut self, cells: &[&str], values: impl IntoIterator<Item = V>) {
        for cell in cells {
            write_cell(&mut self.bytes, cell, self.text);
            self.bytes.push(b',');
        }
        for value in values {
            self.bytes.extend_from_slice(value.as_ref().as_bytes());
            self.bytes.push(b',');
        }
        self.end();
    }

    /// Writes a row of cells that are made.
    pub(crate) fn made_row<const N: usize>(&mut self, cells: [&[u8]; N]) {
        for cell in cells {
            self.bytes.extend_from_slice(cell);
            self.bytes.push(b',');
        }
        self.end();
    }

    /// Begins a row with keys that are made; its values follow.
    pub(crate) fn made_keys(&mut self, keys: [&Vec<u8>; 2]) {
        for key in keys {
            self.bytes.extend_from_slice(key);
            self.bytes.push(b',');
        }
    }

    /// Ends a row with values, among which may be texts.
    pub(crate) fn values(&mut self, values: &[String]) {
        for value in values {
            let text = if is_number(value) {
                TextCells::Plain
            } else {
                self.text
            };
            write_cell(&mut self.bytes, value, text);
            self.bytes.push(b',');
        }
        self.end();
    }

    /// Gives the table.
    pub(crate) fn finish(self) -> Table {
        Table {
            name: self.name,
            bytes: self.bytes,
        }
    }

    /// Ends a row: in the place of the last comma.
    fn end(&mut self) {
        self.bytes.pop();
        self.bytes.push(b'\n');
    }
}

fn write_cell(out: &mut Vec<u8>, cell: &str, text: TextCells) {
    let guard = if text == TextCells::Guarded && is_formula(cell) {
        "'"
    } else {
        ""
    };
    if !cell
        .bytes()
        .any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
    {
        out.extend_from_slice(guard.as_bytes());
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(guard.as_bytes());
    for byte in cell.bytes() {
        if byte == b'"' {
            out.push(byte);
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// Says whether a value is a number or a fraction, which may begin like a formula and is none.
fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'/'))
}

/// Says whether a spreadsheet would read a text as a formula.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str], values: &[&str], text: TextCells) -> String {
        let mut sheet = Sheet::new("t", text);
        sheet.heads(&["a"]);
        sheet.row(cells, values);
        String::from_utf8(sheet.finish().bytes).unwrap()
    }

    #[test]
    fn cells_are_quoted_where_they_need_it() {
        let row = written(
            &["x", "a,b", "say \"yes\"", "two\nlines", ""],
            &["-1.50"],
            TextCells::Plain,
        );
        assert_eq!(row, "a\nx,\"a,b\",\"say \"\"yes\"\"\",\"two\nlines\",,-1.50\n");
    }

    #[test]
    fn formulas_get_an_apostrophe_and_numbers_do_not() {
        let texts = ["=1+1", "+1", "-1", "@x", "\t1", "\r1", "＝1", "1=1"];
        let row = written(&texts, &["-1"], TextCells::Guarded);
        assert_eq!(row, "a\n'=1+1,'+1,'-1,'@x,'\t1,\"'\r1\",'＝1,1=1,-1\n");
        assert!(written(&texts, &[], TextCells::Plain).starts_with("a\n=1+1,+1,"));
    }
}
