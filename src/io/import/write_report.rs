//! Import reports as files: every finding that is listed with its place, column, value and reason.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use crate::io::export::cell::harmless;
use crate::io::save::{SaveError, save_atomically};
use crate::model::import::{Header, Outcome, Report, Settings};

/// Writes a report as a table: one row per finding.
pub fn write_report_csv(report: &Report, path: &Path) -> Result<(), SaveError> {
    save_atomically(path, |out| to_csv(report, out))
}

/// Writes a report with its sums, the settings and why these were chosen.
pub fn write_report_json(report: &Report, path: &Path) -> Result<(), SaveError> {
    save_atomically(path, |out| {
        serde_json::to_writer_pretty(&mut *out, &to_json(report))?;
        out.write_all(b"\n")
    })
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Kept => "kept",
        Outcome::KeptWithGap => "kept with a gap",
        Outcome::LeftOut => "left out",
    }
}

fn to_csv(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(["file", "place", "column", "value", "issue", "outcome", "reason"])?;
    for found in &report.findings {
        let (code, fate) = (found.issue.code(), outcome(found.issue.outcome()));
        let mut row = |at: &str, column: &str, value: &str, reason: &str| {
            let cells = [&report.file, at, column, value, code, fate, reason].map(harmless);
            rows.write_record(cells.iter().map(|cell| cell.as_bytes()))
        };
        for finding in &found.list {
            row(&finding.at, &finding.column, &finding.value, found.issue.sentence())?;
        }
        let more = found.count.saturating_sub(found.list.len() as u64);
        if more > 0 {
            let reason = format!("{}; {more} more that are not listed", found.issue.sentence());
            row("", &found.column, "", &reason)?;
        }
    }
    rows.flush()
}

fn to_json(report: &Report) -> Value {
    let Report {
        file,
        bytes,
        detected,
        rows,
        events,
        undated,
        unplaced,
        with_gaps,
        left_out,
        findings,
        cut_short,
    } = report;
    let findings: Vec<Value> = findings
        .iter()
        .map(|found| {
            let listed: Vec<Value> = found
                .list
                .iter()
                .map(|finding| json!({"at": finding.at, "column": finding.column, "value": finding.value}))
                .collect();
            json!({
                "issue": found.issue.code(),
                "outcome": outcome(found.issue.outcome()),
                "reason": found.issue.sentence(),
                "column": found.column,
                "count": found.count,
                "listed": listed,
            })
        })
        .collect();
    json!({
        "file": file,
        "bytes": bytes,
        "rows": rows,
        "events": events,
        "left_out": left_out,
        "undated": undated,
        "unplaced": unplaced,
        "with_gaps": with_gaps,
        "cut_short": cut_short,
        "settings": settings_json(&detected.settings, &detected.columns),
        "findings": findings,
    })
}

fn settings_json(settings: &Settings, columns: &[String]) -> Value {
    let mapping: Vec<Value> = columns
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let field = settings.columns.get(at).copied().flatten().map(|field| field.code());
            json!({"column": name, "field": field})
        })
        .collect();
    json!({
        "format": settings.format.code(),
        "sheet": settings.sheet,
        "dialect": settings.dialect.map(|dialect| dialect.code()),
        "encoding": settings.encoding.code(),
        "delimiter": char::from(settings.delimiter).to_string(),
        "quotes": settings.quotes,
        "header_line": match settings.header {
            Header::Line(line) => Some(line + 1),
            Header::None => None,
        },
        "date_order": settings.date_order.code(),
        "numbers": settings.numbers.code(),
        "decimal": settings.decimal.code(),
        "keep_undated": settings.keep.undated,
        "keep_unplaced": settings.keep.unplaced,
        "remedies": settings.remedies.iter().map(|remedy| remedy.code()).collect::<Vec<_>>(),
        "columns": mapping,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::import::{Detected, Finding, Findings, Issue};

    fn report() -> Report {
        let finding = |at: &str, value: &str| Finding {
            at: at.to_owned(),
            offset: 0,
            column: "day".to_owned(),
            value: value.to_owned(),
        };
        Report {
            file: "a.csv".to_owned(),
            bytes: 12,
            detected: Detected {
                settings: Settings::default(),
                evidence: Vec::new(),
                sheets: Vec::new(),
                columns: vec!["day".to_owned()],
                is_known: false,
            },
            rows: 9,
            events: 9,
            undated: 3,
            unplaced: 0,
            with_gaps: 3,
            left_out: 0,
            findings: vec![Findings {
                issue: Issue::NoSuchDate,
                column: "day".to_owned(),
                count: 3,
                list: vec![finding("line 2", "31/06/2025"), finding("line 5", "=1+1")],
            }],
            cut_short: None,
        }
    }

    #[test]
    fn every_finding_is_a_row_that_no_spreadsheet_runs() {
        let mut out = Vec::new();
        to_csv(&report(), &mut out).expect("written");
        let text = String::from_utf8(out).expect("text");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[1].starts_with("a.csv,line 2,day,31/06/2025,no_such_date,kept with a gap,"));
        assert!(lines[2].contains(",'=1+1,"), "{text}");
        assert!(lines[3].contains("1 more that are not listed"));
    }

    #[test]
    fn the_json_form_has_the_sums_and_the_settings() {
        let json = to_json(&report());
        assert_eq!(json["rows"], 9);
        assert_eq!(json["findings"][0]["listed"][1]["value"], "=1+1");
        assert_eq!(json["settings"]["columns"][0]["column"], "day");
    }
}
