//! Journals: a damaged tail is cut and told, and all that stands before it counts; a step that the journal takes in is
//! read again.
//!
//! Fuzzers do not guess checksums, so the input is a list of records, parted by U+001E, that is made sound here. Its
//! first byte says where the journal is cut or damaged, its second which sidecar lies beside it.

use std::sync::Arc;

use pressmark::article::sha256_hex;
use pressmark::store::journal::{Begin, LayerLog, Opened};
use pressmark::store::schema::builtin;

use super::sidecar::{article, disk, files, lasts, opened};
use super::told::is_clear;

/// Ends a record.
const END: u8 = 0x1e;

/// A sound journal of these records, and where each ends.
fn journal(records: &[&str]) -> (Vec<u8>, Vec<usize>) {
    let (mut bytes, mut ends, mut chain) = (Vec::new(), Vec::new(), String::new());
    for record in records {
        chain = sha256_hex(format!("{chain}\n{record}").as_bytes());
        chain.truncate(16);
        bytes.extend_from_slice(format!("{chain} {}\n{record}\n", record.len()).as_bytes());
        ends.push(bytes.len());
    }
    (bytes, ends)
}

fn opens(sidecar: Option<&[u8]>, journal: &[u8]) -> Option<Opened> {
    let files = files();
    let mut all = vec![(files.journal.as_path(), journal)];
    all.extend(sidecar.map(|bytes| (files.sidecar.as_path(), bytes)));
    match opened(&disk(&all)) {
        Ok(opened) => opened,
        Err(error) => {
            is_clear(&error.to_string(), "talks.txt.ada.ron");
            None
        }
    }
}

/// Any bytes as a journal.
pub fn check(data: &[u8]) {
    let [place, kind, rest @ ..] = data else { return };
    // As it stands: hardly ever sound, and never a panic.
    opens(None, rest);
    let records: Vec<&str> =
        rest.split(|byte| *byte == END).filter_map(|record| std::str::from_utf8(record).ok()).collect();
    let (bytes, ends) = journal(&records);
    let sidecar = (kind % 2 == 1).then(|| records.last().map_or(&b""[..], |record| record.as_bytes()));
    let whole = opens(sidecar, &bytes);
    if let Some(opened) = &whole {
        goes_on(sidecar, &bytes, opened);
    }

    if bytes.is_empty() {
        return;
    }
    let at = bytes.len() * usize::from(*place) / 256;
    let mut torn = bytes.clone();
    if kind % 4 >= 2 {
        torn[at] ^= 0x10;
    } else {
        torn.truncate(at);
    }
    let sound = ends.iter().take_while(|end| **end <= at).last().copied().unwrap_or_default();
    let (torn, cut) = (opens(sidecar, &torn), opens(sidecar, &bytes[..sound]));
    // A damaged end may be work that the cut journal cannot have: then the layer is there to be looked at.
    match (&torn, &cut) {
        (Some(torn), None) => assert!(torn.read_only.is_some(), "nothing is sound, and it may be changed"),
        (None, Some(_)) => panic!("what stands before the damage counts"),
        _ => {}
    }
    if let (Some(torn), Some(cut)) = (torn, cut) {
        assert_eq!(torn.layer, cut.layer, "what stands before the damage counts");
        assert_eq!(torn.pending, cut.pending);
        // Of a journal on another text the damaged end may be work too, that only a person can place.
        let told = format!("text_sha256: \"{}\"", article().text_sha256);
        let same_text = records.first().is_some_and(|title| title.contains(&told));
        assert!(torn.read_only.is_some() || cut.read_only.is_none(), "damage does not open a layer");
        assert!(torn.read_only.is_none() || cut.read_only.is_some() || !same_text, "a damaged end shuts no layer");
        let names = |opened: &Opened| {
            (opened.history.undo_name().map(str::to_owned), opened.history.redo_name().map(str::to_owned))
        };
        assert_eq!(names(&torn), names(&cut), "undo is there");
    }
}

/// A layer that may be changed can be: its journal is taken up and folded, and the sidecar then says the same.
fn goes_on(sidecar: Option<&[u8]>, journal: &[u8], opened: &Opened) {
    if let Some(reason) = &opened.read_only {
        return is_clear(reason, "talks.txt");
    }
    let files = files();
    let mut all = vec![(files.journal.as_path(), journal)];
    all.extend(sidecar.map(|bytes| (files.sidecar.as_path(), bytes)));
    let disk = disk(&all);
    let log = LayerLog::begin(Arc::new(disk.clone()), files.clone(), Arc::new(article()), Begin::opened(opened));
    let mut log = log.unwrap_or_else(|error| panic!("what opened is gone on with: {error}"));
    log.fold(&builtin()).unwrap_or_else(|error| panic!("what opened is folded: {error}"));
    drop(log);
    let again = super::sidecar::opened(&disk).expect("it opens again");
    if let Some(again) = again {
        assert_eq!(again.layer, opened.layer, "folded, it is the same layer");
        assert_eq!(again.history.undo_name(), opened.history.undo_name(), "folded, undo is the same");
    }
    lasts(&opened.layer);
}
