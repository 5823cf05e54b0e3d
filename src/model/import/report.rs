//! What came of reading a file.

use super::{Detected, Issue, Outcome};
use crate::model::report::one_line;
use crate::model::{Problem, Severity};

/// One oddity in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where in the file, as a user can find it: `line 12`, `row 4 of “Events”`, `feature 3`.
    pub at: String,
    /// Begin of the row's record, for those who show it ([`crate::store::table::Records`]).
    pub offset: u64,
    /// The column's name; empty for a whole row.
    pub column: String,
    /// The value, shortened; of a row that is left out the whole row.
    pub value: String,
}

/// All oddities of one kind in one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings {
    pub issue: Issue,
    /// The column's name; empty for whole rows.
    pub column: String,
    pub count: u64,
    /// The first ones in order of the file. Rows that are left out are all here, up to
    /// [`Report::MAX_LEFT_OUT`]; of others at most [`Report::MAX_EXAMPLES`].
    pub list: Vec<Finding>,
}

/// What came of reading a file. `rows == events + left_out`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// As the user would name it.
    pub file: String,
    pub bytes: u64,
    pub detected: Detected,
    /// Rows of the source, those that are no events among them.
    pub rows: u64,
    pub events: u64,
    pub undated: u64,
    pub unplaced: u64,
    /// Events without something that could not be understood.
    pub with_gaps: u64,
    pub left_out: u64,
    /// Worst first, then by number.
    pub findings: Vec<Findings>,
    /// Stopped by the user, by a limit or by damage: why, as a sentence. The rows so far are kept.
    pub cut_short: Option<String>,
}

/// A row as it is shown before a file is read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewRow {
    /// Where it is in the file; see [`Finding::at`].
    pub at: String,
    /// Its fields, shortened, in order of the columns.
    pub cells: Vec<String>,
    /// What is odd about single fields, by column.
    pub marks: Vec<(usize, Issue)>,
    /// What is odd about the whole row.
    pub row_marks: Vec<Issue>,
}

impl Report {
    pub const MAX_LEFT_OUT: usize = 100_000;
    pub const MAX_EXAMPLES: usize = 1000;

    /// Puts findings in the order in which they are told.
    pub fn sort(&mut self) {
        let rank = |outcome: Outcome| std::cmp::Reverse(outcome);
        self.findings.sort_by(|a, b| {
            (rank(a.issue.outcome()), std::cmp::Reverse(a.count))
                .cmp(&(rank(b.issue.outcome()), std::cmp::Reverse(b.count)))
        });
    }

    /// The findings one by one, rows that are left out first, and what is not told one by one as numbers.
    pub fn problems(&self, max: usize) -> Vec<Problem> {
        let mut problems = Vec::new();
        for found in &self.findings {
            let room = max.saturating_sub(problems.len());
            let told = found.list.len().min(room);
            for Finding { at, column, value, .. } in found.list.iter().take(told) {
                let place = if column.is_empty() { at.clone() } else { format!("{at}, {column}") };
                problems.push(match found.issue.severity() {
                    Severity::Warning => Problem::warning(&self.file, place, value, found.issue.sentence()),
                    Severity::Error => Problem::error(&self.file, place, value, found.issue.sentence()),
                });
            }
            let rest = found.count - told as u64;
            if rest > 0 {
                let more = if told > 0 { " more" } else { "" };
                let message = format!("{rest}{more} times: {}", found.issue.sentence());
                problems.push(Problem::warning(&self.file, found.column.as_str(), "", message));
            }
        }
        if let Some(why) = &self.cut_short {
            problems.push(Problem::error(&self.file, "", "", why.as_str()));
        }
        problems
    }

    pub fn count_of(&self, issue: Issue) -> u64 {
        self.findings.iter().filter(|found| found.issue == issue).map(|found| found.count).sum()
    }
}

impl Finding {
    /// A finding whose value is on one line, of at most `max_chars`.
    pub fn new(at: String, offset: u64, column: &str, value: &str, max_chars: usize) -> Self {
        let value = crate::model::report::shorten(&one_line(value), max_chars);
        Self { at, offset, column: column.to_owned(), value }
    }
}
