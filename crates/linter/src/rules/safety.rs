//! How footage is protected, and what cameras may not do.

use super::look::{followed_by, has_any, sentences};
use crate::{Found, Item, Look, Rule, Severity};

pub(super) const PASSWORD: Rule = Rule {
    id: "safety.password",
    severity: Severity::Error,
    law: "Dec 30(1)4, Guide 47",
    look: password,
};
pub(super) const SOUND: Rule =
    Rule { id: "act.sound", severity: Severity::Error, law: "Act 25(5)", look: sound };

/// A password is told as if it were encryption.
fn password(look: &Look<'_>) -> Vec<Found> {
    const PASSWORDS: [&str; 6] =
        ["비밀번호를", "비밀번호설정", "비밀번호부여", "패스워드", "로그인암호", "암호를설정"];
    const MEANT: [&str; 5] =
        ["등암호화", "등의암호화", "등을통한암호화", "등을통해암호화", "통한암호화"];
    for body in look.part(&[Item::Safety, Item::Other, Item::Unknown]).bodies() {
        for word in PASSWORDS {
            if followed_by(&body.text, word, 14, &MEANT) {
                return vec![Found::new(
                    body.find(word).unwrap_or(0),
                    "비밀번호는 암호화가 아닙니다. 영상을 저장·전송할 때 실제로 암호화하는지 확인하고 그렇게 적으십시오.",
                    "a password is no encryption: check whether footage is encrypted where it lies and on its way, and say so",
                )];
            }
        }
    }
    Vec::new()
}

/// Sound is recorded.
fn sound(look: &Look<'_>) -> Vec<Found> {
    const RECORDED: [&str; 9] = [
        "녹음하고",
        "녹음합니다",
        "녹음을합니다",
        "녹음을하고",
        "녹음기능을사용",
        "녹음기능을활용",
        "함께녹음",
        "녹음됩니다",
        "녹음도",
    ];
    const DENIED: [&str; 7] = ["않", "아니", "금지", "없", "불가", "못", "제외"];
    let mut lines = look.prose().filter(|line| {
        sentences(&line.squeezed).any(|it| has_any(it, &RECORDED) && !has_any(it, &DENIED))
    });
    let found = lines.next().map(|line| {
        Found::new(
            line.number,
            "영상정보처리기기로 녹음하는 것은 금지되며 처벌됩니다. 녹음 기능을 끄십시오.",
            "recording sound with such cameras is forbidden and punished: switch it off",
        )
    });
    found.into_iter().collect()
}
