//! `jikim publish`: the policy in force, all earlier ones and what became of the promises as files that
//! anybody's web server can give out. The recorder itself has no public listener.
//!
//! What proves a version is its entry in the ledger: the site has the description whose hash the entry
//! names, and the receipt of the entry, which `jikim-verify receipt` checks without us. What proves the
//! pages is an entry too: it names the list of all files with their hashes.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use access::{Grant, act};
use host::{Disk, Fs};
use hyper::Method;
use ledger::Kind;
use papers::{Block, Document, Paper, Row, Sentence, html};
use serde::{Deserialize, Serialize};

use crate::arguments::PublishArguments;
use crate::house::House;
use crate::ledger_command::trust;
use crate::policy_desk::{announced, view};
use crate::published_days::{DAYS, PublishedDay, day_files, days};
use crate::socket_client::ask_running;
use crate::{Told, give, promises, sentence, tell};

/// How long is waited for witnesses.
const COSIGNED_WITHIN: Duration = Duration::from_secs(15);

/// All that is published.
#[derive(Serialize, Deserialize)]
pub(crate) struct Publication {
    versions: Vec<PublishedVersion>,
    promises: api::Promises,
    /// What was found on each day.
    days: Vec<PublishedDay>,
    /// The newest checkpoint, with the witnesses' cosignatures if there are any.
    checkpoint: String,
}

#[derive(Serialize, Deserialize)]
struct PublishedVersion {
    version: u64,
    effective: String,
    state: api::PolicyState,
    description: String,
    document: Document,
    /// The entry that announced it, as it is hashed.
    entry: String,
    receipt: String,
    /// Whether a quorum of witnesses has cosigned the entry; without witnesses nobody has.
    is_cosigned: bool,
}

/// Gathers it.
pub(crate) async fn gather(house: &House) -> Told<Publication> {
    let shown = view(house, None).map_err(|_| "the policy cannot be read; look into the log")?;
    let mut versions = Vec::new();
    for fact in house.ledger.policies().into_iter().rev() {
        let state = shown.versions.iter().find(|it| it.version == fact.version);
        let state = state.ok_or("a version is listed")?.state;
        // A receipt that witnesses vouch for, if they do within the time.
        let is_cosigned = house.ledger.cosigned(fact.number, COSIGNED_WITHIN).await;
        let receipt = house.ledger.proof(fact.number).await.map_err(sentence)?;
        let entry = tokio::task::block_in_place(|| house.ledger.entry_bytes(fact.number));
        let entry = String::from_utf8(entry.map_err(sentence)?).map_err(sentence)?;
        let told = tokio::task::block_in_place(|| announced(&house.ledger, fact))?;
        versions.push(PublishedVersion {
            version: told.fact.version,
            effective: told.fact.effective.clone(),
            state,
            document: told.policy.document(),
            description: told.text,
            entry,
            receipt,
            is_cosigned,
        });
    }
    let year = house.ledger.status().year;
    let named = |name: &str| house.ledger.published(&format!("{year}/{name}"));
    let checkpoint = named("cosigned").or_else(|| named("checkpoint")).unwrap_or_default();
    let mut promises = promises::promises(house).await?;
    // What the manager sees to beside the policy is published nowhere.
    promises.duties.clear();
    Ok(Publication {
        versions,
        promises,
        days: days(house).await?,
        checkpoint: String::from_utf8_lossy(&checkpoint).into_owned(),
    })
}

/// Writes the site.
pub(crate) async fn publish(arguments: PublishArguments) -> Told<ExitCode> {
    let told = ask_running(&arguments.data, Method::GET, "/publication", None).await?;
    let told: Publication = serde_json::from_value(told).map_err(sentence)?;
    if told.versions.is_empty() {
        return Err("no policy was announced yet: a manager does that on the page 방침".into());
    }
    let files = files(&told, &trust(&arguments.data).await?)?;
    Disk.make_folder(&arguments.out.join(DAYS)).map_err(sentence)?;
    for (name, text) in &files {
        write_public(&arguments.out.join(name), text)?;
    }
    sign(&arguments.data, &arguments.out, &files).await?;
    for it in told.versions.iter().filter(|it| !it.is_cosigned) {
        tell(&format!(
            "no witnesses have cosigned version {} yet: publish again when they have",
            it.version
        ));
    }
    let count = files.len() + SIGNED.len();
    give(&format!("{count} files in {}", arguments.out.display()));
    Ok(ExitCode::SUCCESS)
}

/// The list of all files, the entry that names it, and the receipt of that.
const SIGNED: [&str; 3] = ["site.sha256", "site.entry", "site.receipt"];

/// Enters what was written, and writes what proves it beside it.
async fn sign(data: &Path, out: &Path, files: &[(String, String)]) -> Told<()> {
    let file = |(name, text): &(String, String)| api::SiteFile {
        name: name.clone(),
        sha256: policy::sentence_sha256(text),
    };
    let mut listed: Vec<api::SiteFile> = files.iter().map(file).collect();
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    let body = serde_json::to_value(&listed).map_err(sentence)?;
    let entered = ask_running(data, Method::POST, "/publication", Some(&body)).await?;
    let entered: api::SiteEntry = serde_json::from_value(entered).map_err(sentence)?;
    let list = manifest(&listed).join("\n") + "\n";
    for (name, text) in SIGNED.iter().zip([&list, &entered.entry, &entered.receipt]) {
        write_public(&out.join(name), text)?;
    }
    if !entered.is_cosigned {
        tell("no witnesses have cosigned the list of files yet: publish again when they have");
    }
    Ok(())
}

/// As `sha256sum --check` reads it.
fn manifest(files: &[api::SiteFile]) -> Vec<String> {
    files.iter().map(|file| format!("{}  {}", file.sha256, file.name)).collect()
}

/// Enters what somebody on this machine published.
pub(crate) async fn enter(
    house: &House,
    grant: &Grant<act::PublishSite>,
    files: &[api::SiteFile],
) -> Told<api::SiteEntry> {
    grant.check().map_err(sentence)?;
    let lines = manifest(files);
    let companion = tokio::task::block_in_place(|| house.ledger.keep_companion(&lines));
    let kind = Kind::Site { companion: companion.map_err(sentence)? };
    let numbers = house.ledger.append(vec![kind.into()]).await.map_err(sentence)?;
    let number = *numbers.first().ok_or("one entry was appended")?;
    let is_cosigned = house.ledger.cosigned(number, COSIGNED_WITHIN).await;
    let receipt = house.ledger.proof(number).await.map_err(sentence)?;
    let entry = tokio::task::block_in_place(|| house.ledger.entry_bytes(number));
    let entry = String::from_utf8(entry.map_err(sentence)?).map_err(sentence)?;
    Ok(api::SiteEntry { entry, receipt, is_cosigned })
}

/// A file for everybody to read, unlike what else this program writes.
pub(crate) fn write_public(path: &Path, text: &str) -> Told<()> {
    std::fs::write(path, text)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

fn files(told: &Publication, trust: &str) -> Told<Vec<(String, String)>> {
    let present = told.versions.iter().find(|it| it.state == api::PolicyState::InForce);
    let present = present.or(told.versions.first()).ok_or("there is a version")?;
    let mut files = vec![("index.html".to_owned(), html(&present.document, &links(told, true)))];
    for it in &told.versions {
        let name = |end: &str| format!("policy-{}.{end}", it.version);
        files.push((name("html"), html(&it.document, &links(told, false))));
        files.push((name("json"), it.document.to_json()));
        files.push((name("toml"), it.description.clone()));
        files.push((name("entry"), it.entry.clone()));
        files.push((name("receipt"), it.receipt.clone()));
    }
    let json = serde_json::to_string_pretty(&told.promises).map_err(sentence)?;
    files.push(("promises.json".into(), json));
    files.push(("promises.html".into(), html(&promises_page(told, present), &home())));
    files.extend(day_files(&told.days, |title, blocks| paper(present, title, blocks))?);
    files.push(("checkpoint".into(), told.checkpoint.clone()));
    files.push(("trust.policy".into(), trust.to_owned()));
    files.push(("verify.html".into(), html(&verify_page(present), &home())));
    Ok(files)
}

fn home() -> String {
    "<p><a href=\"index.html\">방침으로 돌아가기</a></p>\n".into()
}

/// Where else there is something to read. Numbers and dates of the program alone: nothing to escape.
fn links(told: &Publication, is_home: bool) -> String {
    let mut out = String::from("<nav aria-label=\"방침의 판과 약속\"><ul>\n");
    if !is_home {
        out.push_str("<li><a href=\"index.html\">시행 중인 방침</a></li>\n");
    }
    out.push_str("<li><a href=\"promises.html\">약속이 지켜지고 있는가</a></li>\n");
    out.push_str("<li><a href=\"days.html\">날마다 살펴본 결과</a></li>\n");
    out.push_str("<li><a href=\"verify.html\">스스로 확인하는 방법</a></li>\n");
    for it in &told.versions {
        let state = match it.state {
            api::PolicyState::Announced => "시행 예정",
            api::PolicyState::InForce => "시행 중",
            api::PolicyState::Archived => "지난 판",
        };
        let day: String =
            it.effective.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
        let _ = writeln!(
            out,
            "<li><a href=\"policy-{0}.html\">{0}판, {day} 시행 ({state})</a></li>",
            it.version
        );
    }
    out.push_str("</ul></nav>\n");
    out
}

fn paper(present: &PublishedVersion, title: &str, blocks: Vec<Block>) -> Document {
    let author = match &present.document {
        Document::Paper(paper) => paper.author.clone(),
        Document::Sign(sign) => sign.author.clone(),
    };
    Document::Paper(Paper {
        title: format!("{author} {title}"),
        footer: author.clone(),
        author,
        language: "ko".into(),
        date: present.effective.clone(),
        is_landscape: false,
        blocks,
    })
}

fn promises_page(told: &Publication, present: &PublishedVersion) -> Document {
    let say = |text: String| Block::Paragraph { sentences: vec![Sentence::from(text)] };
    let list = &told.promises.promises;
    let count = |state| list.iter().filter(|it| it.state == state).count();
    let at = list.first().map_or_else(|| "-".to_owned(), |it| it.checked_at.0.clone());
    let rows = list.iter().map(|it| {
        let state = match it.state {
            api::PromiseState::Kept => "지켜짐",
            api::PromiseState::Broken => "어긋남",
            api::PromiseState::Unproven => "확인 안 됨",
        };
        Row { cells: [state, &it.text_ko, &it.evidence].map(Into::into).to_vec(), promise: None }
    });
    let blocks = vec![
        say(format!(
            "{at}에 살펴본 결과: 지켜짐 {}, 어긋남 {}, 확인 안 됨 {}.",
            count(api::PromiseState::Kept),
            count(api::PromiseState::Broken),
            count(api::PromiseState::Unproven)
        )),
        say("‘확인 안 됨’은 아직 아무도 살펴보지 않았거나 이 시스템에서 볼 수 없는 약속입니다."
            .into()),
        Block::Table {
            caption: "방침의 약속".into(),
            head: ["상태", "약속", "본 것"].map(Into::into).to_vec(),
            rows: rows.collect(),
        },
    ];
    paper(present, "방침의 약속이 지켜지고 있는가", blocks)
}

fn verify_page(present: &PublishedVersion) -> Document {
    let version = present.version;
    let steps = [
        format!(
            "policy-{version}.toml은 방침이 나온 원본, policy-{version}.entry는 그것을 공고한 원장의 기록, \
             policy-{version}.receipt는 그 기록이 원장에 있다는 증명입니다."
        ),
        format!(
            "sha256sum policy-{version}.toml 의 값이 policy-{version}.entry 속의 sha256과 같아야 합니다."
        ),
        format!(
            "jikim-verify receipt policy-{version}.receipt --entry policy-{version}.entry --policy trust.policy \
             명령으로 서명과 공동서명을 확인합니다. trust.policy에 적힌 열쇠와 증인은 다른 길로도 확인하십시오."
        ),
        "days 폴더에는 최근 31일의 날마다 마지막으로 살펴본 결과(promises), 그것을 적은 원장의 기록(entry), 그 증명(receipt)이 \
         있습니다. 확인하는 방법은 방침과 같습니다."
            .to_owned(),
        "site.sha256은 이 사이트의 모든 파일과 그 값의 목록, site.entry는 그 목록을 적은 원장의 기록, site.receipt는 그 증명입니다. \
         sha256sum --check site.sha256 으로 모든 파일을, sha256sum site.sha256 의 값이 site.entry 속의 sha256과 같은지로 목록을, \
         jikim-verify receipt site.receipt --entry site.entry --policy trust.policy 로 기록을 확인합니다."
            .to_owned(),
        format!(
            "jikim policy render --description policy-{version}.toml --format html --out policy.html 명령으로 \
             같은 글이 나오는지 봅니다."
        ),
    ];
    let items = steps.into_iter().map(Sentence::from).collect();
    let blocks = vec![Block::List { is_numbered: true, items }];
    paper(present, "방침을 스스로 확인하는 방법", blocks)
}
