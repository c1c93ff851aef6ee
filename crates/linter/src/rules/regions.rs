//! Cities and provinces of Korea with their telephone areas.

/// Names as they stand in brackets or before a branch; ambiguous ones are left out.
const CITIES: [(&str, &str); 78] = [
    ("서울", "02"),
    ("부산", "051"),
    ("대구", "053"),
    ("인천", "032"),
    ("대전", "042"),
    ("울산", "052"),
    ("세종", "044"),
    ("제주", "064"),
    ("서귀포", "064"),
    ("강원", "033"),
    ("충북", "043"),
    ("충남", "041"),
    ("전북", "063"),
    ("전남", "061"),
    ("경북", "054"),
    ("경남", "055"),
    ("경기", "031"),
    ("수원", "031"),
    ("성남", "031"),
    ("용인", "031"),
    ("안양", "031"),
    ("안산", "031"),
    ("평택", "031"),
    ("화성", "031"),
    ("의정부", "031"),
    ("파주", "031"),
    ("김포", "031"),
    ("이천", "031"),
    ("여주", "031"),
    ("포천", "031"),
    ("남양주", "031"),
    ("고양", "031"),
    ("부천", "032"),
    ("춘천", "033"),
    ("원주", "033"),
    ("강릉", "033"),
    ("속초", "033"),
    ("삼척", "033"),
    ("태백", "033"),
    ("청주", "043"),
    ("충주", "043"),
    ("제천", "043"),
    ("오송", "043"),
    ("천안", "041"),
    ("아산", "041"),
    ("공주", "041"),
    ("서산", "041"),
    ("당진", "041"),
    ("보령", "041"),
    ("논산", "041"),
    ("전주", "063"),
    ("군산", "063"),
    ("익산", "063"),
    ("정읍", "063"),
    ("남원", "063"),
    ("김제", "063"),
    ("여수", "061"),
    ("순천", "061"),
    ("목포", "061"),
    ("나주", "061"),
    ("광양", "061"),
    ("포항", "054"),
    ("경주", "054"),
    ("구미", "054"),
    ("안동", "054"),
    ("김천", "054"),
    ("영주", "054"),
    ("경산", "053"),
    ("창원", "055"),
    ("진주", "055"),
    ("김해", "055"),
    ("통영", "055"),
    ("거제", "055"),
    ("양산", "055"),
    ("밀양", "055"),
    ("사천", "055"),
    ("광주광역시", "062"),
    ("울릉", "054"),
];

/// Areas that meet: people of one are called with numbers of the other.
const NEAR: [(&str, &str); 12] = [
    ("02", "031"),
    ("031", "032"),
    ("02", "032"),
    ("041", "042"),
    ("042", "044"),
    ("041", "044"),
    ("043", "044"),
    ("042", "043"),
    ("053", "054"),
    ("051", "055"),
    ("061", "062"),
    ("052", "054"),
];

/// The city that a text names in brackets, or as its first word before another: `훈련원(인천)`.
pub(super) fn named(text: &str) -> Option<(&'static str, &'static str)> {
    let in_brackets = text.split(['(', '[']).skip(1).filter_map(|it| it.split([')', ']']).next());
    let mut words = text.split_whitespace();
    let first = words.next().filter(|_| words.next().is_some());
    in_brackets.chain(first).find_map(|word| {
        let word = word.trim();
        CITIES.iter().copied().find(|(city, _)| {
            word == *city
                || ["시", "도", "광역시", "특별시", "특별자치시", "특별자치도"]
                    .iter()
                    .any(|end| word.strip_suffix(end) == Some(*city))
        })
    })
}

/// Whether two telephone areas are one or meet.
pub(super) fn are_near(one: &str, other: &str) -> bool {
    one == other || NEAR.iter().any(|(a, b)| (*a, *b) == (one, other) || (*b, *a) == (one, other))
}

#[cfg(test)]
mod tests {
    use super::{are_near, named};

    #[test]
    fn a_city_is_named_where_it_stands_alone() {
        assert_eq!(named("수련원(제주)").map(|it| it.1), Some("064"));
        assert_eq!(named("부산 지사").map(|it| it.1), Some("051"));
        assert_eq!(named("제주도서관"), None);
        assert_eq!(named("1층 (출입구)"), None);
        assert!(are_near("02", "031") && !are_near("02", "051"));
    }
}
