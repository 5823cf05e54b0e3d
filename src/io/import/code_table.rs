//! The tables of codes as values, for users to look up.

use super::codes::{self, Code, PrecisionCode};
use crate::model::import::{CodeGroup, CodeKind, CodeMeaning, Dialect};

/// How the codes of a dialect are read: those of types, of dates and of places, as far as it has any.
/// Without a dialect, the types and sub types that are known by their names everywhere.
pub fn code_groups(dialect: Option<Dialect>) -> Vec<CodeGroup> {
    let known = dialect.unwrap_or(Dialect::Acled);
    let is_acled = matches!(known, Dialect::Acled | Dialect::AcledOld | Dialect::Waqai);
    let sub_types = if is_acled { codes::acled_sub_types() } else { &[] };
    let types = codes::table(known).iter().chain(sub_types).map(type_row).collect();
    let mut groups = vec![CodeGroup { kind: CodeKind::EventType, rows: types }];
    if dialect.is_some() {
        let dates = codes::date_precisions(known).iter();
        let dates = dates.map(|code| precision_row(code, CodeMeaning::DatePrecision)).collect();
        let places = codes::geo_precisions(known).iter();
        let places = places.map(|code| precision_row(code, CodeMeaning::GeoPrecision)).collect();
        groups.push(CodeGroup { kind: CodeKind::DatePrecision, rows: dates });
        groups.push(CodeGroup { kind: CodeKind::GeoPrecision, rows: places });
    }
    groups.retain(|group| !group.rows.is_empty());
    groups
}

fn type_row(code: &Code) -> (String, String, CodeMeaning) {
    // Where a code is its own text, it need not be said twice.
    let text = if code.text == code.code { "" } else { code.text };
    (code.code.to_owned(), text.to_owned(), CodeMeaning::EventType(code.event_type))
}

fn precision_row<P: Copy>(
    code: &PrecisionCode<P>,
    meaning: impl Fn(P) -> CodeMeaning,
) -> (String, String, CodeMeaning) {
    (code.code.to_owned(), code.text.to_owned(), meaning(code.precision))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_with_codes_has_a_table() {
        for dialect in [Dialect::Acled, Dialect::Ucdp, Dialect::Gdelt2, Dialect::Gtd] {
            let groups = code_groups(Some(dialect));
            assert!(groups.iter().any(|group| group.kind == CodeKind::EventType), "{dialect:?}");
            assert!(groups.iter().any(|group| group.kind == CodeKind::GeoPrecision), "{dialect:?}");
        }
        assert_eq!(code_groups(None).len(), 1);
    }
}
