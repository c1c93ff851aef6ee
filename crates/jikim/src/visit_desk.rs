//! What stands at the door of a controlled area: the rooms of the policy in force, and what a visitor is
//! told before he is asked for consent.

use ledger::{AccessLife, Ledger};
use papers::VisitorBook;
use server::HouseError;

use crate::edge::internal;
use crate::house::House;
use crate::policy_desk::in_force;

/// The rooms, and the text.
pub(crate) fn desk(house: &House) -> Result<(Vec<api::VisitArea>, api::VisitNotice), HouseError> {
    let present = tokio::task::block_in_place(|| in_force(house)).map_err(internal)?;
    let (institution, places) = present.map_or_else(Default::default, |present| {
        (present.described.institution.name, present.described.places)
    });
    let areas = places.into_iter().map(|place| api::VisitArea { id: place.id, name: place.name });
    let lines = notice(&institution, house.access_life);
    let sha256 = Ledger::companion_of(&lines).sha256;
    Ok((areas.collect(), api::VisitNotice { lines, sha256 }))
}

/// The lines, with the institution's name in front: whoever reads the text later sees whose it was.
fn notice(institution: &str, life: AccessLife) -> Vec<String> {
    let months = match life {
        AccessLife::OneYear => 12,
        AccessLife::TwoYears => 24,
    };
    let kept = format!("적은 달이 끝난 뒤 {months}개월이며, 지나면 열쇠를 없애 파기합니다.");
    let told = VisitorBook::told(&kept).map(|(label, text)| format!("{label}: {text}"));
    let head =
        format!("{institution} 통제구역 출입 기록, 개인정보 수집·이용 안내").trim().to_owned();
    [head].into_iter().chain(told).collect()
}
