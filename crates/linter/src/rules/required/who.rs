//! Manager, department, contact, who has access; who works for the institution.

use crate::rules::look::{digits, has_any, is_blank};
use crate::{ColumnKind, Found, Item, Look, Outsourced, Role, Rule, Severity};

pub(in crate::rules) const PERSON: Rule =
    Rule { id: "required.person", severity: Severity::Error, law: "Dec 25(1)3", look: person };
pub(in crate::rules) const DEPARTMENT: Rule = Rule {
    id: "required.department",
    severity: Severity::Warning,
    law: "Dec 25(1)3",
    look: department,
};
pub(in crate::rules) const CONTACT: Rule =
    Rule { id: "required.contact", severity: Severity::Error, law: "Dec 25(1)3", look: contact };
pub(in crate::rules) const ACCESS_LIST: Rule = Rule {
    id: "required.access_list",
    severity: Severity::Warning,
    law: "Dec 25(1)3",
    look: access_list,
};
pub(in crate::rules) const PROCESSOR: Rule = Rule {
    id: "required.processor",
    severity: Severity::Error,
    law: "Act 26(2), Guide 43(1)",
    look: processor,
};
/// The same as [`PROCESSOR`], where nothing is said: that may be true of who gives no work to others.
pub(in crate::rules) const PROCESSOR_UNSAID: Rule = Rule {
    id: "required.processor",
    severity: Severity::Warning,
    law: "Act 26(2), Guide 43(1)",
    look: processor_unsaid,
};
pub(in crate::rules) const PROCESSOR_SIGN: Rule = Rule {
    id: "required.processor_sign",
    severity: Severity::Warning,
    law: "Dec 26(2), Act 25(4)",
    look: processor_sign,
};

fn is_responsible(role: Role) -> bool {
    matches!(role, Role::Manager | Role::ProtectionOfficer)
}

fn person(look: &Look<'_>) -> Vec<Found> {
    let named = look.published.people.iter().any(|it| is_responsible(it.role));
    // A heading that names the role, with a telephone below it, is the manager of a shorter text.
    let below = look.published.about(Item::People).any(|section| {
        section.heading.contains("책임자")
            && look
                .published
                .phones
                .iter()
                .any(|it| (section.first..=section.last).contains(&it.line))
    });
    let said = look.prose().any(|it| {
        has_any(&it.squeezed, &["관리책임자:", "보호책임자:", "책임자:", "책임관:"])
            || it.squeezed.starts_with("관리책임자")
            || (it.squeezed.contains("관리책임자") && digits(&it.squeezed).len() >= 7)
    });
    if named || below || said {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::People),
        "관리책임자가 없습니다. 직위와 부서, 연락처를 적으십시오.",
        "the manager is missing: name title, department and contact",
    )]
}

/// Whether a word is a department and not a room.
fn is_department(word: &str) -> bool {
    const UNITS: [&str; 11] =
        ["과", "팀", "부", "국", "처", "실", "센터", "담당관", "사업소", "본부", "단"];
    const ROOMS: [&str; 18] = [
        "안내실",
        "상황실",
        "방재실",
        "보안실",
        "관제실",
        "전산실",
        "통신실",
        "경비실",
        "사무실",
        "당직실",
        "숙직실",
        "서버실",
        "감시실",
        "연락처",
        "영상실",
        "방송실",
        "센터장",
        "간부",
    ];
    let word = word.trim_matches(|it: char| !it.is_alphanumeric());
    let long = word.chars().count() >= 3;
    long && UNITS.iter().any(|it| word.ends_with(it)) && !ROOMS.iter().any(|it| word.ends_with(it))
}

fn department(look: &Look<'_>) -> Vec<Found> {
    if !look.has_section(Item::People) {
        return Vec::new();
    }
    let part = look.part(&[Item::People]);
    let in_tables = look.published.about(Item::People).any(|section| {
        look.published.tables_of(section).any(|it| it.column(ColumnKind::Department).is_some())
    });
    let named = look.published.people.iter().any(|it| {
        it.item == Item::People && it.department.as_ref().is_some_and(|it| !it.trim().is_empty())
    });
    let lines = look
        .published
        .about(Item::People)
        .flat_map(|section| look.published.source.between(section.first + 1, section.last));
    let mut words = lines
        .flat_map(|line| line.text.split(|it: char| it.is_whitespace() || "(),:/|".contains(it)));
    // The institution itself is no department of it.
    let whose = look.published.institution.as_ref().map_or("", |it| it.value.as_str());
    let worded = words.any(|word| is_department(word) && !whose.contains(word));
    if in_tables || named || worded || part.has_any(&["부서", "소속"]) {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::People),
        "담당 부서가 없습니다. 직책과 함께 부서를 적으십시오.",
        "the department is missing: name it beside the title",
    )]
}

fn contact(look: &Look<'_>) -> Vec<Found> {
    let ours = look
        .published
        .people
        .iter()
        .filter(|it| it.item == Item::People && !matches!(it.role, Role::Contractor));
    let empty = ours.filter(|it| {
        let told = it.contact.as_deref().unwrap_or("");
        let is_dash = it.contact.is_some() && is_blank(told) && !told.contains('○');
        (it.contact_is_empty || is_dash) && digits(told).len() < 3
    });
    // Cells that came out of their rows: there are as many numbers as persons.
    let persons = look.published.people.iter().filter(|it| it.item == Item::People).count();
    let numbers = look.published.phones.iter().filter(|it| !it.is_fax);
    let numbers = numbers.filter(|it| look.item(it.line) == Item::People).count();
    if let Some(first) = empty.map(|it| it.line).min().filter(|_| numbers < persons) {
        return vec![Found::new(
            first,
            "연락처 칸이 비어 있습니다. 전화번호를 적으십시오.",
            "the contact is empty: give a telephone number",
        )];
    }
    let whole = look.whole();
    let reachable = !look.published.phones.is_empty()
        || has_any(&whole.text, &["○○○-", "-○○○", "@", "전화번호", "☎", "연락처:"]);
    if reachable {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::People),
        "연락처가 어디에도 없습니다. 관리책임자와 담당 부서의 전화번호를 적으십시오.",
        "there is no contact at all: give the telephone of manager and department",
    )]
}

fn access_list(look: &Look<'_>) -> Vec<Found> {
    // An officer (담당자) works with footage; an officer for its protection (보호담당자) need not.
    let named = look.published.people.iter().any(|it| {
        it.role == Role::Access || (it.role == Role::Officer && !it.role_text.contains("보호"))
    });
    let said = look.part(&[Item::People]).has_any(&["접근", "열람권한", "취급자", "권한자"]);
    // Named under another heading.
    let said = said
        || look.prose().any(|it| {
            let is_officer = matches!(look.item(it.number), Item::People | Item::Preamble)
                && it
                    .squeezed
                    .replace("보호담당자", "")
                    .replace("보안담당자", "")
                    .contains("담당자");
            (is_officer || it.squeezed.contains("접근권한자")) && digits(&it.squeezed).len() >= 7
        });
    if named || said {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::People),
        "영상정보에 접근할 수 있는 사람이 없습니다. 접근권한자의 직위와 연락처를 적으십시오.",
        "nobody is named who has access to footage: list them with title and contact",
    )]
}

fn is_named(look: &Look<'_>) -> bool {
    let companies = &look.published.processor.companies;
    let is_read = companies.iter().any(|it| !is_blank(&it.name) && !it.name.contains("○○"));
    is_read || is_written(look)
}

/// Below the section's column words stands a company or a number, though no table could be read.
fn is_written(look: &Look<'_>) -> bool {
    let words = look.part(&[Item::Processor]);
    let has_number =
        || look.published.phones.iter().any(|it| look.item(it.line) == Item::Processor);
    words.has_any(&["수탁업체", "업체명", "수탁자", "수탁사", "위탁업체"])
        && (words.has_any(&["(주)", "㈜", "주식회사"]) || has_number())
}

/// Work is said to be given to others, and nobody is named.
fn processor(look: &Look<'_>) -> Vec<Found> {
    let said = look.published.processor.says_yes.filter(|_| !is_named(look));
    let found = said.map(|line| {
        Found::new(
            line,
            "위탁한다고 하면서 수탁업체가 없습니다. 업체의 이름과 연락처, 맡긴 업무를 적거나 위탁하지 않는다고 적으십시오.",
            "work is said to be given to others, but no company is named: name it, or say that none is",
        )
    });
    found.into_iter().collect()
}

/// Nothing is said of contractors at all.
fn processor_unsaid(look: &Look<'_>) -> Vec<Found> {
    let told = &look.published.processor;
    let is_unsaid = told.outsourced == Outsourced::Unknown && told.says_yes.is_none();
    if !is_unsaid || is_named(look) {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::Processor),
        "설치·관리를 위탁하는지 적지 않았습니다. 위탁하면 수탁업체를, 아니면 위탁하지 않는다고 적으십시오.",
        "it is not said whether work is given to others: name the company, or say that none is",
    )]
}

fn processor_sign(look: &Look<'_>) -> Vec<Found> {
    let told = &look.published.processor;
    let is_given =
        told.outsourced == Outsourced::Yes || (told.says_yes.is_some() && told.says_no.is_none());
    let has_sign = look.prose().any(|it| it.squeezed.contains("안내판"));
    if !is_given || has_sign {
        return Vec::new();
    }
    let line = told.says_yes.or_else(|| told.companies.first().map(|it| it.line)).unwrap_or(0);
    vec![Found::new(
        line,
        "위탁하면 안내판에 수탁자의 명칭과 연락처를 적어야 하는데 안내판에 관한 내용이 없습니다. 적고 안내판을 확인하십시오.",
        "the contractor's name and contact belong on the signs, of which nothing is said: say so, and check the signs",
    )]
}
