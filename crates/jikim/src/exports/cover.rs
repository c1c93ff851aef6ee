//! What a sealed file says of itself: for whom, for what, how long, what is on it.

use std::collections::HashMap;

use api::ErrorCode;
use bundle::{Clip, Cover, Gap, Words};
use domain::{CameraId, EntryNumber};
use ledger::{CameraRecord, ExportRecord};
use policy::{Duty, Institution, Post};
use server::HouseError;

use super::copy_list::CopyList;
use super::list::cause_in_words;
use crate::edge::internal;
use crate::house::House;
use crate::policy_desk::in_force;

/// Of a case what its file and its record say.
pub(super) struct Recipient {
    /// The number under which the office knows it: `청구 2026-17`.
    number: String,
    name: String,
    purpose: String,
    use_until: Option<String>,
    conditions: Vec<String>,
}

/// For whom what leaves for a case is.
pub(super) fn recipient(house: &House, case: EntryNumber) -> Result<Recipient, HouseError> {
    if let Some(fact) = house.ledger.request(case) {
        let receipt = fact.receipt();
        let (_, record) = fact.detail.ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
        let asks = record.agent.map_or(record.requester.name, |agent| agent.person.name);
        return Ok(Recipient {
            number: format!("청구 {receipt}"),
            name: asks,
            purpose: record.reason,
            use_until: None,
            conditions: Vec::new(),
        });
    }
    let fact = house.ledger.disclosure(case).ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    let receipt = fact.receipt();
    let (_, record) = fact.detail.ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    let conditions = Some(record.conditions).filter(|text| !text.is_empty());
    Ok(Recipient {
        number: format!("제공 {receipt}"),
        name: format!("{} {}", record.body, record.officer).trim().to_owned(),
        purpose: record.purpose,
        use_until: record.use_until,
        conditions: conditions.into_iter().collect(),
    })
}

impl Recipient {
    pub(super) fn record(&self, list: &CopyList, copy: String, bytes: u64) -> ExportRecord {
        ExportRecord {
            recipient: self.name.clone(),
            purpose: self.purpose.clone(),
            cameras: list.cameras.clone(),
            from: list.from.clone(),
            to: list.to.clone(),
            masked: list.masked,
            use_until: self.use_until.clone(),
            copy,
            bytes,
        }
    }
}

pub(super) fn cover(
    house: &House,
    recipient: &Recipient,
    list: &CopyList,
) -> Result<Cover, HouseError> {
    let policy = in_force(house).map_err(internal)?;
    let described = policy.ok_or(HouseError::Unfit(ErrorCode::LetterUnfit))?.described;
    let manager = described.posts.iter().find(|post| post.duty == Duty::Manager);
    let contact = manager.map(written).unwrap_or_default();
    Ok(Cover {
        number: recipient.number.clone(),
        agency: agency(&described.institution),
        contact,
        sealed_at: house.clock.wall().to_string(),
        recipient: recipient.name.clone(),
        purpose: recipient.purpose.clone(),
        use_until: recipient.use_until.clone(),
        conditions: recipient.conditions.iter().map(|text| both(text)).collect(),
        clips: clips(house, list),
    })
}

/// In Korean; in English too, where somebody wrote that down.
fn agency(institution: &Institution) -> Words {
    let en = Some(institution.name_en.as_str()).filter(|name| !name.is_empty());
    Words { ko: institution.name.clone(), en: en.unwrap_or(&institution.name).to_owned() }
}

fn both(text: &str) -> Words {
    Words { ko: text.to_owned(), en: text.to_owned() }
}

fn written(post: &Post) -> String {
    format!("{} {}, {}", post.department, post.title, post.contact)
}

fn clips(house: &House, list: &CopyList) -> Vec<Clip> {
    let mut names: HashMap<&str, String> = HashMap::new();
    for id in &list.cameras {
        let known = id.parse::<CameraId>().ok().and_then(|camera| house.ledger.camera(camera));
        let name = known.map_or_else(|| id.clone(), |camera: CameraRecord| camera.name);
        names.insert(id, name);
    }
    let listed = list.clips.iter().enumerate().map(|(at, clip)| {
        let is_first = list.clips.iter().position(|it| it.camera == clip.camera) == Some(at);
        Clip {
            file: format!("clip-{}.mp4", at + 1),
            camera: names.get(clip.camera.as_str()).cloned().unwrap_or_default(),
            from: clip.from.clone(),
            until: clip.until.clone(),
            masked: clip.mask.is_some(),
            gaps: if is_first { gaps(list, &clip.camera) } else { Vec::new() },
        }
    });
    listed.collect()
}

fn gaps(list: &CopyList, camera: &str) -> Vec<Gap> {
    let of_it = list.gaps.iter().filter(|gap| gap.camera == camera);
    of_it
        .map(|gap| {
            let (ko, en) = cause_in_words(gap.cause.as_deref());
            let cause = Words { ko: ko.into(), en: en.into() };
            Gap { from: gap.from.clone(), until: gap.until.clone(), cause }
        })
        .collect()
}
