//! Who is named, and whether it is the same one everywhere.

use super::look::{digits, is_blank};
use crate::{Found, Item, Look, Person, Role, Rule, Severity};

pub(super) const PERSON: Rule =
    Rule { id: "conflict.person", severity: Severity::Error, law: "Dec 25(1)3", look: person };
pub(super) const ROLE_TITLE: Rule = Rule {
    id: "conflict.role_title",
    severity: Severity::Warning,
    law: "Dec 25(1)3, Guide 37",
    look: role_title,
};

fn name(person: &Person) -> Option<&str> {
    person.name.as_deref().filter(|it| !is_blank(it) && !it.contains('○') && *it != "홍길동")
}

fn differs(one: Option<&str>, other: Option<&str>) -> bool {
    let (one, other) = (digits(one.unwrap_or("")), digits(other.unwrap_or("")));
    let (short, long) = if one.len() < other.len() { (&one, &other) } else { (&other, &one) };
    short.len() >= 7 && !long.contains(short.as_str())
}

fn is_same_part(one: &Person, other: &Person) -> bool {
    one.group.is_none() || other.group.is_none() || one.group == other.group
}

/// A role that is held by one person here and by another there, or one person with two numbers.
fn person(look: &Look<'_>) -> Vec<Found> {
    let people = &look.published.people;
    let (listed, others): (Vec<&Person>, Vec<&Person>) =
        people.iter().partition(|it| it.item == Item::People);
    let mut found = Vec::new();
    for other in others.into_iter().filter(|it| it.item != Item::Annex) {
        let Some(called) = name(other) else { continue };
        let same = listed.iter().find(|it| name(it) == Some(called));
        let clash = if let Some(same) = same {
            differs(same.contact.as_deref(), other.contact.as_deref()).then_some(*same)
        } else {
            let mut held = listed.iter().filter(|it| {
                it.role == other.role
                    && it.role != Role::Other
                    && name(it).is_some()
                    && is_same_part(it, other)
            });
            held.next().copied()
        };
        if let Some(clash) = clash {
            found.push(Found::new(
                other.line,
                format!(
                    "같은 역할({})의 사람 또는 연락처가 {}번째 줄과 다릅니다. 하나로 맞추십시오.",
                    other.role_text, clash.line
                ),
                format!(
                    "another person or number for the same role than on line {}: mend one",
                    clash.line
                ),
            ));
        }
    }
    found.truncate(1);
    found
}

/// `관리책임자` and `보호책임자` for one and the same post.
fn role_title(look: &Look<'_>) -> Vec<Found> {
    // A text without headings is all preamble.
    let no_sections = !look.has_section(Item::People);
    let mut managers = Vec::new();
    let mut officers = Vec::new();
    for line in look.prose() {
        let about = match look.item(line.number) {
            Item::People | Item::Viewing => true,
            Item::Preamble => no_sections,
            _ => false,
        };
        if !about {
            continue;
        }
        // The privacy officer of the whole agency (개인정보 보호책임자) is a post of its own.
        let text = line.squeezed.replace("개인정보보호책임자", "");
        if text.contains("관리책임자") {
            managers.push(line.number);
        }
        if text.contains("보호책임자") {
            officers.push(line.number);
        }
    }
    // What has a telephone number is a row, whatever it was read as.
    let has_number = |line: u32| {
        look.published.source.line(line).is_some_and(|it| digits(&it.squeezed).len() >= 7)
    };
    let headings = |lines: &[u32]| lines.iter().any(|it| look.is_heading(*it) && !has_number(*it));
    let named = |role| look.published.people.iter().any(|it| it.role == role);
    let are_two = (headings(&managers) && headings(&officers))
        || (named(Role::Manager) && named(Role::ProtectionOfficer));
    match (managers.first(), officers.first()) {
        (Some(manager), Some(officer)) if !are_two => vec![Found::new(
            *officer,
            format!(
                "{manager}번째 줄의 ‘관리책임자’를 여기서는 ‘보호책임자’라고 부릅니다. ‘관리책임자’로 맞추십시오."
            ),
            format!(
                "the manager of line {manager} is called protection officer here: use one title"
            ),
        )],
        _ => Vec::new(),
    }
}
