//! A document as one page of HTML: no script, no file beside it, readable by a screen reader, and
//! printable (WCAG 2.2 AA; KWCAG 2.2).

use std::fmt::Write as _;

use crate::{Block, Cell, Document, Paper, Row, Sentence, Sign};

/// What the page looks like; on paper without what is for the screen.
const STYLE: &str = "\
body{margin:0;color:#1a1a1a;background:#fff;font:1rem/1.7 'Pretendard','Noto Sans KR','NanumGothic',sans-serif}\
main{max-width:52rem;margin:0 auto;padding:2rem 1rem 4rem}\
h1{font-size:1.6rem;line-height:1.35;text-wrap:balance}h2{font-size:1.2rem;margin-top:2.4rem}h3{font-size:1.05rem;margin-top:1.8rem}\
p,li,td,th{word-break:keep-all;overflow-wrap:break-word}\
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:1rem 0}\
caption{text-align:left;color:#444;padding-bottom:.4rem}\
th,td{border:1px solid #767676;padding:.45rem .6rem;text-align:left;vertical-align:top}th{background:#f0f2f5;font-weight:600}th[scope=row]:not([colspan]){width:9.5rem}td{white-space:pre-wrap}td:empty{min-width:4rem;height:1.7rem}\
.note,footer{color:#444;font-size:.92rem}footer{border-top:1px solid #767676;margin-top:3rem;padding-top:1rem}\
a{color:#0b4a99}a.skip{position:absolute;left:-999rem}a.skip:focus{left:1rem;top:1rem;background:#fff;padding:.5rem 1rem}\
:focus-visible{outline:3px solid #0b4a99;outline-offset:2px}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.6rem 1.4rem;font-size:1.15rem}dt{font-weight:600}dd{margin:0}\
@media(max-width:40rem){dl{grid-template-columns:1fr}}\
@media print{main{max-width:none;padding:0}a.skip{display:none}h2,h3{break-after:avoid}tr{break-inside:avoid}.page{break-before:page}}";

/// The document as a page. `aside` is markup of the caller's own that stands after the title (links to
/// earlier versions, say); nothing in it may come from elsewhere unescaped.
#[must_use]
pub fn html(document: &Document, aside: &str) -> String {
    match document {
        Document::Paper(paper) => page(&paper.title, &paper.language, &body(paper, aside)),
        Document::Sign(sign) => page(&sign.title, &sign.language, &sign_body(sign, aside)),
    }
}

fn page(title: &str, language: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">{skip}</a>\n\
         <main id=\"content\">\n{body}</main>\n</body>\n</html>\n",
        language = escape(language),
        title = escape(title),
        skip = if language == "ko" { "본문 바로가기" } else { "Skip to content" },
    )
}

fn body(paper: &Paper, aside: &str) -> String {
    let mut out = format!("<h1>{}</h1>\n{aside}", escape(&paper.title));
    for block in &paper.blocks {
        write_block(&mut out, block);
    }
    let _ = writeln!(out, "<footer><p>{}</p></footer>", escape(&paper.footer));
    out
}

fn sign_body(sign: &Sign, aside: &str) -> String {
    let mut out = format!("<h1>{}</h1>\n{aside}<dl>\n", escape(&sign.title));
    for line in &sign.lines {
        let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(&line.label), escape(&line.text));
    }
    out.push_str("</dl>\n");
    if let Some(url) = &sign.url {
        let _ = writeln!(out, "<p>{}</p>", escape(url));
    }
    if let Some(text) = &sign.translation {
        let _ = writeln!(out, "<p lang=\"en\">{}</p>", escape(text));
    }
    let _ = writeln!(out, "<footer><p>{}</p></footer>", escape(&sign.author));
    out
}

fn write_block(out: &mut String, block: &Block) {
    let _ = match block {
        Block::Heading { level, text } => {
            let level = level.clamp(&1, &3) + 1;
            writeln!(out, "<h{level}>{}</h{level}>", escape(text))
        }
        Block::Paragraph { sentences } => {
            let text: Vec<String> = sentences.iter().map(sentence).collect();
            writeln!(out, "<p>{}</p>", text.join(" "))
        }
        Block::List { is_numbered, items } => {
            let tag = if *is_numbered { "ol" } else { "ul" };
            let items: String =
                items.iter().map(|item| format!("<li>{}</li>\n", sentence(item))).collect();
            writeln!(out, "<{tag}>\n{items}</{tag}>")
        }
        Block::Table { caption, head, rows } => writeln!(out, "{}", table(caption, head, rows)),
        Block::Note { sentence: text } => {
            writeln!(out, "<p class=\"note\">※ {}</p>", sentence(text))
        }
        Block::PageBreak => writeln!(out, "<div class=\"page\"></div>"),
    };
}

/// A sentence; one that makes a promise can be pointed at.
fn sentence(sentence: &Sentence) -> String {
    match &sentence.promise {
        Some(id) => {
            let id = escape(id);
            format!("<span id=\"{id}\" data-promise=\"{id}\">{}</span>", escape(&sentence.text))
        }
        None => escape(&sentence.text),
    }
}

fn table(caption: &str, head: &[String], rows: &[Row]) -> String {
    // One that is wider than the screen is scrolled, by keyboard too.
    let label = escape(caption);
    let mut out = format!(
        "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\">\
         <table>\n<caption>{label}</caption>\n"
    );
    if !head.is_empty() {
        let names: String =
            head.iter().map(|name| format!("<th scope=\"col\">{}</th>", escape(name))).collect();
        let _ = writeln!(out, "<thead><tr>{names}</tr></thead>");
    }
    out.push_str("<tbody>\n");
    for row in rows {
        let cells: String = row.cells.iter().map(cell).collect();
        let promise = row.promise.as_deref().map_or_else(String::new, |id| {
            let id = escape(id);
            format!(" id=\"{id}\" data-promise=\"{id}\"")
        });
        let _ = writeln!(out, "<tr{promise}>{cells}</tr>");
    }
    out.push_str("</tbody>\n</table></div>");
    out
}

fn cell(cell: &Cell) -> String {
    let columns = match cell.columns {
        1 => String::new(),
        columns => format!(" colspan=\"{columns}\""),
    };
    let text = escape(&cell.text);
    if cell.is_label {
        format!("<th scope=\"row\"{columns}>{text}</th>")
    } else {
        format!("<td{columns}>{text}</td>")
    }
}

/// Text as HTML text or as the value of an attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReadDocumentError;

    fn paper(blocks: Vec<Block>) -> Document {
        Document::Paper(Paper {
            title: "방침".into(),
            author: "기관".into(),
            language: "ko".into(),
            date: "2026-11-22".into(),
            footer: "끝".into(),
            is_landscape: false,
            blocks,
        })
    }

    fn two_wide(cells: Vec<Cell>) -> Document {
        paper(vec![Block::Table {
            caption: "현황".into(),
            head: vec!["위치".into(), "대수".into()],
            rows: vec![Row { cells, promise: Some("P1".into()) }],
        }])
    }

    #[test]
    fn what_people_wrote_is_text_and_no_markup() {
        let evil = "<script>alert(1)</script>\"'&";
        let page = html(
            &paper(vec![
                Block::Heading { level: 1, text: evil.into() },
                Block::Paragraph { sentences: vec![evil.into()] },
                Block::Table {
                    caption: evil.into(),
                    head: vec![evil.into()],
                    rows: vec![Row { cells: vec![evil.into()], promise: Some(evil.into()) }],
                },
                Block::Note {
                    sentence: Sentence { text: evil.into(), promise: Some(evil.into()) },
                },
            ]),
            "",
        );
        assert!(!page.contains("<script") && !page.contains("\"'&"), "{page}");
        assert_eq!(page.matches("&lt;script&gt;").count(), 11);
    }

    #[test]
    fn a_document_is_the_same_after_its_json() {
        let document = two_wide(vec!["로비".into(), "2".into()]);
        assert_eq!(Document::read(document.to_json().as_bytes()).unwrap(), document);
        let page = html(&document, "");
        assert!(page.contains("<tr id=\"P1\" data-promise=\"P1\"><td>로비</td><td>2</td></tr>"));
    }

    #[test]
    fn a_ragged_table_is_refused() {
        let wide = Cell { text: "합계".into(), columns: 2, is_label: true };
        assert!(Document::read(two_wide(vec![wide.clone()]).to_json().as_bytes()).is_ok());
        let ragged = two_wide(vec![wide, "9".into()]).to_json();
        let error = Document::read(ragged.as_bytes()).unwrap_err();
        assert!(matches!(error, ReadDocumentError::RowWidth { columns: 3, expected: 2, .. }));
    }
}
