//! Hours, retention, storage, protection.

use crate::{ColumnKind, Found, Item, Look, Measure, Rule, Severity};

pub(in crate::rules) const HOURS: Rule =
    Rule { id: "required.hours", severity: Severity::Error, law: "Dec 25(1)4", look: hours };
pub(in crate::rules) const RETENTION: Rule = Rule {
    id: "required.retention",
    severity: Severity::Error,
    law: "Dec 25(1)4",
    look: retention,
};
pub(in crate::rules) const STORAGE: Rule =
    Rule { id: "required.storage", severity: Severity::Error, law: "Dec 25(1)4", look: storage };
pub(in crate::rules) const SAFETY: Rule =
    Rule { id: "required.safety", severity: Severity::Error, law: "Dec 25(1)7", look: safety };
pub(in crate::rules) const ENCRYPTION: Rule = Rule {
    id: "required.encryption",
    severity: Severity::Warning,
    law: "Dec 30(1)4, Guide 47",
    look: encryption,
};

/// Whether words stand in a line that is no heading: as a label, they have something beside or below them.
fn is_labelled(look: &Look<'_>, words: &[&str]) -> bool {
    look.prose().any(|line| {
        let is_label = words.iter().any(|word| line.squeezed.contains(word));
        is_label && !look.is_heading(line.number) && !line.squeezed.contains("안내판")
    })
}

fn hours(look: &Look<'_>) -> Vec<Found> {
    let whole = look.whole();
    if !look.published.hours.is_empty()
        || whole.has("24시간")
        || is_labelled(look, &["촬영시간", "녹화시간"])
    {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::Keeping),
        "촬영시간이 없습니다. 24시간인지, 아니면 몇 시부터 몇 시까지인지 적으십시오.",
        "the hours of filming are missing: all day, or from when to when",
    )]
}

fn retention(look: &Look<'_>) -> Vec<Found> {
    let told = look.published.retention.iter().any(|it| !it.is_of_law && it.item != Item::Annex)
        || look.published.tables.iter().any(|it| it.column(ColumnKind::Retention).is_some());
    let said = look.whole().has("촬영일로부터") || has_loose_days(look);
    if told || said || is_labelled(look, &["보관기간:", "보존기간:", "보관기간은"]) {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::Keeping),
        "보관기간이 없습니다. 촬영일로부터 며칠인지 적으십시오.",
        "the retention period is missing: say how many days",
    )]
}

/// A column of the list is the retention, and days stand below it.
fn has_loose_days(look: &Look<'_>) -> bool {
    let in_days = |text: &str| {
        text.match_indices('일')
            .any(|(at, _)| text[..at].chars().next_back().is_some_and(|it| it.is_ascii_digit()))
    };
    is_labelled(look, &["보관기간", "보유기간"])
        && look.prose().any(|line| {
            matches!(look.item(line.number), Item::Cameras | Item::Keeping)
                && in_days(&line.squeezed)
        })
}

fn storage(look: &Look<'_>) -> Vec<Found> {
    let told = look.published.storage.iter().any(|it| it.item != Item::Safety);
    if told || is_labelled(look, &["보관장소", "저장장소", "보관위치", "기간및장소"])
    {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::Keeping),
        "보관장소가 없습니다. 영상이 저장된 방을 적으십시오.",
        "the storage place is missing: name the room",
    )]
}

fn safety(look: &Look<'_>) -> Vec<Found> {
    let whole = look.whole();
    let said = ["암호화", "잠금장치", "시건장치", "위·변조", "내부관리계획", "접근통제"]
        .iter()
        .any(|it| whole.has(it));
    if look.has_section(Item::Safety) || !look.published.measures.is_empty() || said {
        return Vec::new();
    }
    vec![Found::new(
        0,
        "영상정보를 보호하기 위한 기술적·관리적·물리적 조치가 없습니다. 암호화, 접근권한, 열람 기록, 잠금장치 등을 적으십시오.",
        "protection is missing: tell encryption, rights of access, records of viewing, locks",
    )]
}

fn encryption(look: &Look<'_>) -> Vec<Found> {
    let is_meant = |it: &Measure| matches!(it, Measure::Encryption | Measure::SafeTransfer);
    let whole = look.whole();
    let said = ["암호", "안전하게저장", "저장·전송"].iter().any(|it| whole.has(it));
    let told = look.published.measures.iter().any(|it| is_meant(&it.value));
    if said || told || !look.has_section(Item::Safety) {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::Safety),
        "영상을 안전하게 저장·전송하는 기술(암호화)이 없습니다. 실제로 하는 것을 적으십시오.",
        "nothing is said of encryption where footage lies or on its way: tell what is done",
    )]
}
