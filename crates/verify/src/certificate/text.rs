//! The text of a certificate: what its data says, in Korean with English beside it.
//!
//! Part of the format: whoever verifies makes it again and compares.

use std::fmt::Write as _;

use domain::{EntryNumber, WallTime};

use super::claims::{parsed, provable, untimely};
use super::{Bucket, Certificate, How, Rotation, State};

pub(super) fn text(certificate: &Certificate) -> String {
    let mut text = String::new();
    head(certificate, &mut text);
    result(certificate, &mut text);
    proof(certificate, &mut text);
    buckets(certificate, &mut text);
    left(certificate, &mut text);
    text.push_str(WHAT_IS_PROVED);
    text
}

fn head(it: &Certificate, text: &mut String) {
    let _ = writeln!(text, "영상 파기 증명서 · Certificate of destruction\n");
    let _ = writeln!(text, "녹화기 · recorder: {}", it.recorder);
    let _ = writeln!(text, "카메라 · camera: {} ({})", plain(&it.name), it.camera);
    let _ = writeln!(text, "기간 · span: {} – {}", it.from, it.to);
    let _ = writeln!(text, "만든 때 · made at: {}", it.made_at);
    let _ = writeln!(text, "만든 행위의 기록 · entry of the act: {}\n", it.intent);
}

/// A name that could be taken for a line of ours is shown in one line.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn count(it: &Certificate, state: State) -> usize {
    it.buckets.iter().filter(|bucket| bucket.state == state).count()
}

fn result(it: &Certificate, text: &mut String) {
    let sentence = if it.buckets.is_empty() {
        "이 기간의 영상은 이 녹화기의 열쇠 목록에 없습니다. · There is no bucket of this span in the \
         lists of this recorder."
    } else if it.is_all_destroyed() {
        "이 기간의 모든 열쇠가 파기되었습니다. · Every key of this span is destroyed."
    } else {
        "이 기간의 일부는 파기되지 않았습니다. 그 부분에 대해 이 글은 증명서가 아닙니다. · A part of \
         this span is not destroyed. Of that part this is no certificate."
    };
    let _ = writeln!(text, "결과 · Result\n  {sentence}");
    for (state, korean, english) in [
        (State::Destroyed, "파기", "destroyed"),
        (
            State::Held,
            "파기되었으나 일부 분을 사건으로 보존 중",
            "destroyed but for minutes held for a case",
        ),
        (State::Kept, "보관 중", "kept"),
        (State::Undecided, "파기 중이거나 알 수 없음", "being destroyed, or not known"),
    ] {
        let _ = writeln!(text, "  {korean} · {english}: {}", count(it, state));
    }
    let early = it.rotations.iter().filter(|rotation| rotation.early).count();
    let _ = writeln!(text, "  기한 전에 파기한 열쇠 교체 · rotations before their time: {early}");
    let (soon, late) = untimely(it);
    let _ = writeln!(text, "  기한보다 한 시간 넘게 먼저 · more than an hour before due: {soon}");
    let _ = writeln!(text, "  기한보다 하루 넘게 늦게 · more than a day after due: {late}");
    let unmade = it.buckets.iter().filter(|bucket| bucket.made.is_none()).count();
    if unmade > 0 {
        let _ = writeln!(
            text,
            "  만들 때 적히지 못하고 파기할 때 비로소 적힌 열쇠 · keys that were entered only when \
             destroyed: {unmade}"
        );
    }
    if !it.untagged.is_empty() {
        let _ = writeln!(
            text,
            "  누구의 것인지 목록이 말하지 않는 파기된 열쇠(이 카메라의 것일 수도 있음) · destroyed keys \
             of which the lists do not say whose they were (may be of this camera): {}",
            it.untagged.len()
        );
    }
    for stretch in &it.nothing {
        let _ = writeln!(
            text,
            "  버킷 없음 · no bucket: {} {} – {}",
            stretch.feed,
            moment(stretch.from),
            moment(stretch.to)
        );
    }
    text.push('\n');
}

fn proof(it: &Certificate, text: &mut String) {
    let (is_provable, reasons) = provable(it);
    let sentence = if it.rotations.is_empty() {
        "파기가 없습니다. · Nothing was destroyed."
    } else if is_provable {
        "증명할 수 있음 · provable"
    } else {
        "이 장치에서는 증명할 수 없음 · not provable on this device"
    };
    let _ =
        writeln!(text, "열쇠가 정말 지워졌는지 · Whether the keys are really gone\n  {sentence}");
    for reason in reasons {
        let _ = writeln!(text, "  - {reason}");
    }
    text.push('\n');
}

fn buckets(it: &Certificate, text: &mut String) {
    let entries = parsed(it);
    let at = |number: &str| {
        let number: Option<EntryNumber> = number.parse().ok();
        let entry = number.and_then(|number| entries.get(&number));
        entry.map_or_else(|| "?".into(), |entry| entry.time.to_string())
    };
    let _ = writeln!(text, "버킷 · Buckets");
    for bucket in &it.buckets {
        let _ = writeln!(
            text,
            "  {} {} – {} ({})",
            bucket.feed,
            moment(bucket.start),
            moment(bucket.end),
            bucket.bucket
        );
        let _ = writeln!(
            text,
            "    기한 · due {}; {}",
            moment(bucket.expires_at),
            fate(it, bucket, &at)
        );
    }
    text.push('\n');
}

fn fate(it: &Certificate, bucket: &Bucket, at: &dyn Fn(&str) -> String) -> String {
    let made = bucket.made.as_ref().map_or_else(
        || "만든 기록 없음 · no entry of its making".into(),
        |place| format!("만듦 · made {} ({})", at(&place.entry), place.entry),
    );
    let gone = match (&bucket.destroyed, bucket.state) {
        (None, State::Kept) => "보관 중 · kept".into(),
        (None, _) => "파기 기록 없음 · no entry of its destruction".into(),
        (Some(place), state) => {
            let of = |rotation: &&Rotation| rotation.destroyed == place.entry;
            let why = match it.rotations.iter().find(of) {
                Some(Rotation { early: false, .. }) => "기한이 되어 · as due".into(),
                Some(Rotation { proposal: Some(proposal), .. }) => {
                    format!("기한 전, 제안 · early, under proposal {proposal}")
                }
                Some(_) => "기한 전 · early".into(),
                None => "까닭을 알 수 없음 · why is not known".into(),
            };
            let held = if state == State::Held {
                "; 일부 분은 보존 중 · some minutes are held"
            } else {
                ""
            };
            format!("파기 · destroyed {} ({}), {why}{held}", at(&place.entry), place.entry)
        }
    };
    format!("{made}; {gone}")
}

fn left(it: &Certificate, text: &mut String) {
    let entries = parsed(it);
    let _ = writeln!(text, "파기 전에 나간 것 · What left before: {}", it.left.len());
    for left in &it.left {
        let number: Option<EntryNumber> = left.entry.parse().ok();
        let entry = number.and_then(|number| entries.get(&number));
        let time = entry.map_or_else(|| "?".into(), |entry| entry.time.to_string());
        let how = match left.how {
            How::Served => "열람 · shown",
            How::Unknown => {
                "끝을 알 수 없는 열람, 모두 나간 것으로 봄 · an act of unknown end, counts as all shown"
            }
            How::Still => "정지 화면 · a still",
            How::Unreadable => {
                "기록을 더는 열 수 없음, 이 카메라일 수 있음 · its record opens no more, may be of this"
            }
        };
        let _ = writeln!(text, "  {} {time} {how}", left.entry);
    }
    text.push('\n');
}

fn moment(us: i64) -> String {
    WallTime::from_micros(us).to_string()
}

const WHAT_IS_PROVED: &str = "\
무엇이 증명되고 무엇이 녹화기의 말인가 · What is proved, and what is the recorder's word
  증명됨: 위의 기록들이 서명된 원장에 있고(증인이 있으면 증인도 보았고), 각 버킷의 열쇠 해시와 시간이 만들 때 이 카메라의 것으로 적혔다는 것. 원장을 함께 주면(--ledger), 위에 버킷이 하나라도 있는 날에는 이 카메라의 다른 버킷이 목록에 없다는 것.
  Proved: that these entries are in the signed log, and that each bucket's key and times were entered as this camera's when it was made. With the ledger (--ledger): that on each day of which there is a bucket above, the lists hold no other bucket of this camera and feed.
  녹화기의 말: 버킷이 없다는 시간, 카메라의 이름, 무엇이 나갔는지의 목록이 빠짐없다는 것, 아직 보관 중이라는 것, 열쇠를 지켰다는 장치의 종류와 그 자리.
  The recorder's word: times without a bucket, the camera's name, that the list of what left is whole, what is kept, and what kind of device kept the keys and where.
  증명하지 못함: 파기 전에 열쇠를 베낀 사람이 없다는 것, 나간 영상이 지워졌다는 것.
  Not shown by anything: that nobody copied a key before, and what became of footage that left.
  확인 · verify: jikim-verify destruction --certificate FILE --policy FILE [--ledger URL|DIR]
";
