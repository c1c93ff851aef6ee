//! The programs that lie beside this one: where each is looked for.

use std::path::PathBuf;

/// A program of ours that this one starts at a person's command. The recorder itself starts none.
pub(crate) struct HelperProgram {
    pub(crate) name: &'static str,
    /// Names the program where it is not beside this one.
    pub(crate) variable: &'static str,
}

impl HelperProgram {
    /// The one that is named, else the one beside this program, else the one on the path.
    pub(crate) fn path(&self) -> PathBuf {
        if let Some(named) = std::env::var_os(self.variable).filter(|name| !name.is_empty()) {
            return named.into();
        }
        let beside = std::env::current_exe().ok().map(|program| program.with_file_name(self.name));
        beside.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(self.name))
    }
}
