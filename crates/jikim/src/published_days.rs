//! What was found of the promises on each day, for the public site: from the ledger's entries, which were
//! made on that day and cannot be made later.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use domain::WallTime;
use ledger::PromisesFact;
use papers::{Block, Document, Row, Sentence, html};
use serde::{Deserialize, Serialize};

use crate::house::House;
use crate::policy_desk::day_of;
use crate::promises::{broken_in, entered_lines};
use crate::{Told, sentence};

/// The folder of the files of each day.
pub(crate) const DAYS: &str = "days";
/// So far back the site goes.
const YEAR: Duration = Duration::from_secs(366 * 86_400);
/// Of so many days the site has the proof.
const PROVEN_DAYS: usize = 31;

/// A day.
#[derive(Serialize, Deserialize)]
pub(crate) struct PublishedDay {
    /// In Korea: `2026-11-23`.
    day: String,
    /// How often was entered what was found.
    looks: usize,
    /// Of the last time of the day.
    kept: u64,
    broken: u64,
    unproven: u64,
    /// What was found broken at any time of the day.
    ever_broken: BTreeSet<String>,
    /// The entry of the last time.
    number: String,
    /// Its proof, for the newest days.
    proof: Option<DayProof>,
}

/// What somebody else can check.
#[derive(Serialize, Deserialize)]
struct DayProof {
    /// The entry, as it is hashed.
    entry: String,
    /// Its receipt.
    receipt: String,
    /// A line for each promise: its id and its state.
    promises: String,
}

/// Every day of the last year on which something was entered, the newest first.
pub(crate) async fn days(house: &House) -> Told<Vec<PublishedDay>> {
    let facts = house.ledger.promises_since(house.clock.wall() - YEAR);
    let mut by_day: BTreeMap<String, Vec<PromisesFact>> = BTreeMap::new();
    for fact in facts {
        by_day.entry(day(fact.at)).or_default().push(fact);
    }
    // The same is found again and again: each list is read once.
    let mut read = HashMap::new();
    let mut days = Vec::new();
    for (index, (day, facts)) in by_day.into_iter().rev().enumerate() {
        let mut ever_broken = BTreeSet::new();
        for fact in facts.iter().filter(|fact| fact.broken > 0) {
            let name = fact.companion.sha256.clone();
            let text: &String = read.entry(name).or_insert_with(|| entered_lines(house, fact));
            ever_broken.extend(broken_in(text).map(str::to_owned));
        }
        let Some(last) = facts.last() else { continue };
        let proof = if index < PROVEN_DAYS { Some(proof(house, last).await?) } else { None };
        days.push(PublishedDay {
            day,
            looks: facts.len(),
            kept: last.kept,
            broken: last.broken,
            unproven: last.unproven,
            ever_broken,
            number: last.number.to_string(),
            proof,
        });
    }
    Ok(days)
}

fn day(at: WallTime) -> String {
    day_of(at).to_string()
}

async fn proof(house: &House, fact: &PromisesFact) -> Told<DayProof> {
    let receipt = house.ledger.proof(fact.number).await.map_err(sentence)?;
    let entry = tokio::task::block_in_place(|| house.ledger.entry_bytes(fact.number));
    let entry = String::from_utf8(entry.map_err(sentence)?).map_err(sentence)?;
    Ok(DayProof { entry, receipt, promises: entered_lines(house, fact) })
}

/// The page of all days, its content, and the proof of the newest; `paper` makes a page of blocks.
pub(crate) fn day_files(
    days: &[PublishedDay],
    paper: impl Fn(&str, Vec<Block>) -> Document,
) -> Told<Vec<(String, String)>> {
    let page = paper("날마다 살펴본 결과", blocks(days));
    let home = "<p><a href=\"index.html\">방침으로 돌아가기</a></p>\n";
    let mut files = vec![("days.html".to_owned(), html(&page, home))];
    let json = serde_json::to_string_pretty(days).map_err(sentence)?;
    files.push(("days.json".to_owned(), json));
    for it in days {
        let Some(proof) = &it.proof else { continue };
        let name = |end: &str| format!("{DAYS}/{}.{end}", it.day);
        files.push((name("entry"), proof.entry.clone()));
        files.push((name("receipt"), proof.receipt.clone()));
        files.push((name("promises"), proof.promises.clone()));
    }
    Ok(files)
}

fn blocks(days: &[PublishedDay]) -> Vec<Block> {
    let say = |text: &str| Block::Paragraph { sentences: vec![Sentence::from(text.to_owned())] };
    let told = say(
        "날마다 한 번, 그리고 결과가 달라질 때마다 방침의 약속을 모두 살펴보고 원장에 적습니다. 표의 수는 그날 마지막으로 \
         살펴본 결과이며, 하루 가운데 한 번이라도 어긋난 약속은 모두 적혀 있습니다.",
    );
    if days.is_empty() {
        return vec![told, say("아직 살펴본 날이 없습니다.")];
    }
    let row = |it: &PublishedDay| {
        let broken: Vec<&str> = it.ever_broken.iter().map(String::as_str).collect();
        let broken = if broken.is_empty() { "없음".to_owned() } else { broken.join(", ") };
        let counts = [it.kept, it.broken, it.unproven].map(|count| count.to_string());
        let mut cells = vec![it.day.clone()];
        cells.extend(counts);
        cells.extend([broken, it.number.clone()]);
        Row { cells: cells.into_iter().map(|text| text.as_str().into()).collect(), promise: None }
    };
    let head = ["날", "지켜짐", "어긋남", "확인 안 됨", "그날 어긋난 적이 있는 약속", "원장"];
    vec![
        told,
        Block::Table {
            caption: "날마다 살펴본 결과".into(),
            head: head.map(Into::into).to_vec(),
            rows: days.iter().map(row).collect(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(title: &str, blocks: Vec<Block>) -> Document {
        Document::Paper(papers::Paper {
            title: title.into(),
            footer: String::new(),
            author: "도서관".into(),
            language: "ko".into(),
            date: "2026-11-23".into(),
            is_landscape: false,
            blocks,
        })
    }

    #[test]
    fn a_promise_that_was_broken_at_noon_is_still_told_at_night() {
        let text = "cameras kept\nhours broken\nsigns unproven\nretention.broken kept\n";
        assert_eq!(broken_in(text).collect::<Vec<_>>(), ["hours"]);
        let of = |day: &str, proof| PublishedDay {
            day: day.into(),
            looks: 2,
            kept: 3,
            broken: 0,
            unproven: 1,
            ever_broken: broken_in(text).map(str::to_owned).collect(),
            number: "2026/7".into(),
            proof,
        };
        let proof = DayProof { entry: "e".into(), receipt: "r".into(), promises: text.into() };
        let days = [of("2026-11-23", Some(proof)), of("2026-01-01", None)];
        let files = day_files(&days, paper).unwrap();
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let of_day = ["entry", "receipt", "promises"].map(|end| format!("days/2026-11-23.{end}"));
        assert_eq!(names, ["days.html", "days.json", &*of_day[0], &*of_day[1], &*of_day[2]]);
        assert!(files[0].1.contains("hours") && files[0].1.contains("2026-01-01"));
        assert!(day_files(&[], paper).unwrap()[0].1.contains("아직 살펴본 날이 없습니다"));
    }
}
