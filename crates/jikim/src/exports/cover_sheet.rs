//! The cover of a sealed file as a sheet of paper, made by the press: for a file of papers, and for whoever shows
//! the clips to a court.

use bundle::{Clip, Cover, Words};
use papers::{Block, Cell, Document, Paper, Row};
use registers::korean_minute;

use crate::press_line;

/// The sheet as PDF; none where no press answers, or it refuses: what leaves waits for no paper.
pub(super) async fn pdf(press: &std::path::Path, cover: &Cover) -> Option<Vec<u8>> {
    match press_line::press(press, &sheet(cover), "pdf").await {
        Ok(pdf) => Some(pdf),
        Err(error) => {
            tracing::info!(%error, "a file is sealed without a cover sheet");
            None
        }
    }
}

fn sheet(cover: &Cover) -> Document {
    let Cover { agency, number, .. } = cover;
    let mut rows = vec![
        row("건 · Case", number),
        row("보내는 기관 · From", &both(agency)),
        row("문의 · Contact", &cover.contact),
        row("받는 사람 · Recipient", &cover.recipient),
        row("목적 · Purpose", &cover.purpose),
        row("봉인한 때 · Sealed", &minute(&cover.sealed_at)),
    ];
    if let Some(until) = &cover.use_until {
        rows.push(row("이용 기한 · To be used until", until));
    }
    let mut blocks = vec![
        table("이 파일 · This file", Vec::new(), rows),
        table(
            "영상 · Clips",
            ["파일", "카메라", "부터", "까지", "가림"].map(str::to_owned).to_vec(),
            cover.clips.iter().map(clip).collect(),
        ),
    ];
    let gaps: Vec<Row> = cover.clips.iter().flat_map(gaps).collect();
    if !gaps.is_empty() {
        let head = ["카메라", "부터", "까지", "까닭"].map(str::to_owned).to_vec();
        blocks.push(table("영상이 없는 시간 · Without a picture", head, gaps));
    }
    if !cover.conditions.is_empty() {
        blocks.push(Block::Heading { level: 2, text: "조건 · Conditions".into() });
        let items = cover.conditions.iter().map(|words| both(words).into()).collect();
        blocks.push(Block::List { is_numbered: true, items });
    }
    let remark = "이 종이는 파일 안의 표지를 적은 것입니다. 파일이 진짜인지는 jikim-verify bundle로 확인합니다. · \
        This sheet repeats the cover within the file; jikim-verify bundle says whether the file is genuine.";
    blocks.push(Block::Note { sentence: remark.into() });
    Document::Paper(Paper {
        title: "반출 영상 표지".into(),
        author: agency.ko.clone(),
        language: "ko".into(),
        date: cover.sealed_at.chars().take(10).collect(),
        footer: format!("{} · {number}", agency.ko),
        is_landscape: false,
        blocks,
    })
}

fn table(caption: &str, head: Vec<String>, rows: Vec<Row>) -> Block {
    Block::Table { caption: caption.into(), head, rows }
}

fn row(label: &str, text: &str) -> Row {
    let label = Cell { text: label.into(), columns: 1, is_label: true };
    Row { cells: vec![label, text.into()], promise: None }
}

fn clip(clip: &Clip) -> Row {
    let masked = if clip.masked { "가림" } else { "가리지 않음" };
    let (from, until) = (minute(&clip.from), minute(&clip.until));
    cells([clip.file.as_str(), &clip.camera, &from, &until, masked])
}

fn gaps(clip: &Clip) -> Vec<Row> {
    let one = |gap: &bundle::Gap| {
        cells([clip.camera.as_str(), &minute(&gap.from), &minute(&gap.until), &both(&gap.cause)])
    };
    clip.gaps.iter().map(one).collect()
}

fn cells<const N: usize>(texts: [&str; N]) -> Row {
    Row { cells: texts.into_iter().map(Cell::from).collect(), promise: None }
}

fn both(words: &Words) -> String {
    if words.ko == words.en { words.ko.clone() } else { format!("{} · {}", words.ko, words.en) }
}

/// In Korea's time; what is no time stays as it is.
fn minute(text: &str) -> String {
    text.parse().map_or_else(|_unfit| text.to_owned(), korean_minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_says_what_the_cover_says() {
        let words = |ko: &str, en: &str| Words { ko: ko.into(), en: en.into() };
        let from = "2026-11-24T01:00:00Z".to_owned();
        let gap = bundle::Gap {
            from: from.clone(),
            until: from.clone(),
            cause: words("멈춤", "stopped"),
        };
        let clip = Clip {
            file: "clip-1.mp4".into(),
            camera: "정문".into(),
            from: from.clone(),
            until: from.clone(),
            masked: true,
            gaps: vec![gap],
        };
        let cover = Cover {
            number: "청구 2026-17".into(),
            agency: words("○○군", "County"),
            contact: "총무과".into(),
            sealed_at: from,
            recipient: "홍길동".into(),
            purpose: "사고 확인".into(),
            use_until: Some("2026-12-31".into()),
            conditions: vec![words("목적 밖 이용 금지", "for this purpose only")],
            clips: vec![clip],
        };
        let document = sheet(&cover);
        let texts = document.texts().join("\n");
        for told in [
            "청구 2026-17",
            "○○군 · County",
            "홍길동",
            "사고 확인",
            "2026-12-31",
            "정문",
            "멈춤 · stopped",
            "for this purpose only",
            "clip-1.mp4",
            "10:00",
        ] {
            assert!(texts.contains(told), "{told}: {texts}");
        }
        assert!(Document::read(document.to_json().as_bytes()).is_ok(), "as the press reads it");
    }
}
