//! The rules: one short module per family.
//!
//! A rule is a constant (id, severity, article) and a function that looks. It finds one thing once: a term
//! that stands forty times is one finding, on its first line. In doubt it is silent. A few have one id and
//! two severities: what contradicts itself is an error, what is only unsaid a warning.

mod conflict;
mod count;
mod deadline;
mod form;
mod ground;
mod look;
mod naming;
mod notice;
mod outdated;
mod people;
mod place;
mod regions;
mod required;
mod retention;
mod safety;
mod style;
mod template;
mod term;
mod version;

use crate::Rule;

/// All rules, by family.
pub const RULES: &[Rule] = &[
    count::SUM,
    count::MISSING,
    count::CELL_EMPTY,
    conflict::RETENTION,
    conflict::STORAGE,
    conflict::DEADLINE,
    conflict::CONTRACTOR_ACCESS,
    conflict::HOURS,
    conflict::PROCESSOR,
    conflict::REFERENCE,
    people::PERSON,
    people::ROLE_TITLE,
    naming::HEADING,
    naming::OTHER_DOCUMENT,
    naming::NAME,
    notice::BROKEN,
    notice::HOLIDAY,
    version::GAP,
    version::ORDER,
    version::UNREACHABLE,
    template::PLACEHOLDER,
    template::REMNANT,
    template::DEBRIS,
    required::what::GROUND,
    required::what::PURPOSE,
    required::what::CAMERAS,
    required::what::RANGE,
    required::what::OTHER,
    required::who::PERSON,
    required::who::DEPARTMENT,
    required::who::CONTACT,
    required::who::ACCESS_LIST,
    required::who::PROCESSOR,
    required::who::PROCESSOR_UNSAID,
    required::who::PROCESSOR_SIGN,
    required::kept::HOURS,
    required::kept::RETENTION,
    required::kept::STORAGE,
    required::kept::SAFETY,
    required::kept::ENCRYPTION,
    required::rights::VIEWING,
    required::rights::REQUESTS,
    required::rights::REFUSAL,
    required::rights::DEADLINE,
    outdated::TERM,
    outdated::URGENT_INTEREST,
    outdated::REFUSAL,
    outdated::DESTRUCTION_REQUEST,
    outdated::ARTICLE,
    outdated::FORM,
    deadline::ACTION,
    deadline::LONG,
    deadline::QUALIFIER,
    deadline::WIDER,
    deadline::NOT_ALLOWED,
    ground::NONOPEN,
    ground::RESTATED,
    ground::UNSPECIFIED,
    ground::FORBIDDEN,
    retention::MINIMUM,
    retention::MONTH,
    retention::LONG,
    retention::BOUND_ONLY,
    safety::PASSWORD,
    safety::SOUND,
    form::ABSENT,
    form::NUMBER,
    form::CONSENT_WORDS,
    form::REVERSED,
    place::FAR,
    place::AREA,
    place::PERSONAL,
    place::RANGE_UNCLEAR,
    term::MISSPELT,
    style::PARTICLE,
    style::SEPARATOR,
    style::MIXED_TERMS,
];
