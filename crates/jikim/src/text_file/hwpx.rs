//! The text of an HWPX file (KS X 6101): a package of XML, its tables as rows with tabs.

use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::{Told, sentence};

/// All sections together may be this long when unpacked.
const MAX_XML_BYTES: u64 = 64 << 20;
/// A package has no more sections than this.
const MAX_SECTIONS: usize = 256;
/// A table has no more columns than this.
const MAX_COLUMNS: usize = 64;

/// The text of all sections, in their order.
pub(super) fn hwpx_text(bytes: &[u8]) -> Told<String> {
    let mut package =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_| "no HWPX: its package is broken")?;
    let mut sections: Vec<(u32, String)> = package
        .file_names()
        .filter_map(|name| {
            let name = name.ok()?;
            let number = name.strip_prefix("Contents/section")?.strip_suffix(".xml")?;
            Some((number.parse().ok()?, name.into_owned()))
        })
        .take(MAX_SECTIONS)
        .collect();
    if sections.is_empty() {
        return Err("a package, but no HWPX: save the policy as HWPX or as text".into());
    }
    sections.sort_unstable();
    let (mut text, mut left) = (String::new(), MAX_XML_BYTES);
    for (_, name) in sections {
        let mut xml = String::new();
        let part = package.by_name(&name).map_err(sentence)?;
        let length = part.take(left + 1).read_to_string(&mut xml).map_err(sentence)?;
        left = left.checked_sub(length as u64).ok_or("its text is too long")?;
        text.push_str(&section_text(&xml)?);
    }
    Ok(text)
}

/// A table that is being read.
#[derive(Default)]
struct Table {
    cells: Vec<String>,
    cell: String,
    /// In which column the open cell stands, if the file says so.
    column: Option<usize>,
}

#[derive(Default)]
struct Lines {
    text: String,
    line: String,
    tables: Vec<Table>,
    is_text: bool,
}

fn section_text(xml: &str) -> Told<String> {
    let mut reader = Reader::from_str(xml);
    let mut lines = Lines::default();
    loop {
        match reader.read_event().map_err(|error| format!("its XML is broken: {error}"))? {
            Event::Start(tag) => lines.begin(&tag),
            Event::Empty(tag) => {
                lines.begin(&tag);
                lines.end(tag.local_name().as_ref());
            }
            Event::Text(text) if lines.is_text => lines.say(&text.xml10_content()),
            Event::GeneralRef(reference) if lines.is_text => {
                let known = match reference.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                lines.say(known.unwrap_or(' ').encode_utf8(&mut [0; 4]));
            }
            Event::End(tag) => lines.end(tag.local_name().as_ref()),
            Event::Eof => break,
            _ => {}
        }
    }
    lines.end_line();
    Ok(lines.text)
}

impl Lines {
    fn say(&mut self, text: &str) {
        match self.tables.last_mut() {
            Some(table) => table.cell.push_str(&text.replace(['\n', '\t'], " ")),
            None => self.line.push_str(text),
        }
    }

    fn end_line(&mut self) {
        if !self.line.trim().is_empty() {
            self.text.push_str(self.line.trim_end());
        }
        self.text.push('\n');
        self.line.clear();
    }

    fn begin(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "t" => self.is_text = true,
            "tab" | "lineBreak" | "nbSpace" | "fwSpace" if self.is_text => self.say(" "),
            "tbl" => {
                // What stands before a table in its paragraph is a line of its own.
                if self.tables.is_empty() && !self.line.trim().is_empty() {
                    self.end_line();
                }
                self.tables.push(Table::default());
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.cells.clear();
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    (table.cell, table.column) = (String::new(), None);
                }
            }
            "cellAddr" => {
                let column = tag.try_get_attribute("colAddr").ok().flatten();
                let column = column.and_then(|it| it.value.parse().ok());
                if let Some(table) = self.tables.last_mut() {
                    table.column = column.filter(|it| *it < MAX_COLUMNS);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.is_text = false,
            "p" => match self.tables.last_mut() {
                Some(table) => table.cell.push(' '),
                None => self.end_line(),
            },
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    let at = table.column.unwrap_or(table.cells.len()).min(MAX_COLUMNS);
                    if table.cells.len() <= at {
                        table.cells.resize(at + 1, String::new());
                    }
                    table.cells[at] = table.cell.split_whitespace().collect::<Vec<_>>().join(" ");
                    table.cell.clear();
                }
            }
            "tr" => self.end_row(),
            "tbl" => {
                self.tables.pop();
                if self.tables.is_empty() {
                    self.text.push('\n');
                }
            }
            _ => {}
        }
    }

    /// A row of the outermost table is a line; of one inside a cell it is words of that cell.
    fn end_row(&mut self) {
        let depth = self.tables.len();
        let Some(table) = self.tables.last_mut() else { return };
        let cells = std::mem::take(&mut table.cells);
        if depth == 1 {
            self.text.push_str(&cells.join("\t"));
            self.text.push('\n');
        } else {
            let outer = &mut self.tables[depth - 2].cell;
            outer.push_str(&cells.join(" "));
            outer.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;

    fn package(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut made = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            let how = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
            made.start_file(*name, how).unwrap();
            made.write_all(text.as_bytes()).unwrap();
        }
        made.finish().unwrap().into_inner()
    }

    const SECTION: &str = "<hs:sec><hp:p><hp:run><hp:t>2. 설치 현황 &amp; 범위</hp:t></hp:run></hp:p>\
        <hp:p><hp:run><hp:tbl><hp:tr><hp:tc><hp:subList><hp:p><hp:run><hp:t>대수</hp:t></hp:run></hp:p>\
        </hp:subList><hp:cellAddr colAddr=\"0\" rowAddr=\"0\"/></hp:tc><hp:tc><hp:subList><hp:p><hp:run>\
        <hp:t>위치</hp:t></hp:run></hp:p></hp:subList><hp:cellAddr colAddr=\"1\" rowAddr=\"0\"/></hp:tc></hp:tr>\
        <hp:tr><hp:tc><hp:subList><hp:p><hp:run><hp:t>로비</hp:t></hp:run></hp:p></hp:subList>\
        <hp:cellAddr colAddr=\"1\" rowAddr=\"1\"/></hp:tc></hp:tr></hp:tbl></hp:run></hp:p></hs:sec>";

    #[test]
    fn paragraphs_are_lines_and_cells_stand_in_their_columns() {
        let second = "<hs:sec><hp:p><hp:run><hp:t>끝</hp:t></hp:run></hp:p></hs:sec>";
        let bytes = package(&[
            ("mimetype", "application/hwp+zip"),
            ("Contents/section10.xml", second),
            ("Contents/section2.xml", SECTION),
        ]);
        let text = hwpx_text(&bytes).unwrap();
        let lines: Vec<&str> = text.lines().filter(|it| !it.is_empty()).collect();
        assert_eq!(lines, ["2. 설치 현황 & 범위", "대수\t위치", "\t로비", "끝"]);
    }

    #[test]
    fn another_package_and_broken_xml_are_refused() {
        assert!(hwpx_text(&package(&[("word/document.xml", "<w/>")])).is_err());
        let broken = package(&[("Contents/section0.xml", "<hs:sec><hp:p></hs:sec>")]);
        assert!(hwpx_text(&broken).is_err());
    }
}
