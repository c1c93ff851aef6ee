//! Whether what came to the desk was answered in time, and whether all of it stands in the register.

use law::korean_holidays;
use time::{Date, Duration};

use crate::judge::{Found, broken, kept, unproven};
use crate::{Facts, Promise};

/// For so long after it was due an answer that came late breaks the promise: as long as promises are
/// published day by day. What is not answered breaks it until it is.
const BREAKS_FOR_DAYS: i64 = 31;
/// For so long it is counted.
const COUNTED_FOR_DAYS: i64 = 365;
/// Receipts that evidence names.
const MOST_NAMED: usize = 5;

/// A time within which somebody had to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerTerm {
    /// The number of receipt.
    pub receipt: String,
    /// The day from which the days count: of receipt, or that on which the reason of a postponement ended.
    pub from: Date,
    /// On which day it was told, or put off; none if it was not yet.
    pub ended: Option<Date>,
    /// Whether something of it was refused.
    pub is_refusal: bool,
}

/// What came to the desk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeskFacts {
    /// Of every request that was neither taken back nor left without who asks.
    pub terms: Vec<AnswerTerm>,
    /// Disclosures to others, and uses beyond the purpose, that were given.
    pub disclosures: u64,
    /// What of these is owed and late: receipt and duty, a line each.
    pub late_duties: Vec<String>,
}

/// How many terms there were, and which of them were not held.
#[derive(Default)]
struct Counted {
    ended: usize,
    open: usize,
    late: Vec<String>,
    late_in_the_year: usize,
}

impl Counted {
    /// None if the holidays are not known that far: then nobody can say when a day was the last.
    fn of<'t>(terms: impl Iterator<Item = &'t AnswerTerm>, days: u16, today: Date) -> Option<Self> {
        let mut counted = Self::default();
        for term in terms {
            // A last day on a holiday gives way to the next open day (Civil Act, article 161).
            let last = term.from.saturating_add(Duration::days(i64::from(days)));
            let due = korean_holidays().open_from(last)?;
            if (today - due).whole_days() > COUNTED_FOR_DAYS && term.ended.is_some() {
                continue;
            }
            match term.ended {
                Some(_) => counted.ended += 1,
                None => counted.open += 1,
            }
            if term.ended.unwrap_or(today) <= due {
                continue;
            }
            counted.late_in_the_year += 1;
            if term.ended.is_none() || (today - due).whole_days() <= BREAKS_FOR_DAYS {
                counted.late.push(term.receipt.clone());
            }
        }
        Some(counted)
    }
}

/// Answers, or of `requests.refusal` the refusals alone.
pub(crate) fn answered(promise: &Promise, facts: &Facts, days: u16) -> Found {
    let refusals_only = promise.id == "requests.refusal";
    let terms = facts.desk.terms.iter().filter(|it| !refusals_only || it.is_refusal);
    let Some(counted) = Counted::of(terms, days, facts.today) else {
        return unproven(
            "그 해의 공휴일을 몰라 기한을 셀 수 없습니다. 프로그램을 새로 설치하십시오.",
            "The holidays of that year are not known, so days cannot be counted: update the program.",
        );
    };
    let Counted { ended, open, late, late_in_the_year } = counted;
    if !late.is_empty() {
        let (count, names) = (late.len(), named(&late));
        return broken(
            format!("{days}일을 넘긴 청구가 {count}건 있습니다(접수번호 {names})."),
            format!("{count} requests were not answered within {days} days (receipts {names})."),
        );
    }
    match (ended, open) {
        (0, 0) if refusals_only => unproven(
            "지난 1년 동안 여기서 거절한 청구가 없습니다.",
            "Nothing was refused here within a year.",
        ),
        (0, 0) => unproven(
            "지난 1년 동안 여기서 접수한 청구가 없습니다.",
            "No request was taken in here within a year.",
        ),
        (0, open) => unproven(
            format!("접수한 청구 {open}건이 아직 기한 안에 있으며, 답한 것은 없습니다."),
            format!("{open} requests are within their time; none was answered yet."),
        ),
        _ => kept(
            format!(
                "지난 1년 동안 {ended}건을 알렸고 {open}건이 기한 안에 있습니다. 늦게 알린 것은 {late_in_the_year}건입니다. 여기서 접수하지 않은 청구는 보지 못합니다."
            ),
            format!(
                "Within a year {ended} were answered, {late_in_the_year} of them late, and {open} are within their time. What was not taken in here is not seen."
            ),
        ),
    }
}

/// Every use, disclosure, destruction and request makes its row itself.
pub(crate) fn register(facts: &Facts) -> Found {
    if !facts.ledger_appends {
        return unproven(
            "원장에 쓸 수 없어 지금은 아무 일도 적히지 않고, 볼 수도 없습니다.",
            "The ledger cannot be written: nothing is entered now, and nobody can look.",
        );
    }
    let (viewings, disclosures) = (facts.viewings, facts.desk.disclosures);
    let late = &facts.desk.late_duties;
    let (late_ko, late_en) = match late.len() {
        0 => Default::default(),
        count => (
            format!(" 제공에서 할 일 {count}건이 기한을 넘겼습니다({}).", named(late)),
            format!(" Of disclosures {count} duties are late ({}).", named(late)),
        ),
    };
    kept(
        format!(
            "이 시스템을 거친 열람 {viewings}건, 제공과 목적 외 이용 {disclosures}건, 그리고 모든 파기와 청구가 일어날 때 원장에 남았고, 대장은 원장에서 만들어집니다. 시스템 밖에서 한 일은 보지 못합니다.{late_ko}"
        ),
        format!(
            "{viewings} viewings, {disclosures} disclosures and all destruction and requests through this system were entered as they happened, and the registers are made from that. What was done otherwise is not seen.{late_en}"
        ),
    )
}

fn named(all: &[String]) -> String {
    let names = all.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
    if all.len() > MOST_NAMED { format!("{names}, …") } else { names }
}
