//! Who answers for what: rows of tables, groups of columns, lines with a label.

use super::keeping::is_said;
use super::squeezed;
use crate::marker::marked;
use crate::scan::phones;
use crate::{ColumnKind, Item, Person, Published, Role, Row, RowKind, Table};

/// Every mention of somebody.
pub(super) fn people(published: &Published) -> Vec<Person> {
    let mut found = Vec::new();
    for table in &published.tables {
        let item = published.section_of(table.first).map_or(Item::Preamble, |it| it.item);
        if !matches!(item, Item::Annex | Item::Changes) {
            found.extend(of_table(table, item));
        }
    }
    for section in published.sections.iter().filter(|it| it.item != Item::Annex) {
        found.extend(of_lines(published, section));
    }
    found.sort_by_key(|it| it.line);
    found
}

/// The role that words tell, if they tell one.
pub(crate) fn role_of(text: &str) -> Option<Role> {
    let text = squeezed(text);
    let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
    if has(&["수탁", "위탁업체", "용역업체", "유지보수업체"]) {
        Some(Role::Contractor)
    } else if has(&["보호책임자"]) {
        Some(Role::ProtectionOfficer)
    } else if has(&["관리책임자", "운영책임자", "책임관", "총괄책임자", "책임자"])
    {
        Some(Role::Manager)
    } else if has(&["접근권한", "접근가능", "취급자", "권한자"]) {
        Some(Role::Access)
    } else if has(&["담당자", "운영자", "관리자"]) {
        Some(Role::Officer)
    } else {
        None
    }
}

const ABOUT_PERSONS: [ColumnKind; 4] =
    [ColumnKind::Name, ColumnKind::Title, ColumnKind::Department, ColumnKind::Contact];

fn of_table(table: &Table, item: Item) -> Vec<Person> {
    let has = |kind: ColumnKind| table.column(kind).is_some();
    let is_about = has(ColumnKind::Name)
        || (has(ColumnKind::Contact) && (has(ColumnKind::Title) || has(ColumnKind::Department)));
    let by_rows = table.rows.iter().any(|row| row_role(table, row).is_some());
    let has_roles = by_rows && (has(ColumnKind::Contact) || item == Item::People);
    if !is_about && !has_roles {
        return Vec::new();
    }
    if has(ColumnKind::Company) {
        return table
            .rows
            .iter()
            .filter(|row| row.kind != RowKind::Note)
            .filter_map(|row| contractor(table, row, item))
            .collect();
    }
    let roles = column_roles(table);
    let mut found: Vec<Person> = Vec::new();
    for row in table.rows.iter().filter(|row| matches!(row.kind, RowKind::Body | RowKind::Example))
    {
        if roles.is_empty() || by_rows {
            found.extend(of_row(table, row, item, &mut None));
        } else {
            for role in &roles {
                if let Some(person) = of_columns(table, row, item, role) {
                    push(&mut found, person);
                }
            }
        }
    }
    found
}

/// A row with nothing but a telephone number goes to the person above.
fn push(found: &mut Vec<Person>, person: Person) {
    let only_contact =
        person.name.is_none() && person.title.is_none() && person.department.is_none();
    match found.last_mut() {
        Some(above) if only_contact && above.contact.is_none() => {
            above.contact = person.contact;
            above.contact_is_empty = false;
        }
        _ if only_contact && person.contact.is_none() => {}
        _ => found.push(person),
    }
}

/// The roles that headings of columns name, each with its columns.
fn column_roles(table: &Table) -> Vec<(String, Vec<usize>)> {
    let mut roles: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let word = column.title.split_whitespace().rev().find(|it| role_of(it).is_some());
        let Some(word) = word.filter(|_| ABOUT_PERSONS.contains(&column.kind)) else { continue };
        let upto = column.title.find(word).map_or(0, |from| from + word.len());
        let role = column.title[..upto].trim().to_owned();
        match roles.iter_mut().find(|(name, _)| *name == role) {
            Some((_, columns)) => columns.push(at),
            None => roles.push((role, vec![at])),
        }
    }
    roles
}

/// The role that a row names in its first columns.
fn row_role(table: &Table, row: &Row) -> Option<String> {
    let cells = row.cells.iter().zip(&table.columns).take(3);
    cells
        .filter(|(_, column)| {
            matches!(
                column.kind,
                ColumnKind::Group | ColumnKind::Other | ColumnKind::Title | ColumnKind::Name
            )
        })
        .map(|(cell, _)| cell)
        .find(|cell| role_of(&cell.text).is_some() && cell.text.chars().count() <= 40)
        .map(|cell| cell.text.clone())
}

fn of_row(table: &Table, row: &Row, item: Item, role: &mut Option<String>) -> Option<Person> {
    let role_text = row_role(table, row).or_else(|| role.clone())?;
    let text = |kind: ColumnKind| {
        let at = table.columns.iter().enumerate().filter(|(_, it)| it.kind == kind);
        let mut cells = at.map(|(at, _)| row.cells[at].text.clone());
        cells.find(|it| is_said(it) && *it != role_text)
    };
    let has_contact = table.column(ColumnKind::Contact).is_some();
    let rest: Vec<&str> = row
        .cells
        .iter()
        .zip(&table.columns)
        .filter(|(_, column)| column.kind == ColumnKind::Other)
        .map(|(cell, _)| cell.text.as_str())
        .filter(|it| **it != *role_text)
        .collect();
    let contact = text(ColumnKind::Contact).or_else(|| phone_in(&rest.join(" ")));
    let parsed = parse(&text(ColumnKind::Name).unwrap_or_else(|| rest.join(" ")));
    Some(Person {
        line: row.line,
        item,
        role: role_of(&role_text)?,
        role_text: role_text.clone(),
        group: None,
        name: parsed.name,
        title: text(ColumnKind::Title).or(parsed.title),
        department: text(ColumnKind::Department).or(parsed.department),
        // A row below a merged cell shares the number above it.
        contact_is_empty: has_contact
            && contact.is_none()
            && !row.cells.first().is_some_and(|it| it.is_inherited),
        contact,
    })
}

fn of_columns(table: &Table, row: &Row, item: Item, role: &(String, Vec<usize>)) -> Option<Person> {
    let (name, columns) = role;
    let own = |kind: ColumnKind| {
        let at = columns.iter().find(|at| table.columns[**at].kind == kind)?;
        Some(row.cells[*at].text.clone())
    };
    let shared = |kind: ColumnKind| {
        let all_roles = |title: &str| title.split_whitespace().any(|it| role_of(it).is_some());
        let at = table.columns.iter().position(|it| it.kind == kind && !all_roles(&it.title))?;
        Some(row.cells[at].text.clone())
    };
    let said = |text: Option<String>| text.filter(|it| is_said(it));
    let cell = said(own(ColumnKind::Name)).unwrap_or_default();
    let parsed = parse(&cell);
    let has_contact =
        own(ColumnKind::Contact).is_some() || table.column(ColumnKind::Contact).is_some();
    let contact = said(own(ColumnKind::Contact))
        .or_else(|| said(shared(ColumnKind::Contact)))
        .or_else(|| phone_in(&cell));
    Some(Person {
        line: row.line,
        item,
        role: role_of(name)?,
        role_text: name.clone(),
        group: table
            .cell(row, ColumnKind::Group)
            .or_else(|| table.cell(row, ColumnKind::Place))
            .map(|it| it.text.clone()),
        name: parsed.name,
        title: said(own(ColumnKind::Title))
            .or_else(|| said(shared(ColumnKind::Title)))
            .or(parsed.title),
        department: said(own(ColumnKind::Department))
            .or_else(|| said(shared(ColumnKind::Department)))
            .or(parsed.department),
        contact_is_empty: has_contact && contact.is_none(),
        contact,
    })
}

fn contractor(table: &Table, row: &Row, item: Item) -> Option<Person> {
    let text =
        |kind: ColumnKind| table.cell(row, kind).map(|it| it.text.clone()).filter(|it| is_said(it));
    let parsed = parse(&text(ColumnKind::Name)?);
    Some(Person {
        line: row.line,
        item,
        role: Role::Contractor,
        role_text: "수탁업체".into(),
        group: None,
        name: parsed.name,
        title: text(ColumnKind::Title).or(parsed.title),
        department: text(ColumnKind::Company),
        contact: text(ColumnKind::Contact),
        contact_is_empty: table.column(ColumnKind::Contact).is_some()
            && text(ColumnKind::Contact).is_none(),
    })
}

/// `관리책임자: 시설과장 홍길동 (042-000-0000)`, and blocks below a role.
fn of_lines(published: &Published, section: &crate::Section) -> Vec<Person> {
    let mut found: Vec<Person> = Vec::new();
    let first = section.first + u32::from(!section.heading.is_empty());
    let about = section.is(Item::People);
    for line in published.source.between(first, section.last) {
        if published.is_in_table(line.number) || line.squeezed.is_empty() {
            continue;
        }
        let text = marked(&line.text).rest;
        let Some((label, value)) = text.split_once(':') else {
            let is_caption =
                about && line.squeezed.chars().count() <= 24 && role_of(text).is_some();
            if is_caption {
                found.push(person(line.number, section.item, text, ""));
            }
            continue;
        };
        let is_label = label.chars().count() <= 40;
        // `담당: 관리담당자 …`: the role stands behind the label.
        let asks = ["담당", "문의", "문의처", "연락처"].contains(&squeezed(label).as_str());
        let is_role = role_of(label).is_some() || (asks && role_of(value).is_some());
        if is_label && is_role && is_said(value) {
            found.push(person(line.number, section.item, label, value));
        } else if let Some(above) = found.last_mut().filter(|_| about && is_label) {
            attach(above, label, value);
        }
    }
    found.retain(|it| {
        it.name.is_some() || it.title.is_some() || it.department.is_some() || it.contact.is_some()
    });
    found
}

fn person(line: u32, item: Item, label: &str, value: &str) -> Person {
    // `담당자 및 연락처: 관리담당자 …`: the value knows the role better.
    let word = value.split([' ', ',', '(']).find(|it| role_of(it).is_some() && it.ends_with('자'));
    let role_text = word.map_or_else(|| label.trim().to_owned(), ToOwned::to_owned);
    let rest = word.map_or_else(
        || value.to_owned(),
        |word| value.replacen(word, " ", 1).replace("개인영상정보", " "),
    );
    let parsed = parse(&rest);
    let role = role_of(&role_text).or_else(|| role_of(label)).unwrap_or(Role::Other);
    Person {
        line,
        item,
        role,
        role_text: marked(role_text.trim()).rest.to_owned(),
        group: None,
        name: parsed.name,
        title: parsed.title,
        department: parsed.department,
        contact: phone_in(value),
        contact_is_empty: false,
    }
}

/// `직위: 과장` below a role.
fn attach(person: &mut Person, label: &str, value: &str) {
    let value = value.trim();
    if !is_said(value) {
        person.contact_is_empty |= crate::table::kind_of(label) == ColumnKind::Contact;
        return;
    }
    let own = Some(value.to_owned());
    match crate::table::kind_of(label) {
        ColumnKind::Name => person.name = parse(value).name.or(own),
        ColumnKind::Title => person.title = own,
        ColumnKind::Department => person.department = own,
        ColumnKind::Contact => person.contact = phone_in(value).or(own),
        _ => {}
    }
}

fn phone_in(text: &str) -> Option<String> {
    phones(text).first().map(|it| it.value.text.clone())
}

/// Name, title and department of a phrase.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parsed {
    name: Option<String>,
    title: Option<String>,
    department: Option<String>,
}

const TITLES: &[&str] = &[
    "과장",
    "팀장",
    "실장",
    "부장",
    "차장",
    "국장",
    "처장",
    "소장",
    "원장",
    "관장",
    "센터장",
    "대리",
    "책임",
    "주무관",
    "사무관",
    "서기관",
    "주임",
    "계장",
    "교장",
    "교감",
    "담당관",
    "본부장",
    "단장",
    "이사",
    "사장",
    "총장",
    "주사",
    "부시장",
    "시장",
    "군수",
    "구청장",
    "청장",
    "서장",
    "경위",
    "경감",
    "경정",
    "경사",
    "행정실장",
    "선임",
    "사원",
    "팀원",
    "매니저",
    "연구원",
    "직원",
    "부군수",
    "부구청장",
    "지사장",
    "지점장",
    "역장",
    "대장",
    "사무국장",
    "교사",
];

fn parse(phrase: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let without_phones = phones(phrase).first().map_or(phrase, |it| &phrase[..it.start]);
    for word in without_phones.split([' ', ',', '(', ')', '/', ':', '☎', '·', '\t']) {
        let word = word.trim_matches(|it: char| !it.is_alphanumeric() && !matches!(it, '○' | '*'));
        let length = word.chars().count();
        if word.is_empty() || length > 20 {
            continue;
        }
        let is_title = TITLES.iter().any(|it| word.ends_with(it));
        let is_department = ["과", "팀", "실", "국", "센터", "처", "단", "부", "소"]
            .iter()
            .any(|it| word.ends_with(it));
        let is_hidden = word.contains(['○', '*']);
        if is_title && !(length == 3 && word.ends_with("이사")) {
            // `운영지원과장` is a title and tells the department.
            parsed.title.get_or_insert_with(|| word.to_owned());
        } else if is_department && length >= 3 && !is_hidden {
            parsed.department.get_or_insert_with(|| word.to_owned());
        } else if (2..=4).contains(&length) && (is_hidden || word.chars().all(is_hangul)) {
            // What is hidden is a name for sure, three letters nearly so.
            let rank = |it: &str| (it.contains(['○', '*']), it.chars().count() == 3);
            if parsed.name.as_deref().is_none_or(|it| rank(it) < rank(word)) {
                parsed.name = Some(word.to_owned());
            }
        }
    }
    parsed
}

fn is_hangul(letter: char) -> bool {
    ('가'..='힣').contains(&letter)
}
