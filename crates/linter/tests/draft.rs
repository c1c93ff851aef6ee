//! Drafts: each is a description, names no person, and can be published once what is asked is filled.

use std::collections::{BTreeMap, BTreeSet};

use linter::{FieldKind, Mark, draft, read};
use policy::{Description, Severity};

fn texts() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/policies");
    let files = std::fs::read_dir(folder).expect("the corpus is there");
    let paths = files.map(|file| file.expect("a file").path());
    let mut texts: Vec<(String, String)> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "txt"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("text")))
        .collect();
    texts.sort();
    texts
}

#[test]
fn each_draft_is_a_description_and_says_where_its_values_come_from() {
    for (name, text) in texts() {
        let made = draft(&read(&text), &BTreeMap::new());
        let described = Description::read(&made.toml).unwrap_or_else(|error| {
            panic!("{name}: {error}\n{}", made.toml);
        });
        assert!(!described.spots.is_empty() && !described.units.is_empty(), "{name}");
        for line in made.fields.iter().filter_map(|it| match it.mark {
            Mark::Read(line) => Some(line),
            Mark::Answered | Mark::Assumed | Mark::Asked => None,
        }) {
            assert!((1..=text.lines().count() as u32).contains(&line), "{name}: {line}");
        }
        let marks = made.toml.matches("# read: line ").count()
            + made.toml.matches(" # assumed").count()
            + made.toml.matches(" # asked").count();
        assert_eq!(marks, made.fields.len(), "{name}");
    }
}

#[test]
fn no_draft_names_a_person() {
    for (name, text) in texts() {
        let published = read(&text);
        let made = draft(&published, &BTreeMap::new()).toml;
        let persons = published.people.iter().filter_map(|it| it.name.as_deref());
        // A post may be called as somebody is, so only whole names in quotes count.
        for person in persons.filter(|it| it.chars().count() == 3) {
            assert!(!made.contains(&format!("\"{person}\"")), "{name}: {person}");
        }
    }
}

#[test]
fn a_draft_blocks_publication_until_what_is_asked_is_filled() {
    let law = law::korea().on(law::date("2026-11-23").expect("a day"));
    let (_, text) = texts().into_iter().find(|(name, _)| name.contains("05-")).expect("the school");
    let made = draft(&read(&text), &BTreeMap::new()).toml;
    let errors = |toml: &str| {
        let described = Description::read(toml).expect("a description");
        let findings = described.findings(law).into_iter();
        findings
            .filter(|it| it.severity == Severity::Error)
            .map(|it| (it.rule, it.at))
            .collect::<Vec<_>>()
    };
    assert!(errors(&made).iter().any(|(rule, _)| *rule == "empty"), "{made}");
    let filled = made
        .replace("outsourced = \"unknown\" # asked", "outsourced = \"no\"")
        .replace("staff_consulted_on = \"\" # asked", "staff_consulted_on = \"2026-01-05\"")
        .replace("= \"\" # asked", "= \"채운 값\"")
        .replace("= 0 # asked", "= 1");
    assert_eq!(errors(&filled), [], "{filled}");
}

#[test]
fn every_field_is_called_something_and_no_two_are_the_same() {
    for (name, text) in texts() {
        let made = draft(&read(&text), &BTreeMap::new());
        let paths: BTreeSet<&str> = made.fields.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(paths.len(), made.fields.len(), "{name}");
        for field in &made.fields {
            let key = field.path.rsplit_once('.').expect("a table and a key").1;
            assert!(field.ko != key && field.en != key, "{name}: {} has no words", field.path);
            assert_eq!(field.mark == Mark::Asked, field.value.is_empty(), "{name}: {field:?}");
            let has = field.choices.iter().any(|(word, ..)| *word == field.value);
            assert!(field.kind != FieldKind::Choice || has || field.value.is_empty(), "{field:?}");
        }
    }
}

#[test]
fn what_was_answered_stands_in_the_draft_and_nothing_is_asked_any_more() {
    for (name, text) in texts() {
        let published = read(&text);
        let made = draft(&published, &BTreeMap::new());
        let asked = made.fields.iter().filter(|it| it.mark == Mark::Asked);
        let answer = |field: &linter::Field| match field.kind {
            FieldKind::Number => "7".to_owned(),
            FieldKind::Date => "2026-12-08".to_owned(),
            FieldKind::Choice => field.choices[0].0.clone(),
            FieldKind::Text if field.path.ends_with("hours") => "24h".to_owned(),
            FieldKind::Text if field.path.ends_with("measures") => "plan, encryption".to_owned(),
            FieldKind::Text => "\"따옴표\"와 # 표".to_owned(),
        };
        let mut answers: BTreeMap<String, String> =
            asked.map(|field| (field.path.clone(), answer(field))).collect();
        // What there is not, and what cannot be, changes nothing.
        answers.insert("unit nowhere.name".into(), "없음".into());
        answers.insert("requests.answer_days".into(), "열흘".into());
        let again = draft(&published, &answers);
        assert!(again.fields.iter().all(|it| it.mark != Mark::Asked), "{name}: {}", again.toml);
        assert!(!again.toml.contains("nowhere") && !again.toml.contains("열흘"), "{name}");
        let described = Description::read(&again.toml);
        let described = described.unwrap_or_else(|error| panic!("{name}: {error}\n{}", again.toml));
        let law = law::korea().on(law::date("2026-11-23").expect("a day"));
        let empty = described.findings(law).into_iter().filter(|it| it.rule == "empty");
        assert_eq!(empty.count(), 0, "{name}: {}", again.toml);
    }
}
