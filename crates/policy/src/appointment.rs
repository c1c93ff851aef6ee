//! Accounts against posts: whether those who may look are those whom the policy names, and what is due
//! of their appointments.
//!
//! An account says to which post it is appointed; whether the person is the one whom the institution
//! means by it nobody can see from here.

use domain::Role;
use time::{Date, Duration};

use crate::judge::{Found, broken, kept, unproven};
use crate::tasks::{Place, Task, TaskKind};
use crate::{AccountFact, Description, Duty, Facts, Post};

/// So many days ahead it is said that an appointment ends, or that training is due again.
pub const APPOINTMENT_AHEAD_DAYS: i64 = 30;
/// Training is had anew each year (Guide 15(3), Safe 4(2)).
const TRAINED_EVERY_DAYS: i64 = 365;
/// So many days an account may be there without a post, a pledge or training: the first ones are.
const FIRST_DAYS: i64 = 14;

/// The role of an account, and the duties of the posts that it can fill.
const FILLS: [(Role, &[Duty], &str); 3] = [
    (Role::Manager, &[Duty::Manager, Duty::ProtectionOfficer], "관리책임자"),
    (Role::Officer, &[Duty::Officer, Duty::Access], "담당자"),
    (Role::Operator, &[Duty::ControlCentre], "관제요원"),
];

/// Everybody who may look has a post of the policy, and no post has more people than it says.
pub(crate) fn access_list(described: &Description, facts: &Facts) -> Found {
    if let Some(found) = misplaced(described, facts).or_else(|| crowded(described, facts)) {
        return found;
    }
    let (mut told, mut unsaid) = (Vec::new(), 0);
    for (role, duties, name) in FILLS {
        let posts: Vec<&Post> =
            described.posts.iter().filter(|post| duties.contains(&post.duty)).collect();
        let is_taken = |post: &&&Post| holders(facts, post).next().is_some();
        let taken = posts.iter().filter(is_taken).count();
        let of_role = facts.accounts.iter().filter(|it| it.roles.contains(&role));
        let (count, names) = (of_role.clone().count(), unplaced(of_role));
        unsaid += names.len();
        if names.len() > posts.len() - taken {
            let (posts, names) = (posts.len(), names.join(", "));
            return broken(
                format!("방침의 {name} 자리는 {posts}곳인데 계정은 {count}개입니다: {names}"),
                format!("{count} accounts ({names}) for {posts} posts of {}", role.word()),
            );
        }
        if count > 0 {
            told.push(format!("{name} {count}/{}", posts.len()));
        }
    }
    if told.is_empty() {
        return unproven("영상을 볼 수 있는 계정이 아직 없습니다.", "No account may look yet.");
    }
    let told = told.join(", ");
    let (ko, en) = match unsaid {
        0 => (" 모두 어느 자리인지 적혀 있습니다.".to_owned(), " Each names its post.".to_owned()),
        more => (
            format!(" 어느 자리인지 적히지 않은 계정이 {more}개 있습니다."),
            format!(" {more} of them name no post."),
        ),
    };
    kept(
        format!("영상을 볼 수 있는 계정이 방침의 자리보다 많지 않습니다 (계정/자리): {told}.{ko}"),
        format!(
            "No more accounts may look than the policy has posts (accounts/posts): {told}.{en}"
        ),
    )
}

/// An account whose post the policy does not have, or has for another duty.
fn misplaced(described: &Description, facts: &Facts) -> Option<Found> {
    let is_fit = |account: &&AccountFact, id: &str| {
        let post = described.post(id)?;
        let fills = |(role, duties, _): &(Role, &[Duty], _)| {
            account.roles.contains(role) && duties.contains(&post.duty)
        };
        FILLS.iter().any(fills).then_some(())
    };
    let wrong = |account: &&AccountFact| {
        account.post.as_ref().is_some_and(|id| is_fit(account, id).is_none())
    };
    let lookers = facts.accounts.iter().filter(|it| it.roles.iter().any(|it| it.sees_footage()));
    let names: Vec<&str> = lookers.filter(wrong).map(|it| it.name.as_str()).collect();
    if names.is_empty() {
        return None;
    }
    let names = names.join(", ");
    Some(broken(
        format!("영상을 보는 계정이 방침에 없는 자리로 되어 있습니다: {names}"),
        format!("Accounts that may look name a post that the policy does not have: {names}"),
    ))
}

/// A post with more people than the policy says.
fn crowded(described: &Description, facts: &Facts) -> Option<Found> {
    described.posts.iter().find_map(|post| {
        let deputies = |account: &&AccountFact| {
            account.is_deputy && account.post.as_ref() == Some(&post.id)
        };
        let (holders, deputies) =
            (holders(facts, post).count(), facts.accounts.iter().filter(deputies).count());
        (holders > 1 || deputies > usize::from(post.deputies)).then(|| {
            let (title, most) = (&post.title, post.deputies);
            broken(
                format!(
                    "방침의 ‘{title}’ 자리에는 맡은 사람 1명과 대행 {most}명인데, 계정은 맡은 사람 {holders}개와 \
                     대행 {deputies}개입니다."
                ),
                format!(
                    "The post {title} has one holder and {most} deputies by the policy; by account \
                     {holders} and {deputies}."
                ),
            )
        })
    })
}

fn holders<'f>(facts: &'f Facts, post: &'f Post) -> impl Iterator<Item = &'f AccountFact> {
    let holds =
        |account: &&AccountFact| !account.is_deputy && account.post.as_ref() == Some(&post.id);
    facts.accounts.iter().filter(holds)
}

fn unplaced<'f>(accounts: impl Iterator<Item = &'f AccountFact>) -> Vec<&'f str> {
    accounts.filter(|it| it.post.is_none()).map(|it| it.name.as_str()).collect()
}

/// What is due of an appointment: that its ground is said, that training is had again, that it ends.
pub(crate) fn due(account: &AccountFact, today: Date, since: Date) -> Vec<Task> {
    let looks = account.roles.iter().any(|role| role.sees_footage());
    let is_sworn = looks || account.roles.contains(&Role::Administrator);
    let name = &account.name;
    let task = |article: &str, due, ko, en| Task {
        kind: TaskKind::Appoint,
        due,
        who: if looks { Role::Manager } else { Role::Administrator },
        article: article.into(),
        ko,
        en,
        place: Place::Accounts,
    };
    let first = since.saturating_add(Duration::days(FIRST_DAYS));
    let soon = today.saturating_add(Duration::days(APPOINTMENT_AHEAD_DAYS));
    let mut tasks = Vec::new();
    if looks && account.post.is_none() {
        tasks.push(task(
            "Guide 37, Dec 25(1)3",
            first,
            format!("{name} 계정이 방침의 어느 자리를 맡았는지 적으십시오."),
            format!("Say to which post of the policy {name} is appointed."),
        ));
    }
    if is_sworn && account.pledged.is_none() {
        tasks.push(task(
            "Guide 15(3)",
            first,
            format!("{name}의 보안서약을 받고 그날을 적으십시오."),
            format!("Have {name} sign the pledge, and enter the day."),
        ));
    }
    let again = account.trained.map(|day| day.saturating_add(Duration::days(TRAINED_EVERY_DAYS)));
    if is_sworn && again.is_none_or(|day| day <= soon) {
        tasks.push(task(
            "Act 28(2), Guide 15(3)",
            again.unwrap_or(first),
            format!("{name}에게 개인영상정보 보호 교육을 하고 그날을 적으십시오."),
            format!("Train {name} in the protection of footage, and enter the day."),
        ));
    }
    if let Some(ends) = account.ends.filter(|day| *day <= soon) {
        tasks.push(task(
            "Guide 37, Safe 5(2)",
            ends,
            format!("{name}의 임기가 {ends}에 끝나고 권한도 그때 끝납니다. 계속 맡으면 임기를 고치고, 아니면 뒤를 이을 사람을 지정하십시오."),
            format!("The appointment of {name} ends on {ends}, and so do the rights. Make it longer, or appoint a successor."),
        ));
    }
    tasks
}
