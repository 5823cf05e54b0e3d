//! The original texts, where somebody has them: every span lands on exactly the words that were
//! chosen by hand. They may not be redistributed, so without them the test says that it is skipped.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use waqai::io::{builtin, match_originals, read_case, unwatched};
use waqai::model::document::TextForm;
use waqai::store::Store;

/// The folder of the texts and the file of chosen words.
fn sources() -> Result<(PathBuf, PathBuf), String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let seeds = std::env::var_os("WAQAI_SEEDS").map_or_else(|| beside.join("seeds"), PathBuf::from);
    let gold = std::env::var_os("WAQAI_GOLD").map_or_else(|| beside.join("gold/gold.json"), PathBuf::from);
    if !seeds.is_dir() {
        return Err(format!("no folder of original texts at {}; name it in WAQAI_SEEDS", seeds.display()));
    }
    if !gold.is_file() {
        return Err(format!("no file of chosen words at {}; name it in WAQAI_GOLD", gold.display()));
    }
    Ok((seeds, gold))
}

#[test]
fn every_span_lands_on_the_words_that_were_chosen() {
    let (seeds, gold) = match sources() {
        Ok(sources) => sources,
        Err(reason) => {
            eprintln!("skipped: {reason}");
            return;
        }
    };
    let mut store = Store::from_batch(read_case(&builtin::MALI, &unwatched));
    let found = match_originals(&store.documents, &[seeds], &unwatched);
    assert_eq!(found.problems, []);
    assert_eq!(found.matched.len(), 5, "unmatched: {:?}", found.unmatched);
    for (document, text, _) in found.matched {
        store.attach(document, text);
    }
    let gold: Value = serde_json::from_slice(&std::fs::read(gold).expect("file")).expect("JSON");
    let mut chosen: HashMap<&str, &Vec<Value>> = HashMap::new();
    for event in gold["events"].as_array().expect("events") {
        for claim in event["claims"].as_array().expect("claims") {
            chosen.insert(claim["id"].as_str().expect("id"), claim["spans"].as_array().expect("spans"));
        }
    }
    let mut checked = 0;
    for claim in store.details.iter().flat_map(|event| &event.claims) {
        let spans = chosen[claim.key.as_str()];
        assert_eq!(spans.len(), claim.spans.original.len(), "{}", claim.key);
        let text = store.document(claim.document).and_then(|d| d.text(TextForm::Original)).expect("original");
        for (span, chosen) in claim.spans.original.iter().zip(spans) {
            let (start, end) = (span.start as usize, span.end as usize);
            let words: String = text.chars().skip(start).take(end - start).collect();
            assert_eq!(Some(words.as_str()), chosen["text"].as_str(), "{} {span:?}", claim.key);
            assert_eq!(Some(span.role.code()), chosen["role"].as_str(), "{} {span:?}", claim.key);
            checked += 1;
        }
    }
    assert_eq!(checked, 514);
}
