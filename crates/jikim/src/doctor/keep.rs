//! What came of attacks, in the ledger: an entry with the counts, and a public list.

use access::{Grant, act};
use api::{DoctorClaim, DoctorHealth, DoctorResult};
use ledger::Kind;

use crate::house::House;
use crate::{Told, sentence};

/// Enters it: a line `<claim> <result> <tried> <succeeded>` for each.
pub(crate) async fn keep(
    house: &House,
    grant: &Grant<act::Doctor>,
    claims: &[DoctorClaim],
) -> Told<()> {
    grant.check().map_err(sentence)?;
    let line = |it: &DoctorClaim| {
        format!("{} {} {} {}", it.claim, word(it.result), it.tried, it.succeeded)
    };
    let lines: Vec<String> = claims.iter().map(line).collect();
    let companion = tokio::task::block_in_place(|| house.ledger.keep_companion(&lines));
    let count = |result| claims.iter().filter(|it| it.result == result).count() as u64;
    let kind = Kind::Doctor {
        held: count(DoctorResult::Held),
        broken: count(DoctorResult::Broken),
        untested: count(DoctorResult::Untested),
        companion: companion.map_err(sentence)?,
    };
    house.ledger.append(vec![kind.into()]).await.map(drop).map_err(sentence)
}

/// What was kept last, as far as it can be read.
pub(crate) fn kept(house: &House) -> Option<DoctorHealth> {
    let (at, companion) = house.ledger.doctor()?;
    let bytes = house.ledger.published(&format!("companion/{}", companion.sha256))?;
    let text = String::from_utf8(bytes).ok()?;
    let claim = |line: &str| {
        let mut words = line.split(' ');
        Some(DoctorClaim {
            claim: words.next()?.to_owned(),
            result: result(words.next()?)?,
            tried: words.next()?.parse().ok()?,
            succeeded: words.next()?.parse().ok()?,
        })
    };
    let claims = text.lines().map(claim).collect::<Option<_>>()?;
    Some(DoctorHealth { at: crate::register::time(at), claims })
}

const fn word(result: DoctorResult) -> &'static str {
    match result {
        DoctorResult::Held => "held",
        DoctorResult::Broken => "broken",
        DoctorResult::Untested => "untested",
    }
}

fn result(text: &str) -> Option<DoctorResult> {
    use DoctorResult::{Broken, Held, Untested};
    [Held, Broken, Untested].into_iter().find(|result| word(*result) == text)
}
