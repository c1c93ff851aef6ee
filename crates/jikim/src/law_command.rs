//! `jikim law`: the rules that hold on a day, for who has to read them. Needs no recorder.

use std::process::ExitCode;

use host::{Clock as _, SystemClock};
use law::{Amount, Law, Rule, Topic, Unit};
use serde_json::{Value, json};
use time::Date;

use crate::arguments::LawArguments;
use crate::policy_desk::day_of;
use crate::{Told, give, sentence};

/// Prints the rules of a day, by topic.
pub(crate) fn law(arguments: &LawArguments) -> Told<ExitCode> {
    let date = match &arguments.on {
        Some(text) => read_date(text)?,
        None => day_of(SystemClock.wall()),
    };
    let topics = match &arguments.topic {
        Some(word) => vec![read_topic(word)?],
        None => Topic::ALL.to_vec(),
    };
    let law = law::korea().on(date);
    if arguments.json {
        let rules: Vec<Value> = topics.iter().flat_map(|it| law.topic(*it)).map(as_json).collect();
        give(&serde_json::to_string_pretty(&rules).map_err(sentence)?);
    } else {
        give(as_text(law, &topics).trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

fn read_date(text: &str) -> Told<Date> {
    law::date(text).map_err(|_| format!("{text} is no day: write one like 2026-11-22"))
}

fn read_topic(word: &str) -> Told<Topic> {
    let topic = Topic::ALL.into_iter().find(|topic| topic.word() == word);
    topic.ok_or_else(|| {
        let words: Vec<&str> = Topic::ALL.iter().map(|topic| topic.word()).collect();
        format!("{word} is no topic; there are {}", words.join(", "))
    })
}

fn as_text(law: Law<'_>, topics: &[Topic]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for topic in topics {
        let rules: Vec<&Rule> = law.topic(*topic).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{} ({})", topic.word(), law.date());
        for rule in rules {
            let amount = rule.amount.map(|amount| format!(": {}", count(amount)));
            let amount = amount.unwrap_or_default();
            let _ = writeln!(text, "  {} — {}{amount}", rule.article, rule.ko);
            let _ = writeln!(text, "      {}{amount}", rule.en);
            let _ = writeln!(text, "      {}", period(rule));
        }
        text.push('\n');
    }
    text
}

/// Since when it holds, until when, and how sure that is.
fn period(rule: &Rule) -> String {
    let from = if rule.from_is_known { format!("since {}", rule.from) } else { String::new() };
    let to = rule.to.map(|to| format!("until {to}")).unwrap_or_default();
    let doubt = if rule.confirmed { "" } else { "not confirmed in a primary text" };
    let said = [rule.source.as_str(), &from, &to, doubt];
    said.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", ")
}

fn count(amount: Amount) -> String {
    format!("{} {}", amount.value, unit(amount.unit))
}

const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Hours => "hours",
        Unit::Days => "days",
        Unit::Months => "months",
        Unit::Years => "years",
        Unit::Persons => "persons",
        Unit::Won => "won",
    }
}

fn as_json(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "topic": rule.topic.word(),
        "article": rule.article,
        "from": rule.from_is_known.then(|| rule.from.to_string()),
        "to": rule.to.map(|to| to.to_string()),
        "source": rule.source,
        "confirmed": rule.confirmed,
        "text_ko": rule.ko,
        "text_en": rule.en,
        "amount": rule.amount.map(|it| json!({ "value": it.value, "unit": unit(it.unit) })),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_for_two_days_has_two_answers() {
        let told =
            |day: &str| as_text(law::korea().on(read_date(day).unwrap()), &[Topic::RefusalGround]);
        assert!(told("2024-01-03").contains("보관기간이 지나 파기한 경우"));
        assert!(!told("2024-01-04").contains("보관기간이 지나 파기한 경우"));
        assert!(told("2024-01-03").contains("until 2024-01-03"));
    }

    #[test]
    fn what_is_not_known_is_said() {
        let law = law::korea().on(read_date("2026-11-22").unwrap());
        let unsure = Rule {
            from_is_known: false,
            confirmed: false,
            ..law.rule("retention-parking-minimum").unwrap().clone()
        };
        assert!(period(&unsure).contains("not confirmed") && !period(&unsure).contains("since"));
        assert_eq!(as_json(&unsure)["from"], Value::Null);
        let parking = law.rule("retention-parking-minimum").unwrap();
        assert!(!period(parking).contains("not confirmed") && period(parking).contains("since"));
        assert_eq!(as_json(parking)["from"], "2004-07-01");
        assert!(read_topic("wish").unwrap_err().contains("refusal-ground"));
        assert!(read_date("22.11.2026").unwrap_err().contains("2026-11-22"));
    }
}
