//! Which item a heading is.

use super::Item;

/// Words that decide wherever they stand in a heading, the strongest first.
const STRONG: &[(&str, Item)] = &[
    ("그밖에", Item::Other),
    ("그밖의", Item::Other),
    ("그외", Item::Other),
    ("기타사항", Item::Other),
    ("위탁", Item::Processor),
    ("수탁", Item::Processor),
    ("안내판", Item::Sign),
    ("방침의변경", Item::Changes),
    ("방침변경", Item::Changes),
    ("변경에관한", Item::Changes),
    ("방침의개정", Item::Changes),
    ("지침의변경", Item::Changes),
    ("변경및", Item::Changes),
    ("부칙", Item::Changes),
    ("시행일", Item::Changes),
    ("개정이력", Item::Changes),
    ("변경이력", Item::Changes),
    ("방침의시행", Item::Changes),
    ("방침의고지", Item::Changes),
    ("방침의공개", Item::Changes),
    ("고지의의무", Item::Changes),
];

/// Words of which the first in a heading decides.
const WORDS: &[(&str, Item)] = &[
    ("설치근거", Item::Ground),
    ("설치목적", Item::Ground),
    ("근거및", Item::Ground),
    ("근거와", Item::Ground),
    ("설치·운영목적", Item::Ground),
    ("설치·운영근거", Item::Ground),
    ("설치운영목적", Item::Ground),
    ("운영목적", Item::Ground),
    ("운영근거", Item::Ground),
    ("수집목적", Item::Ground),
    ("법적근거", Item::Ground),
    ("이용목적", Item::Ground),
    ("설치대수", Item::Cameras),
    ("설치위치", Item::Cameras),
    ("설치장소", Item::Cameras),
    ("설치현황", Item::Cameras),
    ("설치·운영현황", Item::Cameras),
    ("설치운영현황", Item::Cameras),
    ("설치및운영현황", Item::Cameras),
    ("운영현황", Item::Cameras),
    ("운영대수", Item::Cameras),
    ("촬영범위", Item::Cameras),
    ("설치내역", Item::Cameras),
    ("설치정보", Item::Cameras),
    ("카메라대수", Item::Cameras),
    ("관리책임자", Item::People),
    ("보호책임자", Item::People),
    ("운영책임자", Item::People),
    ("책임관", Item::People),
    ("접근권한", Item::People),
    ("담당부서", Item::People),
    ("관리부서", Item::People),
    ("담당자", Item::People),
    ("촬영시간", Item::Keeping),
    ("운영시간", Item::Keeping),
    ("보관기간", Item::Keeping),
    ("보유기간", Item::Keeping),
    ("보존기간", Item::Keeping),
    ("보관장소", Item::Keeping),
    ("처리방법", Item::Keeping),
    ("확인방법", Item::Viewing),
    ("확인장소", Item::Viewing),
    ("확인및", Item::Viewing),
    ("열람방법", Item::Viewing),
    ("열람장소", Item::Viewing),
    ("열람및재생장소", Item::Viewing),
    ("재생장소", Item::Viewing),
    ("확인절차", Item::Viewing),
    ("열람등", Item::Requests),
    ("열람절차", Item::Requests),
    ("열람요구", Item::Requests),
    ("열람청구", Item::Requests),
    ("열람·존재확인", Item::Requests),
    ("요구에대한조치", Item::Requests),
    ("정보주체의권리", Item::Requests),
    ("정보주체의요구", Item::Requests),
    ("정보주체의열람", Item::Requests),
    ("정보주체의영상", Item::Requests),
    ("정보주체의개인영상", Item::Requests),
    ("권익", Item::Requests),
    ("안전성", Item::Safety),
    ("안정성", Item::Safety),
    ("보호조치", Item::Safety),
    ("보호대책", Item::Safety),
    ("기술적", Item::Safety),
    ("관리적", Item::Safety),
    ("영상정보보호를위한", Item::Safety),
    ("정보의보호", Item::Safety),
    ("제3자", Item::Provision),
    ("목적외", Item::Provision),
    ("수집·이용", Item::Provision),
    ("이용·제공", Item::Provision),
    ("이용및제공", Item::Provision),
    ("보관및파기", Item::Destruction),
    ("보유및파기", Item::Destruction),
    ("파기", Item::Destruction),
    ("삭제", Item::Destruction),
    ("별지", Item::Annex),
    ("별첨", Item::Annex),
    ("붙임", Item::Annex),
    ("서식", Item::Annex),
    ("청구서", Item::Annex),
    ("관리대장", Item::Annex),
];

/// The item of a heading without spaces, and what else it announces. Unknown if no word is known.
pub(super) fn items(heading: &str) -> (Item, Vec<Item>) {
    let heading = heading.trim_start_matches(['고', '정', '형']).replace(['/', ',', '.', '‧'], "·");
    if heading == "목적" || heading == "목적및근거" {
        return (Item::Ground, Vec::new());
    }
    if ["변경", "개정", "시행", "연혁", "방침변경", "변경사항", "적용"].contains(&heading.as_str())
    {
        return (Item::Changes, Vec::new());
    }
    if heading == "기타" || heading.starts_with("기타") {
        return (Item::Other, Vec::new());
    }
    let strong = STRONG.iter().find(|(word, _)| heading.contains(word));
    if let Some((_, item)) = strong {
        return (*item, Vec::new());
    }
    let mut found: Vec<(usize, Item)> =
        WORDS.iter().filter_map(|(word, item)| heading.find(word).map(|at| (at, *item))).collect();
    found.sort_by_key(|(at, _)| *at);
    let Some((_, first)) = found.first().copied() else { return (Item::Unknown, Vec::new()) };
    let first = if found.iter().any(|(_, it)| *it == Item::Requests) && first == Item::Viewing {
        pick_between(&heading)
    } else {
        first
    };
    let mut also: Vec<Item> =
        found.iter().map(|(_, item)| *item).filter(|it| *it != first).collect();
    also.sort_unstable();
    also.dedup();
    (first, also)
}

/// `확인방법 및 장소` is about viewing, `열람 등 요구에 대한 조치` about requests.
fn pick_between(heading: &str) -> Item {
    let at = |words: &[&str]| words.iter().filter_map(|word| heading.find(word)).min();
    let viewing = at(&["확인방법", "확인장소", "열람방법", "열람장소", "재생장소"]);
    let requests = at(&["요구", "청구", "권리"]);
    match (viewing, requests) {
        (Some(viewing), Some(requests)) if viewing < requests => Item::Viewing,
        (_, Some(_)) => Item::Requests,
        _ => Item::Viewing,
    }
}
