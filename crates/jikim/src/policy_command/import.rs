//! `jikim policy import`: the draft of a description from a published text.

use std::collections::BTreeMap;
use std::process::ExitCode;

use linter::Mark;

use super::check::is_description;
use crate::arguments::PolicyImportArguments;
use crate::publication::write_public;
use crate::text_file::read_policy;
use crate::{Told, give};

/// Writes the draft and tells what is asked.
pub(crate) fn import(arguments: &PolicyImportArguments) -> Told<ExitCode> {
    let text = read_policy(&arguments.file)?;
    if is_description(&text) {
        return Err("it is a description already: jikim policy check tells what it lacks".into());
    }
    if arguments.out.exists() {
        return Err(format!("{} is there already: name another file", arguments.out.display()));
    }
    let draft = linter::draft(&linter::read(&text), &BTreeMap::new());
    write_public(&arguments.out, &draft.toml)?;
    let count = |is: fn(&Mark) -> bool| draft.fields.iter().filter(|it| is(&it.mark)).count();
    give(&format!(
        "{}: {} values read, {} assumed, {} asked",
        arguments.out.display(),
        count(|it| matches!(it, Mark::Read(_))),
        count(|it| *it == Mark::Assumed),
        count(|it| *it == Mark::Asked),
    ));
    for field in draft.fields.iter().filter(|it| it.mark == Mark::Asked) {
        give(&format!("asked: {}", field.path));
    }
    Ok(ExitCode::SUCCESS)
}
