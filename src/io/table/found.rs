//! What is odd about the rows of a table, while it is read.

use crate::model::import::{Issue, Outcome, Report};
use crate::model::report::shorten;

use super::NONE;

/// Most characters of a value, and of a row that is left out.
const MAX_VALUE_CHARS: usize = 80;
const MAX_ROW_CHARS: usize = 400;

/// Oddities by kind and column, each list in order of the file and of a limited length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub groups: Vec<Group>,
}

/// All oddities of one kind in one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub issue: Issue,
    /// [`NONE`] for whole rows.
    pub column: usize,
    pub count: u64,
    /// The first ones: where their records begin, and values.
    pub list: Vec<(usize, String)>,
}

impl Found {
    /// Tells of one oddity of the record that begins at `offset`.
    #[cold]
    pub fn tell(&mut self, issue: Issue, column: usize, offset: usize, value: &[u8]) {
        let group = self.group(issue, column);
        group.count += 1;
        if group.list.len() < limit(issue) {
            let max_chars = if issue.outcome() == Outcome::LeftOut { MAX_ROW_CHARS } else { MAX_VALUE_CHARS };
            let head = value.get(..value.len().min(4 * max_chars + 4)).unwrap_or_default();
            let value = shorten(&String::from_utf8_lossy(head), max_chars);
            group.list.push((offset, value));
        }
    }

    /// Takes in what is odd about rows that stand behind all of these.
    pub fn append(&mut self, other: Self) {
        for mut theirs in other.groups {
            let group = self.group(theirs.issue, theirs.column);
            group.count += theirs.count;
            let room = limit(theirs.issue) - group.list.len().min(limit(theirs.issue));
            theirs.list.truncate(room);
            group.list.append(&mut theirs.list);
        }
    }

    fn group(&mut self, issue: Issue, column: usize) -> &mut Group {
        let known = self.groups.iter().position(|group| group.issue == issue && group.column == column);
        let at = known.unwrap_or_else(|| {
            self.groups.push(Group { issue, column, count: 0, list: Vec::new() });
            self.groups.len() - 1
        });
        &mut self.groups[at]
    }

    pub fn of(&self, issue: Issue) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(move |group| group.issue == issue)
    }
}

fn limit(issue: Issue) -> usize {
    match issue.outcome() {
        Outcome::LeftOut => Report::MAX_LEFT_OUT,
        Outcome::Kept | Outcome::KeptWithGap => Report::MAX_EXAMPLES,
    }
}

/// What is odd about the row that is being read: kept until it is known what becomes of it.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub marks: Vec<(Issue, usize)>,
}

impl Said {
    pub fn tell(&mut self, issue: Issue, column: usize) {
        if !self.marks.contains(&(issue, column)) {
            self.marks.push((issue, column));
        }
    }

    pub fn row(&mut self, issue: Issue) {
        self.tell(issue, NONE);
    }
}
