//! Whether work is given to others, and to whom.

use super::keeping::is_said;
use super::labels::Labelled;
use super::squeezed;
use crate::{ColumnKind, Company, Item, Outsourced, Processor, Published, RowKind};

/// Reads what is said of work that is given to others.
pub(super) fn processor(published: &Published, labels: &[Labelled]) -> Processor {
    let mut made = Processor { companies: companies(published, labels), ..Processor::default() };
    for section in &published.sections {
        let about = section.is(Item::Processor);
        if section.item == Item::Annex {
            continue;
        }
        for line in published.source.between(section.first, section.last) {
            let is_heading = line.number == section.first && !section.heading.is_empty();
            if !is_heading {
                sentence(&mut made, line.number, &line.squeezed, about);
            }
        }
    }
    if made.says_no.is_none() {
        made.says_no = empty_table(published);
    }
    let named = made.companies.iter().any(|it| !it.name.contains('○'));
    made.outsourced = match (named, made.says_yes, made.says_no) {
        (true, _, None) => Outsourced::Yes,
        (true, _, Some(_)) | (false, Some(_), Some(_)) | (false, None, None) => Outsourced::Unknown,
        (false, Some(_), None) => Outsourced::Yes,
        (false, None, Some(_)) => Outsourced::No,
    };
    made
}

fn sentence(made: &mut Processor, line: u32, text: &str, about: bool) {
    let speaks = ["위탁", "수탁", "용역"].iter().any(|it| text.contains(it));
    let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
    let no = [
        "위탁하지않",
        "위탁하고있지않",
        "위탁하지아니",
        "위탁업체없음",
        "위탁없음",
        "미위탁",
        "위탁사항없음",
        "위탁하는업무가없",
        "위탁업무없음",
        "위탁해당없음",
        "위탁사항이없",
    ];
    let says_no = has(&no)
        || (about
            && has(&[
                "해당없음",
                "해당사항없음",
                "해당사항이없",
                "해당없습니다",
                "직접운영",
                "직접관리",
            ]));
    if says_no {
        made.says_no.get_or_insert(line);
    } else if about
        && speaks
        && has(&[
            "위탁하고",
            "위탁하며",
            "위탁하여",
            "위탁합니다",
            "위탁한다",
            "위탁운영",
            "위탁·운영",
            "위탁관리하고",
            "위탁하였",
        ])
    {
        let is_case =
            has(&["위탁하는경우", "위탁할경우", "위탁하려는", "위탁하고자", "위탁시에는"]);
        if !is_case {
            made.says_yes.get_or_insert(line);
        }
    }
    let of_company = speaks || has(&["업체"]);
    if of_company
        && has(&[
            "접근할수없",
            "접근이불가",
            "접근불가",
            "접근할수가없",
            "열람할수없",
            "반출할수없",
            "열람하거나반출",
            "취급할수없",
        ])
    {
        made.no_access.get_or_insert(line);
    } else if of_company
        && has(&["접근가능", "접근할수있", "접근이가능", "접근을허용", "접근할수있음"])
    {
        made.access.get_or_insert(line);
    }
}

/// A table of companies in which only dashes stand.
fn empty_table(published: &Published) -> Option<u32> {
    for table in published.tables.iter().filter(|it| it.column(ColumnKind::Company).is_some()) {
        let body: Vec<_> = table.rows.iter().filter(|row| row.kind == RowKind::Body).collect();
        let is_dash = |text: &str| !text.is_empty() && !is_said(text) || says_none(text);
        let all = body
            .iter()
            .all(|row| row.cells.iter().all(|it| it.text.is_empty() || is_dash(&it.text)));
        let any = body.iter().find(|row| row.cells.iter().any(|it| is_dash(&it.text)));
        if let Some(row) = any.filter(|_| all) {
            return Some(row.line);
        }
    }
    None
}

fn says_none(text: &str) -> bool {
    let bare = squeezed(text);
    ["해당없음", "없음", "해당사항없음", "N/A", "무", "해당무"].contains(&bare.as_str())
}

/// `유지보수를 (주)가나(02-000-0000)에 위탁하며`.
fn of_sentences(published: &Published) -> Vec<Company> {
    const FORMS: [&str; 4] = ["(주)", "㈜", "주식회사", "(유)"];
    let mut found = Vec::new();
    for section in published.about(Item::Processor) {
        for line in published.source.between(section.first + 1, section.last) {
            let words = line.text.split([' ', ',', '\t', ':']);
            let named = words
                .filter(|it| FORMS.iter().any(|form| it.contains(form)) && it.chars().count() > 3);
            for word in named.filter(|_| !published.is_in_table(line.number)) {
                let name = word.split("에게").next().unwrap_or(word);
                let open = name
                    .char_indices()
                    .find(|(at, it)| *it == '(' && *at > 0 && !name[*at..].starts_with("(주)"));
                let name = open.map_or(name, |(at, _)| &name[..at]);
                let name = name.trim_end_matches(['에', '을', '를', '와', '과', '.', '는', '은']);
                let contact =
                    crate::scan::phones(&line.text).first().map(|it| it.value.text.clone());
                found.push(Company {
                    line: line.number,
                    name: name.to_owned(),
                    person: None,
                    contact,
                    work: None,
                });
            }
        }
    }
    found
}

/// A row of the table of persons: `수탁업체 | (주)가나다 | 02-000-0000`.
fn among_persons(published: &Published) -> Vec<Company> {
    let rows = published.tables.iter().flat_map(|it| &it.rows);
    let named = rows.filter_map(|row| {
        let label = row.cells.first().filter(|it| !it.is_inherited)?;
        let is_label = ["수탁업체", "수탁자", "수탁사", "위탁업체", "유지보수업체"]
            .contains(&squeezed(&label.text).as_str());
        let name = row.cells.get(1).filter(|it| is_label && is_said(&it.text))?;
        let contact = row
            .cells
            .iter()
            .find_map(|it| crate::scan::phones(&it.text).first().map(|it| it.value.text.clone()));
        let is_real = !says_none(&name.text) && !name.text.contains("OO");
        let name = name.text.clone();
        is_real.then_some(Company { line: row.line, name, person: None, contact, work: None })
    });
    named.collect()
}

fn companies(published: &Published, labels: &[Labelled]) -> Vec<Company> {
    let mut found: Vec<Company> = Vec::new();
    for table in &published.tables {
        let in_annex = published.section_of(table.first).is_some_and(|it| it.item == Item::Annex);
        for row in table.rows.iter().filter(|row| row.kind != RowKind::Note && !in_annex) {
            let text = |kind: ColumnKind| {
                table
                    .cell(row, kind)
                    .map(|it| it.text.clone())
                    .filter(|it| is_said(it) && !says_none(it))
            };
            let Some(name) = text(ColumnKind::Company) else { continue };
            found.push(Company {
                line: row.line,
                name,
                person: text(ColumnKind::Name),
                contact: text(ColumnKind::Contact),
                work: text(ColumnKind::Work),
            });
        }
    }
    if found.is_empty() {
        found.extend(of_sentences(published));
    }
    if found.is_empty() {
        found.extend(among_persons(published));
    }
    let mut last: Option<usize> = None;
    for label in labels.iter().filter(|it| !it.in_table && it.item == Item::Processor) {
        let value = label.value.clone();
        let is_real = is_said(&value) && !says_none(&value);
        match label.kind {
            ColumnKind::Company if is_real => {
                found.push(Company {
                    line: label.line,
                    name: value,
                    person: None,
                    contact: None,
                    work: None,
                });
                last = Some(found.len() - 1);
            }
            ColumnKind::Contact if is_real => {
                if let Some(company) = last.and_then(|at| found.get_mut(at)) {
                    company.contact.get_or_insert(value);
                }
            }
            ColumnKind::Work if is_real => {
                if let Some(company) = last.and_then(|at| found.get_mut(at)) {
                    company.work.get_or_insert(value);
                }
            }
            _ => {}
        }
    }
    found
}
