//! Where the programs, the models and the library lie.

use std::path::{Path, PathBuf};

use crate::Told;
use crate::arguments::Finding;

/// Names the folder of the models where `./x models` did not put it in its usual place.
const MODELS_VARIABLE: &str = "JIKIM_MODELS";

/// What is needed to find people.
#[derive(Debug)]
pub(crate) struct Models {
    pub(crate) library: PathBuf,
    pub(crate) person: PathBuf,
    pub(crate) face: PathBuf,
}

/// Finds them, or says what is missing and what brings it.
pub(crate) fn models(finding: &Finding) -> Told<Models> {
    let folder = models_folder()?;
    let named =
        |own: &Option<PathBuf>, name: &str| own.clone().unwrap_or_else(|| folder.join(name));
    let models = Models {
        library: folder.join("libonnxruntime.so"),
        person: named(&finding.person_model, "person.onnx"),
        face: named(&finding.face_model, "face.onnx"),
    };
    let whole = |path: &Path| {
        path.canonicalize().map_err(|error| {
            format!(
                "{} is needed to find people ({error}): ./x models brings it, or name the folder with \
                 {MODELS_VARIABLE}",
                path.display()
            )
        })
    };
    Ok(Models {
        library: whole(&models.library)?,
        person: whole(&models.person)?,
        face: whole(&models.face)?,
    })
}

/// The folder that is named, else the one beside the program, else the one in the cache.
fn models_folder() -> Told<PathBuf> {
    if let Some(named) = variable(MODELS_VARIABLE) {
        return Ok(named);
    }
    let beside = std::env::current_exe().ok().map(|program| program.with_file_name("models"));
    if let Some(beside) = beside.filter(|folder| folder.is_dir()) {
        return Ok(beside);
    }
    let cache = variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
    let cache = cache.ok_or(format!("name the folder of the models with {MODELS_VARIABLE}"))?;
    Ok(cache.join("jikim/models-1"))
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// A program of ours, beside this one.
pub(crate) fn beside(name: &str) -> Told<PathBuf> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let path = own.with_file_name(name);
    if path.is_file() {
        return Ok(path);
    }
    Err(format!("{name} is not beside {}: ./x build puts it there", own.display()))
}

/// A program of the system, by its whole path.
pub(crate) fn installed(name: &str) -> Told<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .ok_or_else(|| {
            format!("{name} is not installed (Debian and Ubuntu: apt-get install ffmpeg)")
        })
}

/// A clip without a single picture is none.
pub(crate) fn some_frames(frames: u64) -> Told<()> {
    if frames == 0 {
        Err("there is no picture in the clip that can be decoded".to_owned())
    } else {
        Ok(())
    }
}
