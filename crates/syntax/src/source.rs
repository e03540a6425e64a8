//! The source files of one compilation: their text, names, languages and line positions.

use crate::diagnostic::{Code, Diagnostic, Language};
use crate::span::{FileId, Span, index};
use crate::text;

/// The largest source file that is read, in bytes (4 MiB).
pub const MAX_SOURCE_BYTES: usize = 4 * 1024 * 1024;

/// Keeps every source file of a compilation, so that a [`Span`] can be shown to its author.
///
/// ```
/// use guerdon_syntax::SourceMap;
/// let mut sources = SourceMap::default();
/// let file = sources.add("plan.guerdon", b"plan ae\nend\n").unwrap();
/// assert_eq!(sources.text(file), "plan ae\nend\n");
/// assert_eq!(sources.position(file, 8).line, 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

/// Holds one source file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    language: Language,
    line_starts: Vec<u32>,
}

/// Names a place as an editor shows it: lines and columns count from 1, columns count code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The code point in the line, from 1.
    pub column: u32,
}

impl SourceMap {
    /// Takes a file in, checks its size and encoding, and strips a byte order mark.
    ///
    /// # Errors
    /// E0001 when the file is larger than [`MAX_SOURCE_BYTES`]; E0002, with line and column, when it is not UTF-8.
    pub fn add(&mut self, name: impl Into<String>, bytes: &[u8]) -> Result<FileId, Box<Diagnostic>> {
        let name = name.into();
        if bytes.len() > MAX_SOURCE_BYTES {
            return Err(too_large(&name, bytes.len()));
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = str::from_utf8(bytes).map_err(|fault| not_utf8(&name, bytes, fault.valid_up_to()))?;
        let id = FileId(offset(self.files.len()));
        let line_starts = line_starts(text);
        self.files.push(SourceFile {
            name,
            text: text.to_owned(),
            language: Language::En,
            line_starts,
        });
        Ok(id)
    }

    /// Records the human language a file is written in; its messages are printed in that language.
    pub fn set_language(&mut self, file: FileId, language: Language) {
        if let Some(entry) = self.files.get_mut(index(file.0)) {
            entry.language = language;
        }
    }

    /// Gives a file, or nothing for an id of another map.
    pub fn file(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(index(file.0))
    }

    /// Lists the files in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files
            .iter()
            .enumerate()
            .map(|(at, file)| (FileId(offset(at)), file))
    }

    /// Gives a file's text without byte order mark; empty for an id of another map.
    pub fn text(&self, file: FileId) -> &str {
        self.file(file).map_or("", SourceFile::text)
    }

    /// Gives the name a file was added under; empty for an id of another map.
    pub fn name(&self, file: FileId) -> &str {
        self.file(file).map_or("", SourceFile::name)
    }

    /// Gives the language a file is written in; English until set.
    pub fn language(&self, file: FileId) -> Language {
        self.file(file).map_or(Language::En, SourceFile::language)
    }

    /// Gives the text a span covers; empty where the span does not fit the file.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.range()).unwrap_or("")
    }

    /// Finds line and column of a byte offset.
    pub fn position(&self, file: FileId, offset: u32) -> Position {
        self.file(file)
            .map_or(Position { line: 1, column: 1 }, |file| file.position(offset))
    }
}

impl SourceFile {
    /// Gives the name the file was added under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the text without byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Gives the language the file is written in.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Finds line and column of a byte offset; an offset past the end counts as the end.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_of(offset);
        let start = self.line_starts.get(index(line)).copied().unwrap_or(0);
        let end = self.text.floor_char_boundary(index(offset));
        let before = self.text.get(index(start)..end).unwrap_or("");
        Position {
            line: line.saturating_add(1),
            column: count(before).saturating_add(1),
        }
    }

    /// Gives the bytes of a line, counted from 1, without its line end.
    pub fn line(&self, line: u32) -> &str {
        let at = index(line.saturating_sub(1));
        let Some(start) = self.line_starts.get(at).copied() else {
            return "";
        };
        let rest = self.text.get(index(start)..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// Gives the offset at which a line, counted from 1, begins.
    pub fn line_start(&self, line: u32) -> u32 {
        self.line_starts
            .get(index(line.saturating_sub(1)))
            .copied()
            .unwrap_or(0)
    }

    fn line_of(&self, offset: u32) -> u32 {
        let after = self.line_starts.partition_point(|start| *start <= offset);
        self::offset(after.saturating_sub(1))
    }
}

fn too_large(name: &str, bytes: usize) -> Box<Diagnostic> {
    let limit = MAX_SOURCE_BYTES;
    Box::new(Diagnostic::error(
        Code::E0001,
        text!(
            "\"{name}\" has {bytes} bytes; a source file may have {limit}",
            "“{name}”有 {bytes} 字节，源文件最多 {limit} 字节"
        ),
    ))
}

fn not_utf8(name: &str, bytes: &[u8], valid: usize) -> Box<Diagnostic> {
    let good = bytes
        .get(..valid)
        .and_then(|good| str::from_utf8(good).ok())
        .unwrap_or("");
    let line = good.matches('\n').count().saturating_add(1);
    let column = count(good.rsplit('\n').next().unwrap_or("")).saturating_add(1);
    Box::new(
        Diagnostic::error(
            Code::E0002,
            text!(
                "\"{name}\" is not UTF-8 text: line {line}, column {column}",
                "“{name}”不是 UTF-8 文本：第 {line} 行第 {column} 列"
            ),
        )
        .note(text!(
            "Save the file again with the encoding UTF-8; the place named is the first that cannot be read.",
            "请用 UTF-8 编码重新保存；上面是第一处读不出的位置。"
        )),
    )
}

fn line_starts(text: &str) -> Vec<u32> {
    let after_ends = text
        .match_indices('\n')
        .map(|(at, _)| offset(at.saturating_add(1)));
    std::iter::once(0).chain(after_ends).collect()
}

fn count(text: &str) -> u32 {
    offset(text.chars().count())
}

/// Narrows an index; the size limit of source files makes it fit.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Tells whether a source is a sheet, by the ending of its name: `.csv`.
#[must_use]
pub fn is_sheet(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("csv"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_code_points_and_survive_windows_line_ends() {
        let mut sources = SourceMap::default();
        let file = sources
            .add("方案.guerdon", "\u{feff}设 倍数\r\n结束".as_bytes())
            .unwrap();
        assert_eq!(sources.text(file), "设 倍数\r\n结束");
        assert_eq!(sources.position(file, 4), Position { line: 1, column: 3 });
        assert_eq!(sources.position(file, 12), Position { line: 2, column: 1 });
        assert_eq!(sources.file(file).unwrap().line(1), "设 倍数");
        assert_eq!(sources.file(file).unwrap().line(2), "结束");
        assert_eq!(sources.slice(Span::new(file, 4, 10)), "倍数");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused_with_line_and_column() {
        let fault = SourceMap::default()
            .add("a.guerdon", b"plan x\n  \xC3\x28")
            .unwrap_err();
        assert_eq!(fault.code, Code::E0002);
        assert_eq!(
            fault.title.en,
            "\"a.guerdon\" is not UTF-8 text: line 2, column 3"
        );
        assert_eq!(fault.title.zh, "“a.guerdon”不是 UTF-8 文本：第 2 行第 3 列");
    }

    #[test]
    fn a_file_over_four_mebibytes_is_refused_and_one_at_the_limit_is_read() {
        let fault = SourceMap::default()
            .add("a", &vec![b' '; MAX_SOURCE_BYTES + 1])
            .unwrap_err();
        assert_eq!(
            fault.title.en,
            "\"a\" has 4194305 bytes; a source file may have 4194304"
        );
        assert_eq!(
            SourceMap::default().add("a", &vec![b' '; MAX_SOURCE_BYTES]),
            Ok(FileId(0))
        );
    }

    #[test]
    fn an_offset_past_the_end_is_shown_at_the_end() {
        let mut sources = SourceMap::default();
        let file = sources.add("a", b"one\ntwo").unwrap();
        assert_eq!(sources.position(file, 7), Position { line: 2, column: 4 });
        assert_eq!(sources.position(file, 99), Position { line: 2, column: 4 });
    }

    #[test]
    fn sheets_are_known_by_their_ending() {
        assert!(is_sheet("rates/2026.CSV"));
        assert!(!is_sheet("rates.guerdon"));
    }
}
