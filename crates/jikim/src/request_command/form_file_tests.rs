//! The sample, and each mistake at its line.

use super::*;

const SAMPLE: &str = include_str!("../../../../samples/requests/telephone.toml");
const FRONT: &str = "00000000-0000-4000-8000-000000000001";
const NOW: &str = "2026-11-23T08:00:00Z";

fn request(text: &str) -> Told<api::NewRequest> {
    let [front, back, twin] = [FRONT, "b", "c"].map(|id| api::Id(id.into()));
    let known = [(&front, "정문"), (&back, "후문"), (&twin, "후문")];
    FormFile::read(text.to_owned())?.request(&known, NOW.parse().unwrap())
}

/// What is told of the sample with one text in the place of another; at the line of what is there then.
#[track_caller]
fn told(before: &str, after: &str) -> String {
    assert!(SAMPLE.contains(before), "the sample has no {before}");
    let text = SAMPLE.replacen(before, after, 1);
    let told = request(&text).expect_err(after);
    let line = 1 + SAMPLE[..SAMPLE.find(before).unwrap()].matches('\n').count();
    assert!(told.starts_with(&format!("{line}번째 줄: ")), "line {line}: {told}");
    assert!(told.contains(&format!("Line {line}: ")) && !told.contains('\n'), "{told}");
    told
}

#[test]
fn the_sample_is_read_whole() {
    let read = request(SAMPLE).unwrap();
    assert_eq!(read.requester.name, "홍길동");
    assert_eq!(read.requester.born.as_deref(), Some("1950-01-31"));
    assert_eq!(read.cameras, [api::Id(FRONT.into())], "a name stands for its camera");
    assert_eq!(read.from.0.parse::<WallTime>(), "2025-03-04T05:00:00Z".parse(), "of Korea");
    assert_eq!(read.channel, RequestChannel::Telephone);
    assert_eq!(read.asks, [RequestAsked::Existence, RequestAsked::Viewing]);
    assert!(read.reason.starts_with("주차") && read.reason.ends_with("자리."));
    let agent = read.agent.unwrap();
    assert_eq!((&*agent.person.name, &*agent.relation), ("홍영희", "자녀"));
    let by_id = SAMPLE.replace("\"정문\"", &format!("\"{FRONT}\""));
    let offset = by_id.replace("14:00:00", "05:00:00Z");
    assert_eq!(request(&offset).unwrap().from, read.from);
}

#[test]
fn a_key_that_is_not_known_is_refused_with_its_line() {
    assert!(told("channel =", "chanel =").contains("chanel"));
    assert!(told("phone =", "fone =").contains("fone"));
    assert!(told("kind =", "kinds =").contains("kinds"));
    assert!(request(&SAMPLE.replace("reason =", "# \"\"\" =")).is_err());
    assert!(told("channel = \"telephone\"", "channel = telephone").contains("Line 4"));
}

#[test]
fn each_limit_is_told_at_its_line() {
    let long = "가".repeat(101);
    assert!(told("\"telephone\"", "\"fax\"").contains("counter, telephone, paper"));
    assert!(told("\"power-of-attorney\"", "\"friend\"").contains("legal-representative"));
    told("\"홍길동\"", &format!("\"{long}\""));
    told("\"02-000-0000\"", &format!("\"{long}\""));
    told("address = \"\"", &format!("address = \"{long}\""));
    told("\"자녀\"", "\"자\\n녀\"");
    told("\"자녀\"", "\" \"");
    told("\"홍길동\"", "\"\"");
    told("\"02-000-0001\"", "\"\"");
    told("[\"existence\", \"viewing\"]", "[]");
    told("[\"existence\", \"viewing\"]", "[\"viewing\", \"viewing\"]");
    told("[\"existence\", \"viewing\"]", "[\"copy\"]");
    told("[\"정문\"]", "[]");
    told("from = 2025-03-04T14:00:00", "from = 2025-03-04T14:00:01");
    told("from = 2025-03-04T14:00:00", "from = 2025-03-04T10:29:00");
    told("from = 2025-03-04T14:00:00", "from = 2025-03-04");
    told("from = 2025-03-04T14:00:00", "from = \"yesterday\"");
    let recent = SAMPLE.replace("2025-03-04T14:00", "2026-11-23T16:00");
    let until = |minute: &str| request(&recent.replace("2025-03-04T14:30", minute));
    let ahead = until("2026-11-23T17:01").unwrap_err();
    assert!(ahead.starts_with("8번째 줄: "), "{ahead}");
    until("2026-11-23T17:00").expect("the control");
    told("born = 1950-01-31", "born = 2030-01-31");
    told("born = 1950-01-31", "born = 1950-01-31T00:00:00");
    let reason = &SAMPLE[SAMPLE.find("reason").unwrap()..SAMPLE.find("\n\n[requester]").unwrap()];
    told(reason, &format!("reason = \"{}\"", "가".repeat(501)));
    told(reason, "reason = \" \"");
    // The controls: what is just within.
    for (before, after) in [
        ("from = 2025-03-04T14:00:00", "from = 2025-03-04T10:30:00"),
        ("until = 2025-03-04T14:30:00", "until = 2025-03-04T18:00:00"),
        ("\"홍길동\"", &*format!("\"{}\"", "가".repeat(100))),
        (reason, &format!("reason = \"{}\"", "가".repeat(500))),
    ] {
        request(&SAMPLE.replacen(before, after, 1)).unwrap();
    }
}

#[test]
fn a_camera_is_the_one_that_is_meant_or_none() {
    assert!(told("\"정문\"", "\"옥상\"").contains("there is no camera 옥상"));
    assert!(told("\"정문\"", "\"후문\"").contains("several cameras"));
    assert!(told("[\"정문\"]", "[\"정문\", \"정문\"]").contains("each once"));
}
