//! The form: what is fit, and each mistake at its field.

use super::*;

const GOOD: &str = "for=self&name=%ED%99%8D%EA%B8%B8%EB%8F%99&phone=02-000-0000&born=1950-01-31&address=\
    &ask=existence&ask=viewing&place=0&from=2026-11-22T14:00&until=2026-11-22T14:30\
    &reason=one%0D%0Atwo&answer=telephone&notice=yes&token=t";

fn checked(body: &str) -> Result<Parcel, Vec<Mistake>> {
    let settings = Settings::read(include_str!("../../../samples/front/front.toml")).unwrap();
    let typed = Typed::read(body.as_bytes()).unwrap();
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    check(&typed, &settings, now).map(|(_, _, parcel)| parcel)
}

#[track_caller]
fn wrong(before: &str, after: &str) -> Vec<&'static str> {
    assert!(GOOD.contains(before), "{before}");
    let mistakes = checked(&GOOD.replacen(before, after, 1)).expect_err(after);
    mistakes.iter().map(|mistake| mistake.field).collect()
}

#[test]
fn a_good_form_says_what_was_typed() {
    let parcel = checked(GOOD).unwrap();
    assert_eq!((&*parcel.requester.name, &*parcel.requester.phone), ("홍길동", "02-000-0000"));
    assert_eq!(parcel.asks, ["existence", "viewing"]);
    assert_eq!(parcel.cameras, ["정문"]);
    assert_eq!(parcel.from.parse::<WallTime>(), "2026-11-22T05:00:00Z".parse());
    assert_eq!(parcel.reason, "one\ntwo\n(답변 받을 방법: 전화)");
    let by_hand = GOOD.replace("T14:00", "+14:00");
    assert_eq!(checked(&by_hand).unwrap().from, parcel.from);
    let child =
        GOOD.replace("for=self", "for=legal-representative&agent_name=A&agent_phone=1&relation=R");
    let agent = checked(&child).unwrap().agent.unwrap();
    assert_eq!((&*agent.kind, &*agent.relation), ("legal-representative", "R"));
}

#[test]
fn each_mistake_is_told_at_its_field() {
    assert_eq!(checked("").unwrap_err().len(), 10);
    assert_eq!(wrong("for=self", "for=friend"), ["for"]);
    let agent = ["agent_name", "agent_phone", "relation"];
    assert_eq!(wrong("for=self", "for=power-of-attorney"), agent);
    assert_eq!(wrong("phone=02-000-0000", "phone=+"), ["phone"]);
    assert_eq!(wrong("phone=02-000-0000", "phone=1%0A2"), ["phone"]);
    assert_eq!(wrong("phone=02-000-0000", &format!("phone={}", "1".repeat(101))), ["phone"]);
    assert_eq!(wrong("born=1950-01-31", "born=2027-01-01"), ["born"]);
    assert_eq!(wrong("born=1950-01-31", "born=1950-02-30"), ["born"]);
    assert_eq!(wrong("ask=existence&ask=viewing", "ask=copy"), ["ask"]);
    assert_eq!(wrong("place=0", "place=99"), ["place"]);
    assert_eq!(wrong("from=2026-11-22T14:00", "from=2026-11-22"), ["from"]);
    assert_eq!(wrong("from=2026-11-22T14:00", "from=2026-11-22T10:29"), ["until"]);
    assert_eq!(wrong("until=2026-11-22T14:30", "until=2026-11-22T14:00"), ["until"]);
    assert_eq!(wrong("until=2026-11-22T14:30", "until=2026-11-24T14:30"), ["until"]);
    assert_eq!(wrong("reason=one%0D%0Atwo", "reason="), ["reason"]);
    assert_eq!(wrong("answer=telephone", "answer=post"), ["address"]);
    assert_eq!(wrong("answer=telephone", "answer=owl"), ["answer"]);
    assert_eq!(wrong("notice=yes", "notice="), ["notice"]);
    let long = "a".repeat(REASON_ROOM);
    assert!(checked(&GOOD.replace("one%0D%0Atwo", &long)).is_ok(), "the control");
    assert_eq!(wrong("reason=one%0D%0Atwo", &format!("reason={long}a")), ["reason"]);
}

#[test]
fn what_is_no_form_is_none() {
    assert!(Typed::read(b"name=%ff").is_err());
    assert!(Typed::read("a=1&".repeat(MOST_FIELDS + 1).as_bytes()).is_err());
    assert!(Typed::read("a=1&".repeat(MOST_FIELDS).as_bytes()).is_ok());
    let typed = Typed::read(b"=&a&b=1=2&%zz=%").unwrap();
    assert_eq!((typed.one("a"), typed.one("b"), typed.one("%zz")), ("", "1=2", "%"));
}
