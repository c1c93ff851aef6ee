//! The pages, as HTML without any script: Korean first, English beside it.

mod fields;

use std::fmt::Write as _;

use domain::WallTime;
use law::KOREA_AHEAD;

use crate::desk::Refusal;
use crate::form::{Mistake, Typed};
use crate::settings::Settings;
use crate::standing::{Standing, State};
use crate::ticket::{Code, Receipt};

/// The style sheet, served as a file of its own.
pub(crate) const STYLE: &str = include_str!("style.css");

/// Text as it may stand in HTML, in an attribute too.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// English beside what stands before it.
fn beside(en: &str) -> String {
    format!(" <span lang=\"en\" class=\"en\">{}</span>", escaped(en))
}

/// A paragraph in both languages.
fn paragraph(ko: &str, en: &str) -> String {
    format!("<p>{}{}</p>\n", escaped(ko), beside(en))
}

/// A whole page.
fn page(settings: &Settings, title: (&str, &str), main: &str) -> String {
    let (ko, en) = title;
    let agency = &settings.agency;
    format!(
        "<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <title>{ko} | {agency_ko}</title>\n<link rel=\"stylesheet\" href=\"style.css\">\n</head>\n\
         <body>\n<a class=\"skip\" href=\"#main\">본문으로 건너뛰기{skip}</a>\n\
         <header>\n<p class=\"agency\">{agency_ko}{agency_en}</p>\n<nav aria-label=\"차례\">\n\
         <a href=\"request\">청구하기{request}</a> <a href=\"status\">처리 상태{status}</a>\n\
         </nav>\n</header>\n<main id=\"main\" tabindex=\"-1\">\n<h1>{ko}{title_en}</h1>\n{main}</main>\n\
         <footer>\n{counter}</footer>\n</body>\n</html>\n",
        ko = escaped(ko),
        agency_ko = escaped(&agency.ko),
        skip = beside("Skip to the content"),
        agency_en = beside(&agency.en),
        request = beside("Ask"),
        status = beside("Status"),
        title_en = beside(en),
        counter = counter(settings),
    )
}

/// Where a person answers: on every page, and in every refusal.
fn counter(settings: &Settings) -> String {
    let telephone = escaped(&settings.telephone);
    let digits: String =
        settings.telephone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!(
        "<p>창구에서도 청구할 수 있습니다: {}. 전화 <a href=\"tel:{digits}\">{telephone}</a>{}</p>\n",
        escaped(&settings.counter.ko),
        beside(&format!(
            "You can ask at the counter as well: {}. Telephone {}",
            settings.counter.en, settings.telephone
        )),
    )
}

/// The first page.
pub(crate) fn home(settings: &Settings) -> String {
    let mut main = paragraph(
        "우리 기관의 CCTV에 찍힌 본인의 영상에 대해 존재확인, 열람, 삭제를 청구할 수 있습니다. 무료이고, 회원가입이 필요 없습니다.",
        "You can ask whether our cameras filmed you, to see it, or to have it destroyed. No account is needed.",
    );
    main += &paragraph(
        "적으신 내용은 보내는 즉시 담당 부서만 열 수 있게 암호화되며, 이 사이트에는 읽을 수 있는 형태로 남지 않습니다.",
        "What you write is encrypted at once so that only the office can open it; nothing readable stays on this site.",
    );
    let _ = write!(
        main,
        "<ul class=\"choices\">\n<li><a class=\"button\" href=\"request\">청구하기{}</a></li>\n\
         <li><a class=\"button second\" href=\"status\">처리 상태 보기{}</a></li>\n</ul>\n",
        beside("Make a request"),
        beside("See how a request stands")
    );
    page(settings, ("개인영상정보 청구", "Requests about footage of yourself"), &main)
}

/// Why a form stands there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown<'a> {
    /// It does not: it is new.
    New,
    /// It lay open too long.
    Stale,
    /// It has mistakes.
    Wrong(&'a [Mistake]),
}

/// The form, with what was typed.
pub(crate) fn form(settings: &Settings, typed: &Typed, token: &str, shown: Shown<'_>) -> String {
    let title = match shown {
        Shown::New => ("개인영상정보 청구서", "Request"),
        Shown::Stale => {
            ("다시 보내 주십시오: 개인영상정보 청구서", "Please send it again: request")
        }
        Shown::Wrong(_) => ("고칠 곳이 있습니다: 개인영상정보 청구서", "To be corrected: request"),
    };
    let mistakes = match shown {
        Shown::Wrong(mistakes) => mistakes,
        _ => &[],
    };
    let mut main = String::new();
    if shown == Shown::Stale {
        let _ = writeln!(
            main,
            "<div class=\"told wrong\" role=\"alert\">{}</div>",
            paragraph(
                "오래 열려 있던 양식이어서 아직 보내지 않았습니다. 내용을 확인하고 ‘보내기’를 다시 눌러 주십시오.",
                "The form was open for too long, so it was not sent. Look it over and press Send again.",
            )
        );
    }
    main += &fields::summary(mistakes);
    main += &fields::form(settings, typed, token, mistakes);
    page(settings, title, &main)
}

/// What whoever asked takes home.
pub(crate) fn sealed(settings: &Settings, receipt: &Receipt, code: &Code, at: WallTime) -> String {
    let mut main = paragraph(
        "청구를 받았습니다. 접수번호와 확인코드를 적어 두거나 이 화면을 인쇄하십시오. 확인코드는 다시 보여 드릴 수 없습니다.",
        "Your request is received. Write down the number and the code, or print this page: the code cannot be shown again.",
    );
    let _ = write!(
        main,
        "<dl class=\"ticket\">\n<dt>접수번호{}</dt>\n<dd id=\"receipt\">{receipt}</dd>\n\
         <dt>확인코드{}</dt>\n<dd id=\"code\">{}</dd>\n<dt>받은 때{}</dt>\n<dd>{}</dd>\n</dl>\n",
        beside("Number of receipt"),
        beside("Code"),
        code.expose(),
        beside("Received at"),
        minute(at),
    );
    main += "<h2>다음에 할 일";
    main += &beside("What comes next");
    main += "</h2>\n";
    main += &paragraph(
        "담당 부서에 전달되면 그때 남아 있는 영상이 보전됩니다(삭제만 청구하면 제외). 그때부터 7일 안에 신분증을 가지고 창구에서 본인 확인을 받으십시오. 받지 않으면 청구가 끝납니다.",
        "Once it reaches the office, what is left of the footage is held (not if you ask for nothing but deletion). Show who you are at the counter within seven days from then, or the request ends.",
    );
    main += &paragraph(
        "영상은 정해진 기간이 지나면 파기됩니다. 급하면 전화로도 알려 주십시오.",
        "Footage is destroyed when its time is up: if it is urgent, telephone as well.",
    );
    main +=
        &format!("<p><a href=\"status\">처리 상태 보기{}</a></p>\n", beside("See how it stands"));
    page(settings, ("청구를 받았습니다", "Received"), &main)
}

/// The page that asks for number and code; with what was found, or that nothing was.
pub(crate) fn status(settings: &Settings, receipt: &str, was_unknown: bool) -> String {
    let mut main = String::new();
    if was_unknown {
        let _ = writeln!(
            main,
            "<div class=\"told wrong\" role=\"alert\" id=\"unknown\">{}</div>",
            paragraph(
                "그런 접수번호와 확인코드가 없습니다. 다시 확인하여 적어 주십시오. 처리가 끝나고 오래되었으면 창구에 물어 주십시오.",
                "There is no such number and code: look at them again. If it ended long ago, ask at the counter.",
            )
        );
    }
    let invalid =
        if was_unknown { " aria-invalid=\"true\" aria-describedby=\"unknown\"" } else { "" };
    let _ = write!(
        main,
        "<form method=\"post\" action=\"status\">\n\
         <div class=\"field\"><label for=\"receipt\">접수번호{}</label>\n\
         <input id=\"receipt\" name=\"receipt\" value=\"{}\" required autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\" maxlength=\"40\"{invalid}></div>\n\
         <div class=\"field\"><label for=\"code\">확인코드{}</label>\n\
         <input id=\"code\" name=\"code\" required autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\" maxlength=\"60\"{invalid}></div>\n\
         <button type=\"submit\">보기{}</button>\n</form>\n",
        beside("Number of receipt, like W7K2-9QPM"),
        escaped(receipt),
        beside("Code, like 4T9X-M2HC-0RVA-86YK"),
        beside("Show"),
    );
    let title = match was_unknown {
        false => ("처리 상태 보기", "How a request stands"),
        true => ("찾지 못했습니다: 처리 상태 보기", "Not found: how a request stands"),
    };
    page(settings, title, &main)
}

/// How a request stands.
pub(crate) fn found(settings: &Settings, receipt: &Receipt, standing: &Standing) -> String {
    let (state, what) = words(standing.state);
    let moment = |text: &str| text.parse().map_or_else(|_| text.to_owned(), minute);
    let mut rows = vec![
        (("접수번호", "Number of receipt"), receipt.to_string()),
        (("보낸 때", "Sent at"), moment(&standing.sealed_at)),
    ];
    if let Some(number) = &standing.number {
        rows.push((("기관 접수번호", "The office's number"), number.clone()));
    }
    if let Some(until) = &standing.until {
        let label = match standing.state {
            State::IdentityNeeded => ("본인 확인 기한", "Show who you are until"),
            _ => ("답변 기한", "Answered by"),
        };
        rows.push((label, moment(until)));
    }
    rows.push((("이 상태가 확인된 때", "As of"), moment(&standing.as_of)));
    let mut main = format!("<p class=\"state\">{}{}</p>\n", escaped(state.0), beside(state.1));
    main += &paragraph(what.0, what.1);
    main += "<dl>\n";
    for ((ko, en), value) in rows {
        let _ = write!(main, "<dt>{ko}{}</dt>\n<dd>{}</dd>\n", beside(en), escaped(&value));
    }
    main += "</dl>\n";
    page(settings, ("처리 상태", "How your request stands"), &main)
}

type Words = (&'static str, &'static str);

/// A state, and what to do.
const fn words(state: State) -> (Words, Words) {
    match state {
        State::Waiting => (
            ("전달 전", "On its way to the office"),
            (
                "보내신 청구가 담당 부서에 전달되기를 기다리고 있습니다.",
                "Your request waits to be carried to the office.",
            ),
        ),
        State::IdentityNeeded => (
            ("접수됨: 본인 확인이 필요합니다", "Received: show who you are"),
            (
                "기한까지 신분증을 가지고 창구로 오십시오. 기한이 지나면 청구가 끝납니다. 그동안 남아 있는 영상은 보전됩니다(삭제만 청구하면 제외).",
                "Come to the counter with an identity document in time; after that the request ends. Meanwhile what is left of the footage is held (not if you ask for nothing but deletion).",
            ),
        ),
        State::InWork => (
            ("처리 중", "In work"),
            ("담당 부서가 검토하고 있습니다.", "The office is deciding it."),
        ),
        State::Postponed => (
            ("연기됨", "Postponed"),
            (
                "사유와 날짜는 통지서에 적혀 있습니다. 창구에 물어보셔도 됩니다.",
                "The notice has the reason and the day; you may ask at the counter.",
            ),
        ),
        State::Answered => (
            ("결정됨: 답변이 준비되었습니다", "Decided: the answer is ready"),
            (
                "신청하신 방법으로 알려 드립니다. 신분증을 가지고 창구에서 받으실 수도 있습니다.",
                "You are told in the way that you chose, or pick it up at the counter with an identity document.",
            ),
        ),
        State::Done => (
            ("처리 끝", "Done"),
            (
                "답변을 드렸습니다. 이의가 있으면 통지서에 적힌 대로 이의를 제기할 수 있습니다.",
                "The answer was given. The notice says how to object.",
            ),
        ),
        State::Withdrawn => {
            (("취하됨", "Withdrawn"), ("청구를 거두셨습니다.", "The request was taken back."))
        }
        State::Lapsed => (
            ("본인 확인 없이 끝남", "Ended without identity"),
            (
                "기한까지 본인 확인이 없어 청구가 끝났습니다. 다시 청구할 수 있습니다.",
                "Nobody showed in time who asks. You may ask again.",
            ),
        ),
    }
}

/// Why something was not done.
pub(crate) fn refused(settings: &Settings, refusal: Refusal) -> String {
    let (ko, en) = match refusal {
        Refusal::TooManyOfYou => (
            "잠시 동안 너무 많이 보내셨습니다. 한 시간 뒤에 다시 하거나 전화 또는 창구로 청구하십시오.",
            "Too much was sent from where you are. Try again in an hour, or ask by telephone or at the counter.",
        ),
        Refusal::TooManyOfAll => (
            "지금은 더 받을 수 없습니다. 나중에 다시 하거나 전화 또는 창구로 청구하십시오.",
            "No more can be taken now. Try again later, or ask by telephone or at the counter.",
        ),
        Refusal::Again => (
            "이 양식은 이미 보냈습니다. 접수번호를 보지 못하셨으면 전화하거나 새로 청구하십시오.",
            "This form was sent already. If you did not see a number of receipt, telephone or start a new one.",
        ),
        Refusal::Foreign => (
            "이 사이트의 양식에서 보낸 것이 아니어서 받지 않았습니다. ‘청구하기’에서 다시 적어 주십시오.",
            "It was not sent from this site's own form, so it was not taken. Start again from Ask.",
        ),
        Refusal::Failed => (
            "저장하지 못해 받지 않았습니다. 전화 또는 창구로 청구하십시오.",
            "It could not be stored, so it was not taken. Ask by telephone or at the counter.",
        ),
    };
    told(settings, ("받지 못했습니다", "Not taken"), (ko, en))
}

/// A page that says one thing.
pub(crate) fn told(settings: &Settings, title: Words, what: Words) -> String {
    let main =
        format!("<div class=\"told wrong\" role=\"alert\">{}</div>\n", paragraph(what.0, what.1));
    page(settings, title, &(main + &counter(settings)))
}

/// A minute in Korea.
fn minute(at: WallTime) -> String {
    let text = (at + KOREA_AHEAD).to_string();
    format!("{} {}", &text[..10], &text[11..16])
}
