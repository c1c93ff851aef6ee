//! Names within Korean sentences: which particle follows them.

/// A name with its particle: the first if its last syllable ends in a consonant, else the second.
///
/// A name that ends in no syllable of Hangul (a digit, a bracket, a Latin letter) gets both, as
/// official texts write them.
pub(crate) fn with(name: &str, after_consonant: &str, after_vowel: &str) -> String {
    match ends_in_consonant(name) {
        Some(true) => format!("{name}{after_consonant}"),
        Some(false) => format!("{name}{after_vowel}"),
        None => format!("{name}{after_consonant}({after_vowel})"),
    }
}

fn ends_in_consonant(name: &str) -> Option<bool> {
    const FIRST: u32 = 0xAC00;
    const LAST: u32 = 0xD7A3;
    const FINALS: u32 = 28;
    let last = u32::from(name.trim_end().chars().next_back()?);
    (FIRST..=LAST).contains(&last).then(|| !(last - FIRST).is_multiple_of(FINALS))
}

/// A day as official texts write it: `2026. 11. 22.`
pub(crate) fn day(date: &str) -> String {
    let number = |part: &str| part.trim_start_matches('0').to_owned();
    date.split('-').map(|part| format!("{}.", number(part))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_particle_follows_the_last_sound() {
        assert_eq!(with("진흥원", "은", "는"), "진흥원은");
        assert_eq!(with("중소벤처기업부", "은", "는"), "중소벤처기업부는");
        assert_eq!(with("센터(인천)", "은", "는"), "센터(인천)은(는)");
        assert_eq!(day("2022-08-04"), "2022. 8. 4.");
    }
}
