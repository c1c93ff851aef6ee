//! Requests as lines for a person, Korean first; moments in Korean time.

use std::fmt::Write as _;

use api::{
    RequestAgentKind, RequestAsked, RequestCase, RequestChannel, RequestDecided, RequestDue,
    RequestLine, RequestPerson, RequestState, RequestStepWord, Time,
};
use domain::WallTime;
use law::KOREA_AHEAD;

/// The board: a line for each request.
pub(super) fn board(lines: &[RequestLine]) -> String {
    if lines.is_empty() {
        return "접수된 청구가 없습니다. · No request was received.".into();
    }
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn line(line: &RequestLine) -> String {
    let mut parts = vec![line.id.clone(), state(line.state).into()];
    parts.extend(line.due.as_ref().map(due));
    if line.state == RequestState::AwaitsIdentity {
        parts
            .extend(line.identity_until.as_ref().map(|at| format!("{}까지 본인 확인", minute(at))));
    }
    parts.extend(about(line));
    parts.join("  ")
}

/// What is asked, of which cameras, of which time.
fn about(line: &RequestLine) -> Vec<String> {
    let asks: Vec<&str> = line.asks.iter().map(|it| asked(*it)).collect();
    let cameras: Vec<&str> = line.cameras.iter().map(|it| it.name.as_str()).collect();
    let span = match (&line.from, &line.until) {
        (Some(from), Some(until)) => format!("{} – {}", minute(from), minute(until)),
        _ => "기록이 파기됨".into(),
    };
    vec![asks.join("·"), cameras.join(", "), span]
}

fn due(due: &RequestDue) -> String {
    match due.days_left {
        0 => format!("기한 {} (오늘)", due.day),
        left if left > 0 => format!("기한 {} ({left}일 남음)", due.day),
        left => format!("기한 {} ({}일 지남)", due.day, -left),
    }
}

/// One request with everything that is said of it.
pub(super) fn case(case: &RequestCase) -> String {
    let line = &case.line;
    let mut text = String::new();
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "{name}: {value}");
    };
    row("접수번호 · number", &line.id);
    row("상태 · state", state(line.state));
    row("접수 · received", &format!("{} {}", minute(&line.received_at), case.received_by));
    if let Some(it) = &line.due {
        row("기한 · due", &due(it));
        for day in &it.days {
            row("  ", &format!("{} ({})", day.day, day.article));
        }
    }
    if let Some(at) = &line.identity_until {
        row("본인 확인 기한 · identity until", &minute(at));
    }
    let [asks, cameras, span] = about(line).try_into().unwrap_or_default();
    row("청구 · asked", &asks);
    row("카메라 · cameras", &cameras);
    row("시간 · time", &span);
    if !case.absent.is_empty() {
        let absent = line.cameras.iter().filter(|it| case.absent.contains(&it.id));
        let names: Vec<&str> = absent.map(|it| it.name.as_str()).collect();
        row("접수할 때 영상이 없던 카메라 · nothing was kept of", &names.join(", "));
    }
    match &line.hold {
        Some(hold) => {
            row("보전 · held", &format!("{}까지 ({})", minute(&hold.until), hold.state.word()));
        }
        None => row("보전 · held", "없음 · nothing"),
    }
    match &case.request {
        Some(request) => {
            row("청구인 · requester", &person(&request.requester));
            if let Some(agent) = &request.agent {
                let said = format!(
                    "{} ({}, {})",
                    person(&agent.person),
                    agent_kind(agent.kind),
                    agent.relation
                );
                row("대리인 · agent", &said);
            }
            row("사유 · reason", &request.reason.replace('\n', "\n    "));
            row("접수 방법 · channel", channel(request.channel));
        }
        None => row("청구 내용 · what it says", "기한이 지나 파기됨 · destroyed in its time"),
    }
    for step in &case.steps {
        let mut said = format!("{} {}", minute(&step.at), step.by);
        let (ground, until, on) = (&step.ground, &step.until, &step.on);
        let words = [ground, until, on].map(Option::as_deref);
        for part in [step.decision.map(decided)].into_iter().chain(words) {
            let _ = part.map(|part| write!(said, ", {part}"));
        }
        if !step.text.is_empty() {
            let _ = write!(said, ": {}", step.text.replace('\n', "\n    "));
        }
        row(step_word(step.step), &said);
    }
    text.trim_end().to_owned()
}

fn person(person: &RequestPerson) -> String {
    let born = person.born.as_deref().unwrap_or_default();
    let parts = [person.name.as_str(), &person.phone, born, &person.address];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A minute in Korea; what is no moment is shown as it came.
fn minute(time: &Time) -> String {
    let Ok(moment) = time.0.parse::<WallTime>() else { return time.0.clone() };
    let text = (moment + KOREA_AHEAD).to_string();
    format!("{} {}", &text[..10], &text[11..16])
}

const fn state(state: RequestState) -> &'static str {
    match state {
        RequestState::AwaitsIdentity => "본인 확인 전",
        RequestState::AwaitsDecision => "결정 전",
        RequestState::Postponed => "연기됨",
        RequestState::Decided => "통지 전",
        RequestState::Done => "끝남",
        RequestState::Objected => "이의신청 결정 전",
        RequestState::Withdrawn => "취하됨",
        RequestState::Lapsed => "본인 확인 없이 끝남",
    }
}

const fn asked(asked: RequestAsked) -> &'static str {
    match asked {
        RequestAsked::Existence => "존재확인",
        RequestAsked::Viewing => "열람",
        RequestAsked::Deletion => "삭제",
    }
}

const fn channel(channel: RequestChannel) -> &'static str {
    match channel {
        RequestChannel::Counter => "창구 · counter",
        RequestChannel::Telephone => "전화 · telephone",
        RequestChannel::Paper => "종이 · paper",
        RequestChannel::Web => "누리집 · web",
    }
}

const fn agent_kind(kind: RequestAgentKind) -> &'static str {
    match kind {
        RequestAgentKind::PowerOfAttorney => "위임장을 받은 대리인",
        RequestAgentKind::LegalRepresentative => "법정대리인",
    }
}

const fn decided(decided: RequestDecided) -> &'static str {
    match decided {
        RequestDecided::Granted => "청구대로",
        RequestDecided::Partly => "일부 거절",
        RequestDecided::Refused => "거절",
        RequestDecided::Postponed => "연기",
        RequestDecided::Absent => "남은 영상 없음",
    }
}

const fn step_word(step: RequestStepWord) -> &'static str {
    match step {
        RequestStepWord::Identified => "본인 확인 · identity",
        RequestStepWord::Decided => "결정 · decided",
        RequestStepWord::Done => "통지 · answered",
        RequestStepWord::Objected => "이의신청 · objection",
        RequestStepWord::Withdrawn => "취하 · withdrawn",
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
