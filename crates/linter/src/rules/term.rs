//! Legal terms that are misspelt.

use crate::{Found, Look, Rule, Severity};

pub(super) const MISSPELT: Rule =
    Rule { id: "term.misspelt", severity: Severity::Warning, law: "Act 3(3)", look: misspelt };

/// What is written, what is meant. Looked for in text without spaces.
const WRONG: [(&str, &str); 22] = [
    ("안정성확보조치", "안전성 확보조치"),
    ("안정성확보에필요한조치", "안전성 확보에 필요한 조치"),
    ("안전성확보초치", "안전성 확보조치"),
    ("보유기관만료", "보유기간 만료"),
    ("개인정보호법", "개인정보 보호법"),
    ("개인정보보호보법", "개인정보 보호법"),
    ("개인영상정보처리기기", "영상정보처리기기"),
    ("영상정보처리기가", "영상정보처리기기가"),
    ("영상정보처리기의", "영상정보처리기기의"),
    ("영상정보처리기를", "영상정보처리기기를"),
    ("영상정보처리기는", "영상정보처리기기는"),
    ("영상정보처리기설치", "영상정보처리기기 설치"),
    ("영상정보처리기운영", "영상정보처리기기 운영"),
    ("영상정보처리지기", "영상정보처리기기"),
    ("영상처리정보기기", "영상정보처리기기"),
    ("관리책임지", "관리책임자"),
    ("정보주채", "정보주체"),
    ("정보주최", "정보주체"),
    ("접근권환", "접근권한"),
    ("촬영벙위", "촬영범위"),
    ("위·번조", "위·변조"),
    ("개인영샹정보", "개인영상정보"),
];

fn misspelt(look: &Look<'_>) -> Vec<Found> {
    let whole = look.whole();
    let mut found: Vec<Found> = Vec::new();
    for (wrong, right) in WRONG {
        if let Some(line) = whole.find(wrong) {
            let told = tell(line, wrong, right);
            if !found.iter().any(|it| it.ko == told.ko || it.line == told.line) {
                found.push(told);
            }
        }
    }
    found.extend(period(look));
    found.extend(attached(look));
    found
}

fn tell(line: u32, wrong: &str, right: &str) -> Found {
    Found::new(
        line,
        format!("‘{wrong}’은(는) ‘{right}’의 오기입니다. 고치십시오."),
        format!("{wrong} is a misspelling of {right}: mend"),
    )
}

/// `보관기관` (who keeps) where `보관기간` (how long) is meant.
fn period(look: &Look<'_>) -> Option<Found> {
    const WHO: [&str; 5] = ["의장", "에서", "으로", "에게", "장은"];
    let whole = look.whole();
    let word = "보관기관";
    let mut places = whole.find_all(word);
    let (_, line) = places.find(|(at, _)| {
        let after = &whole.text[at + word.len()..];
        !WHO.iter().any(|it| after.starts_with(it))
    })?;
    Some(tell(line, word, "보관기간"))
}

/// `불임` (barren) where `붙임` (attached) is meant.
fn attached(look: &Look<'_>) -> Option<Found> {
    let line = look.lines().find(|line| {
        let bare = line.squeezed.trim_start_matches(['※', '-', '*', '[', '<', '○', '|', ' ']);
        bare.starts_with("불임") && !bare.starts_with("불임시술")
    })?;
    Some(tell(line.number, "불임", "붙임"))
}
