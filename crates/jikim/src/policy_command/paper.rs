//! `jikim policy render`, `sign` and `form`: the documents that an agency hands out, as files.

use std::path::Path;
use std::process::ExitCode;

use host::{Clock as _, Disk, Fs, SystemClock};
use hyper::Method;
use papers::{AccessRequest, Document, VisitorBook};
use policy::{Description, MAX_DESCRIPTION_BYTES, signs};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use time::Date;

use super::press::write_document;
use crate::arguments::{
    FormArguments, FormName, Format, InstitutionName, PolicySource, RenderArguments, SignArguments,
};
use crate::policy_desk::{day_of, policy_of};
use crate::socket_client::ask_running;
use crate::{Told, sentence};

impl InstitutionName {
    /// The sample's description.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Patent => include_str!("../../../../samples/institutions/patent.toml"),
            Self::Smes => include_str!("../../../../samples/institutions/smes.toml"),
            Self::Customs => include_str!("../../../../samples/institutions/customs.toml"),
            Self::Gunsan => include_str!("../../../../samples/institutions/gunsan.toml"),
            Self::Labor => include_str!("../../../../samples/institutions/labor.toml"),
        }
    }
}

/// The policy as a file.
pub(crate) async fn render(arguments: RenderArguments) -> Told<ExitCode> {
    let document = match &arguments.source.data {
        Some(data) => document_in_force(data).await?,
        None => policy_of(&described(&arguments.source).await?, today()).document(),
    };
    write_document(&document, arguments.format, &arguments.out)?;
    Ok(ExitCode::SUCCESS)
}

/// A sign as a file.
pub(crate) async fn sign(arguments: SignArguments) -> Told<ExitCode> {
    if arguments.format == Format::Hwpx {
        return Err("a sign is one sheet with a QR code: make it as pdf, html or json".into());
    }
    let described = described(&arguments.source).await?;
    let law = law::korea().on(law_day(arguments.on.as_deref())?);
    let mut made = signs(&described, law);
    let units: Vec<String> = made.iter().map(|(unit, _)| unit.clone()).collect();
    let at = match &arguments.unit {
        Some(wanted) => units.iter().position(|unit| unit == wanted),
        None if units.len() == 1 => Some(0),
        None => None,
    };
    let Some(at) = at else {
        return Err(match units.as_slice() {
            [] => "no unit has a place that is open to the public: the law asks for no sign".into(),
            units => format!("name the unit of the sign with --unit: {}", units.join(", ")),
        });
    };
    let (_, sign) = made.swap_remove(at);
    write_document(&Document::Sign(sign), arguments.format, &arguments.out)?;
    Ok(ExitCode::SUCCESS)
}

/// A form as a file.
pub(crate) async fn form(arguments: FormArguments) -> Told<ExitCode> {
    let described = described(&arguments.source).await?;
    let (institution, today) = (&described.institution, today().to_string());
    let fill = arguments.fill.as_deref();
    let document = match arguments.form {
        FormName::AccessRequest => {
            let filled = AccessRequest {
                institution: institution.name.clone(),
                head: institution.head.clone(),
                answer_days: described.requests.answer_days,
                ..fields(fill)?
            };
            filled.document(&today)
        }
        FormName::Consent => {
            let filled = VisitorBook { institution: institution.name.clone(), ..fields(fill)? };
            filled.document(&today)
        }
    };
    write_document(&document, arguments.format, &arguments.out)?;
    Ok(ExitCode::SUCCESS)
}

/// What is filled in beforehand.
fn fields<T: DeserializeOwned + Default>(path: Option<&Path>) -> Told<T> {
    let Some(path) = path else { return Ok(T::default()) };
    toml::from_str(&read(path)?)
        .map_err(|error| format!("{} does not fit the form: {error}", path.display()))
}

async fn described(source: &PolicySource) -> Told<Description> {
    let text = match (source.institution, &source.description, &source.data) {
        (Some(name), _, _) => name.description().to_owned(),
        (None, Some(path), _) => read(path)?,
        (None, None, Some(data)) => description_in_force(data).await?,
        (None, None, None) => {
            return Err("name --institution NAME, --description FILE or --data DIR".into());
        }
    };
    Description::read(&text).map_err(sentence)
}

const NO_POLICY: &str =
    "no policy was announced yet: a manager does that on the page of the policy";

/// The text that the running recorder shows.
async fn document_in_force(data: &Path) -> Told<Document> {
    let view = ask_running(data, Method::GET, "/policy", None).await?;
    match view.get("document") {
        Some(document) if !document.is_null() => {
            Document::read(document.to_string().as_bytes()).map_err(sentence)
        }
        _ => Err(NO_POLICY.into()),
    }
}

/// The description that the policy in force follows from, else that of the newest version.
async fn description_in_force(data: &Path) -> Told<String> {
    let told = ask_running(data, Method::GET, "/publication", None).await?;
    let versions = told.get("versions").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_in_force =
        |version: &&Value| version.get("state") == Some(&json!(api::PolicyState::InForce));
    let found = versions.iter().find(is_in_force).or(versions.first());
    let text = found.and_then(|version| version.get("description")).and_then(Value::as_str);
    text.map(ToOwned::to_owned).ok_or_else(|| NO_POLICY.into())
}

/// A file that a person wrote.
pub(crate) fn read(path: &Path) -> Told<String> {
    let bytes = Disk.read(path, MAX_DESCRIPTION_BYTES).map_err(sentence)?;
    String::from_utf8(bytes).map_err(|_| format!("{} is no UTF-8", path.display()))
}

/// The day whose law is asked; today if none is named.
pub(crate) fn law_day(named: Option<&str>) -> Told<Date> {
    match named {
        Some(day) => law::date(day).map_err(|_| format!("{day} is no day like 2026-11-22")),
        None => Ok(today()),
    }
}

fn today() -> Date {
    day_of(SystemClock.wall())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = include_str!("../../../../docs/guide/documents.md");

    /// The examples of TOML in the guide, in order.
    fn examples() -> Vec<&'static str> {
        let after = GUIDE.split("```toml\n").skip(1);
        after.map(|text| text.split("```").next().unwrap()).collect()
    }

    fn filled<T: DeserializeOwned + Default>(text: &str) -> Told<T> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fields.toml");
        std::fs::write(&path, text).unwrap();
        fields(Some(&path))
    }

    #[test]
    fn the_examples_of_the_guide_fill_the_forms() {
        let [request, book] = examples().try_into().unwrap();
        let request: AccessRequest = filled(request).unwrap();
        assert_eq!(request.wanted, Some(papers::Wanted::Viewing));
        let says = request.document("").texts().join(" ");
        assert!(says.contains("■ 열람") && says.contains("1층 복도 및 로비"));
        let book: VisitorBook = filled(book).unwrap();
        let says = book.document("").texts().join(" ");
        assert!(says.contains("■ 동의 안 함") && says.contains("■ 승인") && says.contains("365일"));
    }

    #[test]
    fn what_belongs_to_the_institution_or_to_nobody_is_refused() {
        for text in ["institution = \"다른 기관\"", "head = \"가\"", "reazon = \"오타\""] {
            let error = filled::<AccessRequest>(text).unwrap_err();
            assert!(error.contains("does not fit the form"), "{error}");
        }
        assert_eq!(fields::<VisitorBook>(None).unwrap(), VisitorBook::default());
    }

    #[test]
    fn what_is_in_force_is_called_as_the_recorder_calls_it() {
        assert_eq!(json!(api::PolicyState::InForce), "in-force");
    }
}
