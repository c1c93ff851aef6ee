//! Those to whom work is given, and what was agreed with them in writing (Act 25(8), 26(1), Dec 26(1)).

use serde::{Deserialize, Serialize};

use crate::Description;
use crate::check::{Finding, Severity};

/// Whether work is given to others. What is not known blocks publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outsourcing {
    /// To these.
    Yes,
    /// To nobody.
    No,
    /// Nobody said.
    Unknown,
}

/// To whom work is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Processor {
    /// Whether it is.
    pub outsourced: Outsourcing,
    /// Who they are.
    #[serde(default, rename = "company")]
    pub companies: Vec<Company>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// Its name.
    pub name: String,
    /// Its telephone.
    pub contact: String,
    /// What it does.
    pub work: String,
    /// What was agreed in writing; none: nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Contract>,
    /// To whom it gives parts of the work on.
    #[serde(default, rename = "subcontractor", skip_serializing_if = "Vec::is_empty")]
    pub subcontractors: Vec<Subcontractor>,
    /// Nobody said so: it was assumed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

/// What the law wants in the contract (Dec 26(1)). Closed: these five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContractItem {
    /// What the work is, and what for.
    Scope,
    /// Whether it may be given on.
    Subcontracting,
    /// Limits of access and other safeguards.
    Safeguards,
    /// That the keeping of footage is inspected.
    Inspection,
    /// Who answers for damage.
    Damages,
}

impl ContractItem {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Scope, "위탁하는 업무의 목적과 범위", "scope"),
        (Self::Subcontracting, "재위탁 제한", "subcontracting"),
        (Self::Safeguards, "접근 제한 등 안전성 확보 조치", "safeguards"),
        (Self::Inspection, "관리 현황의 점검", "inspection"),
        (Self::Damages, "의무를 어긴 때의 손해배상 책임", "damages"),
    ];
}

/// A contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// When it was signed: `2025-01-02`.
    pub signed: String,
    /// Its last day, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// What it holds of what the law wants.
    pub items: Vec<ContractItem>,
}

/// To whom a contractor gives parts of the work on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subcontractor {
    /// Its name.
    pub name: String,
    /// Its telephone.
    pub contact: String,
    /// What it does.
    pub work: String,
}

impl Contract {
    /// Its last day, if it has one that can be read.
    pub(crate) fn last_day(&self) -> Option<time::Date> {
        self.until.as_deref().and_then(|day| law::date(day).ok())
    }
}

impl Company {
    /// Whether everything that the law wants is in its contract.
    pub(crate) fn is_under_whole_contract(&self) -> bool {
        let has = |contract: &Contract| {
            ContractItem::ALL.iter().all(|(item, ..)| contract.items.contains(item))
        };
        self.contract.as_ref().is_some_and(has)
    }
}

/// What is wrong with contracts.
pub(crate) fn findings(described: &Description) -> Vec<Finding> {
    let effective = described.versions.last().and_then(|it| law::date(&it.effective).ok());
    described.processor.companies.iter().flat_map(|it| of_company(it, effective)).collect()
}

fn of_company(company: &Company, effective: Option<time::Date>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut tell = |severity, ko: String, en: String| {
        found.push(Finding {
            severity,
            rule: "contract",
            at: format!("processor {}", company.name),
            ko,
            en,
            article: "Act 25(8), Dec 26(1)",
        });
    };
    let Some(contract) = &company.contract else {
        let ko = "계약에 법이 정한 다섯 가지가 있는지 적지 않았습니다(contract).";
        let en = "nobody said whether the contract holds the five items of the law";
        tell(Severity::Warning, ko.into(), en.into());
        return found;
    };
    for (item, ko, en) in ContractItem::ALL {
        if !contract.items.contains(&item) {
            tell(
                Severity::Error,
                format!("계약에 ‘{ko}’이(가) 없습니다."),
                format!("the contract has no {en}"),
            );
        }
    }
    let days = [Some(contract.signed.as_str()), contract.until.as_deref()];
    for day in days.into_iter().flatten().filter(|day| law::date(day).is_err()) {
        tell(
            Severity::Error,
            format!("날짜 ‘{day}’을(를) 읽을 수 없습니다: 2025-01-02처럼 적으십시오."),
            format!("day {day:?}: write it like 2025-01-02"),
        );
    }
    if let (Some(last), Some(effective)) = (contract.last_day(), effective)
        && last < effective
    {
        tell(
            Severity::Error,
            format!("계약이 시행일 전인 {last}에 끝납니다."),
            format!("the contract ends on {last}, before this takes effect"),
        );
    }
    found
}
