//! Reading: from lines to facts, one module for each kind of fact.

mod cameras;
mod citations;
mod contacts;
mod keeping;
mod labels;
mod names;
mod people;
mod processor;
mod purposes;
mod requests;
mod versions;

use crate::section::sections;
use crate::table::tables;
use crate::{ColumnKind, NotUnderstood, Published, Source};

use labels::Labelled;

/// Reads a policy. Whatever the text is, something comes back; at worst no fact.
#[must_use]
pub fn read(text: &str) -> Published {
    let source = Source::read(text);
    let tables = tables(&source);
    let sections = sections(&source, &tables);
    let mut published = Published { source, sections, tables, ..Published::default() };
    let labels = labels::labelled(&published);
    let names = names::names(&published);
    (published.title, published.institution) = (names.title, names.institution);
    (published.short, published.names) = (names.short, names.names);
    published.citations = citations::citations(&published);
    published.purposes = purposes::purposes(&published, &labels);
    let cameras = cameras::cameras(&published);
    published.cameras = cameras.cameras;
    published.not_understood = cameras.not_understood;
    published.people = people::people(&published);
    published.phones = contacts::all_phones(&published.source);
    published.addresses = contacts::addresses(&published.source);
    published.hours = keeping::hours(&published, &labels);
    published.retention = keeping::retention(&published, &labels);
    published.storage = keeping::places(&labels, ColumnKind::Storage);
    if published.storage.is_empty() {
        published.storage = keeping::storage_of_prose(&published);
    }
    if published.storage.is_empty() {
        published.storage = keeping::storage_in_line(&published);
    }
    published.viewing = keeping::places(&labels, ColumnKind::Viewing);
    published.measures = keeping::measures(&published);
    published.processor = processor::processor(&published, &labels);
    published.deadlines = requests::deadlines(&published);
    published.notice_days = requests::notice_days(&published.deadlines, &published);
    published.refusals = requests::refusals(&published);
    let (versions, wrong) = versions::versions(&published);
    published.versions = versions;
    published.not_understood.extend(wrong);
    published.forms = citations::forms(&published);
    let unread = unread(&published, &labels);
    published.not_understood.extend(unread);
    let unknown = unknown_groups(&published);
    published.not_understood.extend(unknown);
    published.not_understood.sort_by_key(|it| it.line);
    published.not_understood.dedup();
    published
}

/// Values with a label that should hold a period, and hold none.
fn unread(published: &Published, labels: &[Labelled]) -> Vec<NotUnderstood> {
    let of_period =
        labels.iter().filter(|it| it.kind == ColumnKind::Retention && keeping::is_said(&it.value));
    of_period
        .filter(|it| {
            published.retention.iter().all(|read| read.line != it.line) && !it.value.contains('○')
        })
        .map(|it| NotUnderstood { line: it.line, text: format!("{}: {}", it.label, it.value) })
        .collect()
}

/// Names in the first column of which the others are known from other tables: a scan that went wrong.
fn unknown_groups(published: &Published) -> Vec<NotUnderstood> {
    let mut known: Vec<String> =
        published.cameras.groups.iter().map(|it| squeezed(&it.name)).collect();
    known.extend(published.retention.iter().filter_map(|it| it.group.as_deref()).map(squeezed));
    let mut found = Vec::new();
    for table in &published.tables {
        let Some(column) = table.column(ColumnKind::Group) else { continue };
        let body = || {
            table
                .rows
                .iter()
                .filter(|row| row.kind == crate::RowKind::Body && !row.cells[column].is_inherited)
        };
        let is_known = |text: &str| known.contains(&squeezed(text));
        let matches = body().filter(|row| is_known(&row.cells[column].text)).count();
        if matches == 0 || table.column(ColumnKind::Count).is_some() {
            continue;
        }
        let wrong = body()
            .filter(|row| !is_known(&row.cells[column].text) && !row.cells[column].text.is_empty());
        found.extend(
            wrong.map(|row| NotUnderstood { line: row.line, text: row.cells[column].text.clone() }),
        );
    }
    found
}

pub(crate) use keeping::first_letters;
pub(crate) use people::role_of;

/// A text without any space.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|it| !it.is_whitespace()).collect()
}
