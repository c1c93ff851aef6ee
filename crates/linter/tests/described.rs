//! The rules on structured policies: what our own text says is read back as it was described, and nothing
//! of it is an error; what is wrong with a description is found in its text.

use linter::{HoursKind, Severity, check, from_description};
use policy::Description;

const SAMPLES: [(&str, &str); 5] = [
    ("patent", include_str!("../../../samples/institutions/patent.toml")),
    ("smes", include_str!("../../../samples/institutions/smes.toml")),
    ("customs", include_str!("../../../samples/institutions/customs.toml")),
    ("gunsan", include_str!("../../../samples/institutions/gunsan.toml")),
    ("labor", include_str!("../../../samples/institutions/labor.toml")),
];

fn law() -> law::Law<'static> {
    law::korea().on(law::date("2026-11-23").expect("a day"))
}

#[test]
fn no_error_is_found_in_our_own_texts() {
    for (name, text) in SAMPLES {
        let described = Description::read(text).unwrap();
        let findings = check(&from_description(&described, law()), law());
        let errors: Vec<_> = findings.iter().filter(|it| it.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn our_own_texts_are_read_as_they_were_described() {
    for (name, text) in SAMPLES {
        let described = Description::read(text).unwrap();
        let published = from_description(&described, law());
        // `listed` is taken from the description; rows and stated sum are read from the text.
        let rows: u32 = published.cameras.rows.iter().filter_map(|row| row.count).sum();
        assert_eq!(rows, described.cameras(), "{name}");
        assert_eq!(
            published.cameras.stated_total().map(|it| it.count),
            Some(described.cameras()),
            "{name}"
        );
        let days = described.spots.iter().map(|spot| described.retention_days(spot)).max().unwrap();
        let read = published.retention.iter().filter(|it| !it.is_of_law).map(|it| it.days).max();
        assert_eq!(read, Some(u32::from(days)), "{name}");
        assert_eq!(published.institution.unwrap().value, described.institution.name);
        assert!(published.hours.iter().all(|it| it.kind == HoursKind::AllDay), "{name}");
    }
}

#[test]
fn a_fault_of_a_description_is_found_in_its_text() {
    let mut described = Description::read(SAMPLES[0].1).unwrap();
    described.places[0].name = "○○실".into();
    let findings = check(&from_description(&described, law()), law());
    assert!(findings.iter().any(|it| it.rule == "template.placeholder"), "{findings:#?}");
}
