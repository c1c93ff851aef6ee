//! What is due of what the policy and the law ask for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Role, TaskKind, Time};

/// Everything that is due. Nothing of it is kept: it is computed when it is asked for, and a task is
/// gone when what it asks for is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tasks {
    /// When it was looked.
    pub looked_at: Time,
    /// The day that it was then, where the institution is: `2026-11-20`.
    pub today: String,
    /// The version of the policy from which tasks follow; null if none is in force.
    pub version: Option<u64>,
    /// The most urgent first.
    pub tasks: Vec<Task>,
}

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Task {
    /// What kind of thing.
    pub kind: TaskKind,
    /// The last day on which it is in time.
    pub due: String,
    /// Whether that day is over.
    pub overdue: bool,
    /// Who sees to it; others with the right may as well.
    pub who: Role,
    /// The article that asks for it.
    pub article: String,
    /// What is to be done.
    pub text_ko: String,
    /// The same in English.
    pub text_en: String,
    /// The promise at which it is done; null if it is done at none.
    pub promise: Option<String>,
    /// The version of the policy that it is about; null if it is about none.
    pub version: Option<u64>,
}
