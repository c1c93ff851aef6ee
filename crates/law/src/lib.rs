//! The law as dated data: which rule held on which day.
//!
//! A jurisdiction is a *pack*: text files that a lawyer can read and correct, nothing else. Each rule
//! has the article that says so, the first day on which it holds and, if it has ended, the last. Rules
//! of one id follow each other in time, so the same question for two dates can have two answers.
//! What nobody has confirmed in a primary text says so, and so does a rule of which only the present
//! is known and not since when.
//!
//! No clock and no disk: the date is handed in, the files are part of the program.
//!
//! ```
//! use law::{Topic, korea};
//! let on = |date| korea().on(law::date(date).unwrap());
//! assert_eq!(on("2023-09-14").topic(Topic::InstallationGround).count(), 5);
//! assert_eq!(on("2023-09-15").topic(Topic::InstallationGround).count(), 6);
//! ```

mod article;
mod holidays;
mod pack;
mod rule;

pub use article::article_in_korean;
pub use holidays::{Calendar, Holiday, ReadHolidaysError, korean_holidays};
pub use pack::{Law, Pack, ReadPackError, korea};
pub use rule::{Amount, Rule, Topic, Unit};

/// Korea has one time, so far ahead of UTC: a day, and with it a law, begins at midnight there.
pub const KOREA_AHEAD: std::time::Duration = std::time::Duration::from_secs(9 * 3600);

/// A day as it is written: `2026-11-22`.
///
/// # Errors
/// If it is none.
pub fn date(text: &str) -> Result<time::Date, time::error::Parse> {
    time::Date::parse(text, time::macros::format_description!("[year]-[month]-[day]"))
}
