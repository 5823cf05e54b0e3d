//! WebAnno's and INCEpTION's TSV 3 (3.1 to 3.3): one token in each line, annotations in columns.
//!
//! The head names layers: spans (`#T_SP`), relations (`#T_RL`) and chains (`#T_CH`) with their features,
//! each of which is a column; a feature that links to other annotations has two. Offsets are UTF-16 code
//! units of the whole text and become scalar values here. The text is put together from its sentences;
//! what lies between them is not in the file and is taken for a line break and blanks.
//!
//! Layers of grammar (parts of speech, lemmas, dependencies) mark no events and are passed over, as are
//! chains.

use std::collections::HashMap;

use crate::io::import::json::Watch;
use crate::io::import::{Allowance, ImportError};
use crate::io::{Continue, Progress, text};
use crate::model::import::Issue;
use crate::store::CaseBatch;

use super::build::Builder;
use super::labels::{self, Kind};
use super::{Annotated, Frame, Label, Link};

/// First line of a file, up to its version.
const HEAD: &str = "#FORMAT=WebAnno TSV 3";
/// Characters between two sentences; more of them are no gap but a wrong offset.
const MAX_GAP: u32 = 10_000;
/// Words in names of layers that are about grammar.
const GRAMMAR: [&str; 6] = [".lexmorph.", ".segmentation.", ".syntax.", ".transform.", ".morph.", ".coref."];
/// Features that name what an annotation is, the likeliest first.
const NAMES: [&str; 9] =
    ["value", "label", "type", "category", "class", "kind", "entity", "event_type", "eventtype"];

/// Reads a document.
pub fn read(name: &str, bytes: &[u8], _allow: Allowance, watch: Watch<'_>) -> Result<CaseBatch, ImportError> {
    let cannot = |why: &str| ImportError::Cannot(format!("“{name}” cannot be read: {why}."));
    let (text, _) = text::decode(bytes).map_err(|err| cannot(err.reason))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    if !text.starts_with(HEAD) {
        return Err(cannot("it does not begin as WebAnno TSV 3"));
    }
    let mut builder = Builder::new(name);
    let mut reader = Reader {
        builder: &mut builder,
        layers: Vec::new(),
        text: Text::default(),
        tokens: Vec::new(),
        marks: Vec::new(),
        known: HashMap::new(),
        relations: Vec::new(),
    };
    reader.read(name, text, watch);
    let document = reader.finish(name);
    builder.add(document);
    Ok(builder.finish())
}

/// What a layer marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Spans,
    Relations,
    /// Not read, but its columns are passed over.
    Ignored,
}

#[derive(Debug)]
struct Layer {
    role: Role,
    name: String,
    columns: Vec<Column>,
}

#[derive(Debug)]
enum Column {
    /// A value.
    Feature(String),
    /// Roles of a link feature; the targets are in the column behind it.
    Roles,
    /// Tokens of targets, and the layer that they are in.
    Targets(String),
    /// Token from which a relation comes, and the layer of its ends.
    From(String),
}

/// The text as far as it is put together.
#[derive(Debug, Default)]
struct Text {
    text: String,
    /// Length in UTF-16 code units, and in scalar values.
    units: u32,
    chars: u32,
    /// For each code unit the scalar value that it begins, or `u32::MAX` within one, and its byte.
    starts: Vec<(u32, u32)>,
}

#[derive(Debug)]
struct Token {
    /// `1-3`, or `1-3.1` for a part of a token.
    id: String,
    range: (u32, u32),
}

/// An annotation while its tokens are read.
#[derive(Debug)]
struct Mark {
    layer: usize,
    /// Values by column of the layer.
    values: Vec<String>,
    /// Rows of its tokens.
    tokens: Vec<usize>,
    line: usize,
}

/// A relation as its line gives it.
#[derive(Debug)]
struct Relation {
    label: String,
    layer: String,
    /// The token from which it comes, and the numbers of both ends where they are given.
    from: String,
    numbers: (u32, u32),
    /// The token in whose line it stands.
    to: usize,
    line: usize,
}

struct Reader<'a, 'f> {
    builder: &'a mut Builder<'f>,
    layers: Vec<Layer>,
    text: Text,
    tokens: Vec<Token>,
    marks: Vec<Mark>,
    /// Marks by layer and number.
    known: HashMap<(usize, u32), usize>,
    relations: Vec<Relation>,
}

impl Reader<'_, '_> {
    fn read(&mut self, name: &str, text: &str, watch: Watch<'_>) {
        let total = text.len() as u64;
        let mut done = 0u64;
        let mut sentence: Option<String> = None;
        for (number, line) in (1usize..).zip(text.split('\n')) {
            done += line.len() as u64 + 1;
            let progress = Progress { done: done.min(total), total, what: name.to_owned() };
            if number.is_multiple_of(4096) && watch(progress) == Continue::No {
                self.builder
                    .cut_short(&format!("line {number}"), "reading was stopped; the rest is left out");
                return;
            }
            let line = line.strip_suffix('\r').unwrap_or(line);
            if let Some(part) = line.strip_prefix("#Text=") {
                // A sentence of several lines has several of these, one below the other.
                let part = unescaped(part);
                sentence = Some(match sentence.take() {
                    Some(before) => format!("{before}\n{part}"),
                    None => part,
                });
            } else if let Some(layer) = line.strip_prefix("#T_") {
                self.layers.extend(read_layer(layer));
            } else if line.starts_with('#') && !line.contains('\t') || line.trim().is_empty() {
                // Ids of sentences, and what later versions may add.
            } else {
                let fields: Vec<&str> = line.split('\t').collect();
                self.token(number, &fields, &mut sentence);
            }
        }
        if let Some(sentence) = sentence {
            self.text.push(&sentence);
        }
    }

    fn problem(&mut self, issue: Issue, line: usize, value: &str) {
        self.builder.problem(issue, &format!("line {line}"), value);
    }

    /// A line of a token; with the first one of a sentence its text is appended.
    fn token(&mut self, line: usize, fields: &[&str], sentence: &mut Option<String>) {
        let [id, range, token, cells @ ..] = fields else {
            return self.problem(Issue::TooFewFields, line, &fields.join(" "));
        };
        let token = unescaped(token);
        let offsets = range.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
        let Some((start, end)) = offsets.filter(|(start, end): &(u32, u32)| start < end) else {
            return self.problem(Issue::BadSpan, line, &format!("{id} {range} {token}"));
        };
        if let Some(sentence) = sentence.take()
            && !self.text.append(&sentence, &token, start)
        {
            self.problem(Issue::BadSpan, line, &format!("{id} {range} {token}"));
        }
        match self.text.range(start, end) {
            Some(range) if self.text.slice(start, end) == Some(token.as_str()) => {
                let row = self.tokens.len();
                self.tokens.push(Token { id: (*id).to_owned(), range });
                self.cells(line, row, cells);
            }
            _ => self.problem(Issue::BadSpan, line, &format!("{id} {range} {token}")),
        }
    }

    fn cells(&mut self, line: usize, token: usize, cells: &[&str]) {
        let mut cells = cells.iter();
        for layer in 0..self.layers.len() {
            let Some(shape) = self.layers.get(layer) else { continue };
            let (role, width) = (shape.role, shape.columns.len());
            let values: Vec<Vec<(String, Option<u32>)>> = match role {
                Role::Ignored => {
                    cells.by_ref().take(width).for_each(drop);
                    continue;
                }
                Role::Relations => {
                    let raw: Vec<&str> = cells.by_ref().take(width).copied().collect();
                    self.relation_cells(line, token, layer, &raw);
                    continue;
                }
                Role::Spans => cells.by_ref().take(width).map(|cell| stacked(cell)).collect(),
            };
            let depth = values.iter().map(Vec::len).max().unwrap_or(0);
            for level in 0..depth {
                let at = |column: &Vec<(String, Option<u32>)>| column.get(level).cloned();
                let number = values.iter().find_map(|column| at(column)?.1);
                let texts: Vec<String> = values
                    .iter()
                    .map(|column| at(column).map_or_else(String::new, |(text, _)| text))
                    .collect();
                self.mark(line, layer, token, number, texts);
            }
        }
    }

    fn mark(&mut self, line: usize, layer: usize, token: usize, number: Option<u32>, values: Vec<String>) {
        if let Some(known) = number.and_then(|number| self.known.get(&(layer, number)))
            && let Some(mark) = self.marks.get_mut(*known)
        {
            return mark.tokens.push(token);
        }
        if let Some(number) = number {
            self.known.insert((layer, number), self.marks.len());
        }
        self.marks.push(Mark { layer, values, tokens: vec![token], line });
    }

    fn relation_cells(&mut self, line: usize, token: usize, layer: usize, cells: &[&str]) {
        let Some(shape) = self.layers.get(layer) else { return };
        let Some((from_column, layer_of_ends)) =
            shape.columns.iter().enumerate().find_map(|(at, column)| match column {
                Column::From(layer) => Some((at, layer.clone())),
                _ => None,
            })
        else {
            return;
        };
        let features: Vec<Vec<String>> = (0..from_column)
            .map(|at| {
                split_unescaped(cells.get(at).copied().unwrap_or_default(), '|').map(value_of).collect()
            })
            .collect();
        let from = cells.get(from_column).copied().unwrap_or("_");
        if from == "_" || from.is_empty() {
            return;
        }
        let name = shape.name.clone();
        for (at, from) in from.split('|').enumerate() {
            let (from, numbers) = from.split_once('[').unwrap_or((from, ""));
            let (a, b) = numbers.trim_end_matches(']').split_once('_').unwrap_or(("0", "0"));
            let numbers = (a.parse().unwrap_or(0), b.parse().unwrap_or(0));
            let label = features.iter().filter_map(|values| values.get(at)).find(|value| !value.is_empty());
            self.relations.push(Relation {
                label: label.cloned().unwrap_or_else(|| name.clone()),
                layer: layer_of_ends.clone(),
                from: from.to_owned(),
                numbers,
                to: token,
                line,
            });
        }
    }

    fn finish(mut self, file: &str) -> Annotated {
        let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let mut document = Annotated {
            key: base.strip_suffix(".tsv").unwrap_or(base).to_owned(),
            text: std::mem::take(&mut self.text.text),
            ..Annotated::default()
        };
        let marks = std::mem::take(&mut self.marks);
        for (at, mark) in marks.iter().enumerate() {
            let (label, notes) = self.label_of(mark);
            document.labels.push(Label {
                id: format!("a{}", at + 1),
                label,
                ranges: self.ranges(&mark.tokens),
                notes,
            });
        }
        // Marks by their number, and by their layer and first token.
        let by_number: HashMap<u32, usize> =
            self.known.iter().map(|((_, number), mark)| (*number, *mark)).collect();
        let mut by_token: HashMap<(&str, &str), usize> = HashMap::new();
        for (at, mark) in marks.iter().enumerate() {
            let layer = self.layers.get(mark.layer).map_or("", |layer| layer.name.as_str());
            for token in mark.tokens.iter().filter_map(|token| self.tokens.get(*token)) {
                by_token.entry((layer, token.id.as_str())).or_insert(at);
            }
        }
        let find = |number: u32, layer: &str, token: &str| -> Option<usize> {
            by_number.get(&number).filter(|_| number > 0).or_else(|| by_token.get(&(layer, token))).copied()
        };
        let mut lost: Vec<(usize, String)> = Vec::new();
        for (at, mark) in marks.iter().enumerate() {
            let Some(layer) = self.layers.get(mark.layer) else { continue };
            let mut roles = Vec::new();
            for (column, values) in layer.columns.iter().zip(mark.values.windows(2)) {
                let (Column::Roles, [names, targets]) = (column, values) else { continue };
                let target_layer = layer.columns.iter().find_map(|column| match column {
                    Column::Targets(layer) => Some(layer.as_str()),
                    _ => None,
                });
                let mut names = names.split(';');
                for target in targets.split(';').filter(|target| !matches!(*target, "" | "_" | "*")) {
                    let name = names.next().unwrap_or_default().trim_matches('*').to_owned();
                    let (token, number) = target.split_once('[').unwrap_or((target, ""));
                    let number = number.trim_end_matches(']').parse().unwrap_or(0);
                    match find(number, target_layer.unwrap_or_default(), token) {
                        Some(target) => roles.push((name, target)),
                        None => lost.push((mark.line, format!("{name} {target}"))),
                    }
                }
            }
            let label = document.labels.get(at).map_or("", |label| label.label.as_str());
            if !roles.is_empty() || (has_roles(layer) && labels::kind(label) == Kind::Trigger) {
                let (id, label) = (format!("e{}", at + 1), label.to_owned());
                document.frames.push(Frame { id, label, trigger: Some(at), roles, notes: Vec::new() });
            }
        }
        for relation in std::mem::take(&mut self.relations) {
            let to = self.tokens.get(relation.to).map_or("", |token| token.id.as_str());
            let ends = find(relation.numbers.0, &relation.layer, &relation.from).zip(find(
                relation.numbers.1,
                &relation.layer,
                to,
            ));
            match ends {
                Some((from, to)) => document.links.push(Link { label: relation.label, from, to }),
                None => lost.push((relation.line, format!("{} → {to}", relation.from))),
            }
        }
        for (line, value) in lost {
            self.problem(Issue::BadReference, line, &value);
        }
        document
    }

    /// What an annotation is, by the value that says most, and its other values.
    fn label_of(&self, mark: &Mark) -> (String, Vec<String>) {
        let Some(layer) = self.layers.get(mark.layer) else { return (String::new(), Vec::new()) };
        let mut values: Vec<(&str, &str)> = Vec::new();
        for (column, value) in layer.columns.iter().zip(&mark.values) {
            if let Column::Feature(name) = column
                && !value.is_empty()
            {
                values.push((name, value));
            }
        }
        let rank = |name: &str| NAMES.iter().position(|known| name.eq_ignore_ascii_case(known));
        let known = |value: &str| labels::kind(value) != Kind::Other;
        let best = values
            .iter()
            .enumerate()
            .min_by_key(|(at, (name, value))| (rank(name).unwrap_or(NAMES.len()), !known(value), *at))
            .map(|(at, _)| at);
        match best.and_then(|at| values.get(at)).copied() {
            // A value that says nothing by itself (a status, a level) belongs to its layer.
            Some((name, value)) if known(value) || rank(name).is_some() => {
                let others = values.iter().filter(|(other, _)| *other != name);
                (value.to_owned(), others.map(|(name, value)| format!("{name}: {value}")).collect())
            }
            _ => {
                let short = layer.name.rsplit('.').next().unwrap_or(&layer.name).to_owned();
                (short, values.iter().map(|(name, value)| format!("{name}: {value}")).collect())
            }
        }
    }

    /// Ranges of tokens; neighbours are one.
    fn ranges(&self, tokens: &[usize]) -> Vec<(u32, u32)> {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let mut last: Option<usize> = None;
        for at in tokens {
            let Some(token) = self.tokens.get(*at) else { continue };
            match ranges.last_mut() {
                Some(range) if last.is_some_and(|last| last + 1 == *at) => {
                    range.1 = range.1.max(token.range.1)
                }
                _ => ranges.push(token.range),
            }
            last = Some(*at);
        }
        ranges
    }
}

fn has_roles(layer: &Layer) -> bool {
    layer.columns.iter().any(|column| matches!(column, Column::Roles))
}

/// `SP=layer|feature|…`, as it stands behind `#T_`.
fn read_layer(line: &str) -> Option<Layer> {
    let (kind, rest) = line.split_once('=')?;
    let mut parts = rest.split('|');
    let name = parts.next()?.trim().to_owned();
    let mut columns = Vec::new();
    let mut after_roles = false;
    for part in parts {
        columns.push(if after_roles {
            Column::Targets(part.to_owned())
        } else if part.starts_with("ROLE_") {
            Column::Roles
        } else if let Some(layer) = part.strip_prefix("BT_") {
            Column::From(layer.to_owned())
        } else {
            Column::Feature(part.to_owned())
        });
        after_roles = matches!(columns.last(), Some(Column::Roles));
    }
    // A layer without features still has a column that says where it is.
    if columns.is_empty() {
        columns.push(Column::Feature(String::new()));
    }
    let is_grammar = GRAMMAR.iter().any(|word| name.contains(word));
    let role = match kind {
        "SP" if !is_grammar => Role::Spans,
        "RL" if !is_grammar => Role::Relations,
        "SP" | "RL" | "CH" => Role::Ignored,
        _ => return None,
    };
    Some(Layer { role, name, columns })
}

impl Text {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            let byte = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            self.starts.push((self.chars, byte));
            if c.len_utf16() == 2 {
                self.starts.push((u32::MAX, byte));
            }
            self.units = self.units.saturating_add(c.len_utf16() as u32);
            self.chars = self.chars.saturating_add(1);
            self.text.push(c);
        }
    }

    /// Appends a sentence so that its first token stands at `start`. If it cannot, because the text is
    /// beyond that or far before it, the sentence is appended where the text ends, and `false` is given.
    fn append(&mut self, sentence: &str, token: &str, start: u32) -> bool {
        let before = sentence.find(token).and_then(|at| sentence.get(..at)).unwrap_or_default();
        let before = before.encode_utf16().count() as u32;
        let gap = start.checked_sub(before).and_then(|begin| begin.checked_sub(self.units));
        let fits = gap.is_some_and(|gap| gap <= MAX_GAP);
        let gap = if fits { gap.unwrap_or(0) } else { u32::from(self.units > 0) };
        let has_text = self.units > 0;
        for at in 0..gap {
            self.push(if at == 0 && has_text { "\n" } else { " " });
        }
        self.push(sentence);
        fits
    }

    /// A range of code units in scalar values.
    fn range(&self, start: u32, end: u32) -> Option<(u32, u32)> {
        let at = |unit: u32| {
            if unit == self.units {
                return Some(self.chars);
            }
            self.starts.get(unit as usize).map(|(at, _)| *at).filter(|at| *at != u32::MAX)
        };
        at(start).zip(at(end))
    }

    fn slice(&self, start: u32, end: u32) -> Option<&str> {
        let byte = |unit: u32| match self.starts.get(unit as usize) {
            Some((_, byte)) => *byte as usize,
            None => self.text.len(),
        };
        self.text.get(byte(start)..byte(end))
    }
}

/// The values of a cell, with their numbers; none for a cell without annotation.
fn stacked(cell: &str) -> Vec<(String, Option<u32>)> {
    if cell == "_" || cell.is_empty() {
        return Vec::new();
    }
    split_unescaped(cell, '|')
        .map(|part| {
            let number = part
                .strip_suffix(']')
                .and_then(|part| part.rsplit_once('['))
                .and_then(|(value, number)| Some((value, number.parse().ok()?)));
            match number {
                // The number of a target belongs to the target.
                Some((value, number)) if !is_token(value) => (value_of(value), Some(number)),
                _ => (value_of(part), None),
            }
        })
        .collect()
}

/// Whether a value is a list of tokens: `1-3;1-5[2`.
fn is_token(value: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let first = value.split([';', '[', '.']).next().unwrap_or_default();
    first.split_once('-').is_some_and(|(a, b)| is_digits(a) && is_digits(b))
}

/// The text of a value; empty for a star, which stands for none.
fn value_of(value: &str) -> String {
    if value == "*" || value == "_" { String::new() } else { unescaped(value) }
}

/// Parts between a sign, where no backslash stands before it.
fn split_unescaped(text: &str, sign: char) -> impl Iterator<Item = &str> {
    let mut is_escaped = false;
    text.split(move |c: char| {
        let splits = c == sign && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        splits
    })
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some(c @ ('\\' | '[' | ']' | '|' | '_' | '-' | '>' | ';' | '*' | '#')) => out.push(c),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::import::testing::{any_bytes, mutated, unwatched};
    use crate::model::{EventType, SpanRole};
    use proptest::prelude::*;

    const SOUND: &str = "#FORMAT=WebAnno TSV 3.3\n\
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue|coarseValue\n\
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n\
#T_SP=webanno.custom.Event|ROLE_webanno.custom.Event:args_webanno.custom.EventArgsLink|de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|kind\n\
#T_RL=webanno.custom.Near|how|BT_de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity\n\n\n\
#Text=🚨 Raid on In Khalil.\n\
1-1\t0-2\t🚨\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n\
1-2\t3-7\tRaid\tNN\tN\t_\t_\tplace;time\t1-4[2];2-1\tAttack\t_\t_\t\n\
1-3\t8-10\ton\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n\
1-4\t11-13\tIn\t_\t_\t*[2]|http:x[3]\tLOC[2]|ORG[3]\t_\t_\t_\t_\t_\t\n\
1-5\t14-20\tKhalil\t_\t_\t*[2]|http:x[3]\tLOC[2]|ORG[3]\t_\t_\t_\t_\t_\t\n\
1-6\t20-21\t.\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n\n\
#Text=2024-05-09 in Gao\\_x\n\
2-1\t22-32\t2024-05-09\t_\t_\t*\tDATE\t_\t_\t_\t_\t_\t\n\
2-2\t33-35\tin\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n\
2-3\t36-41\tGao\\_x\t_\t_\t*\tLOC\t_\t_\t_\tby\t1-4[2_0]\t\n\
2-4\t99-103\tgone\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n";

    fn batch(text: &str) -> CaseBatch {
        read("folder/a.tsv", text.as_bytes(), Allowance::default(), &unwatched).expect("readable")
    }

    #[test]
    fn layers_become_events() {
        let batch = batch(SOUND);
        let text = batch.documents[0].attached.as_deref().expect("text");
        assert_eq!(text, "🚨 Raid on In Khalil.\n2024-05-09 in Gao_x");
        let [event] = batch.events.as_slice() else { panic!("{:?}", batch.events) };
        assert_eq!(
            (event.event_type, event.sub_type.as_str()),
            (EventType::ViolenceAgainstCivilians, "Attack")
        );
        assert_eq!(event.when.as_ref().map(|when| when.interval.to_edtf()), Some("2024-05-09".to_owned()));
        assert_eq!(batch.places[event.places[0].place.index()].forms, ["In Khalil"]);
        let trigger = event.claims[0].spans.original.iter().find(|span| span.role == SpanRole::Trigger);
        assert_eq!(trigger.map(|span| (span.start, span.end)), Some((2, 6)), "scalar values, not code units");
        let told: Vec<_> = batch.problems.iter().map(|problem| problem.at.as_str()).collect();
        assert_eq!(told, ["line 20"]);
        assert_eq!(batch.mentions.len(), 2, "{:?}", batch.mentions);
        assert!(batch.mentions[0].what.en.as_deref().is_some_and(|what| what.starts_with("ORG: In Khalil")));
    }

    #[test]
    fn wrong_offsets_do_no_harm() {
        let far = SOUND.replace("22-32", "4000000000-4000000010");
        let batch = batch(&far);
        assert!(batch.documents[0].attached.as_deref().is_some_and(|text| text.len() < 100));
        assert!(!batch.problems.is_empty());
        assert!(read("a", b"#FORMAT=WebAnno TSV 2", Allowance::default(), &unwatched).is_err());
        assert!(read("a", b"", Allowance::default(), &unwatched).is_err());
    }

    #[test]
    fn signs_are_unescaped() {
        assert_eq!(unescaped(r"a\_b\|c\\d\te\q"), "a_b|c\\d\te\\q");
        assert_eq!(split_unescaped(r"a\|b|c", '|').collect::<Vec<_>>(), [r"a\|b", "c"]);
        assert_eq!(stacked("LOC[2]|*[3]"), [("LOC".to_owned(), Some(2)), (String::new(), Some(3))]);
        assert_eq!(stacked("1-4[2]"), [("1-4[2]".to_owned(), None)]);
        assert_eq!(stacked("_"), []);
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in any_bytes(b"#T_SP=a|b\n1-2\t[]*_;\\")) {
            let bytes = [HEAD.as_bytes(), b".3\n", &bytes].concat();
            if let Ok(batch) = read("a", &bytes, Allowance::default(), &unwatched) {
                crate::io::annotated::tests::check(&batch);
            }
        }

        #[test]
        fn changed_files_keep_to_their_texts(bytes in mutated(SOUND.as_bytes())) {
            if let Ok(batch) = read("a", &bytes, Allowance::default(), &unwatched) {
                crate::io::annotated::tests::check(&batch);
            }
        }
    }
}
