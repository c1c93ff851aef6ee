//! How many cameras, where: tables, lists, stated sums, groups.

mod expand;
mod groups;
mod listed;
mod stated;
mod tabled;

use crate::{CameraRow, Cameras, Group, NotUnderstood, Published, StatedCount};

/// What was read of the cameras.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) cameras: Cameras,
    pub(super) not_understood: Vec<NotUnderstood>,
}

/// Reads the cameras.
pub(super) fn cameras(published: &Published) -> Read {
    let mut not_understood = Vec::new();
    let mut lists: Vec<tabled::List> = tabled::lists(published, &mut not_understood);
    let prose = stated::stated(published);
    if lists.is_empty() {
        lists.extend(listed::list(published, &prose));
    }
    let lists = without_repetition(lists, &prose);
    let mut stated = prose;
    let mut rows: Vec<CameraRow> = Vec::new();
    for list in lists {
        stated.extend(list.stated);
        rows.extend(list.rows);
    }
    stated.sort_by_key(|it| it.line);
    stated.dedup();
    let counts: Vec<u32> = rows.iter().filter_map(|row| row.count).collect();
    let listed =
        (!counts.is_empty()).then(|| counts.iter().fold(0_u32, |sum, it| sum.saturating_add(*it)));
    let groups = groups::of(&rows);
    sums(&mut stated, &groups, listed);
    Read { cameras: Cameras { rows, groups, stated, listed }, not_understood }
}

/// A table that sums up another is not counted twice.
fn without_repetition(mut lists: Vec<tabled::List>, prose: &[StatedCount]) -> Vec<tabled::List> {
    // Each list is compared with each.
    const MOST_LISTS: usize = 100;
    if !(2..=MOST_LISTS).contains(&lists.len()) {
        return lists;
    }
    let total = prose.iter().find(|it| it.of.is_none()).map(|it| it.count);
    let sums: Vec<u32> = lists.iter().map(tabled::List::sum).collect();
    let all: u32 = sums.iter().fold(0, |sum, it| sum.saturating_add(*it));
    if total == Some(all) {
        return lists;
    }
    // The same sum twice: keep the one with more rows.
    let mut keep = vec![true; lists.len()];
    for at in 0..lists.len() {
        for other in 0..lists.len() {
            let less = lists[at].rows.len() < lists[other].rows.len();
            let same = lists[at].rows.len() == lists[other].rows.len() && at > other;
            if at != other
                && sums[at] == sums[other]
                && sums[at] > 1
                && (less || same)
                && keep[other]
            {
                keep[at] = false;
            }
        }
    }
    // A summary whose sum is that of all others.
    for at in 0..lists.len() {
        if keep[at] && sums[at] > 0 && all - sums[at] == sums[at] && lists.len() > 2 {
            keep[at] = false;
        }
    }
    let kept: u32 = sums.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(sum, _)| *sum).sum();
    if let Some(at) =
        total.filter(|it| *it != kept).and_then(|it| sums.iter().position(|sum| *sum == it))
    {
        keep = (0..lists.len()).map(|it| it == at).collect();
    }
    let mut keeps = keep.into_iter();
    lists.retain(|_| keeps.next().unwrap_or(true));
    lists
}

/// What the rows of each stated sum add up to.
fn sums(stated: &mut [StatedCount], groups: &[Group], listed: Option<u32>) {
    for it in stated.iter_mut().filter(|it| it.rows.is_none()) {
        it.rows = match &it.of {
            None => listed,
            Some(name) => {
                let named = squeezed(name);
                let mut matches = groups.iter().filter(|group| squeezed(&group.name) == named);
                matches.next().map(|group| group.cameras)
            }
        };
    }
}

pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|it| !it.is_whitespace()).collect()
}
