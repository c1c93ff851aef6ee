//! What the registers of contractors and visitors have, told beside a promise. It decides nothing, and
//! says what it does not see.

use crate::judge::Found;
use crate::{Facts, Promise};

/// To the word of a person, what the ledger has of it beside; it decides nothing.
pub(crate) fn with_register(promise: &Promise, facts: &Facts, (state, ko, en): Found) -> Found {
    let beside = match promise.id.as_str() {
        "safety.supervision" => contractors_here(facts),
        "safety.area" | "safety.consent" => visitors(facts),
        _ => Default::default(),
    };
    (state, ko + &beside.0, en + &beside.1)
}

/// What the visitors' book has.
fn visitors(facts: &Facts) -> (String, String) {
    let (visits, consented) = (facts.visits, facts.visits_consented);
    if visits == 0 {
        return Default::default();
    }
    let without = facts.visits_admitted_without;
    (
        format!(
            " 출입 기록이 {visits}건 있습니다(동의 {consented}건, 동의 없이 들인 {without}건). 적지 않은 출입은 보지 못합니다."
        ),
        format!(
            " The visitors' book holds {visits} visits ({consented} with consent, {without} let in without). Who was not entered is not seen."
        ),
    )
}

/// What the ledger has of contractors who were here; nothing of who came to the machine itself.
pub(crate) fn contractors_here(facts: &Facts) -> (String, String) {
    let (sessions, outside) = (facts.contractor_sessions, facts.sessions_outside);
    match (facts.tickets, sessions, outside) {
        (0, 0, _) => Default::default(),
        (tickets, _, 0) => (
            format!(
                " 원장에 작업표 {tickets}건과 수탁업체의 접속 {sessions}회가 있고, 접속은 모두 열린 작업표의 시간 안에 시작하였습니다(지킴을 거치지 않은 접근은 보지 못합니다)."
            ),
            format!(
                " The ledger holds {tickets} tickets and {sessions} sessions of contractors, each begun within the time of an open ticket (whatever did not go through Jikim is not seen)."
            ),
        ),
        (tickets, ..) => (
            format!(
                " 원장에 작업표 {tickets}건과 수탁업체의 접속 {sessions}회가 있고, 그 가운데 {outside}회는 열린 작업표의 시간 밖에 시작하였습니다."
            ),
            format!(
                " The ledger holds {tickets} tickets and {sessions} sessions of contractors, of which {outside} did not begin within the time of an open ticket."
            ),
        ),
    }
}
