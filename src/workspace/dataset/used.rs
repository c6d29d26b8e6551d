//! The labels that the layers of a corpus use, also those that its schema does not have.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use smol_str::SmolStr;

use super::chosen::article;
use super::{DatasetError, ExportOrder, Listener, Which, select};

/// So many articles are read at once.
const AT_ONCE: usize = 64;

/// How often each full label is used in a corpus, in all layers that can be read.
pub fn used_labels(root: &Path, listener: &dyn Listener) -> Result<BTreeMap<SmolStr, usize>, DatasetError> {
    let order = ExportOrder { paths: vec![root.to_path_buf()], which: Which::All, ..ExportOrder::default() };
    let mut used: BTreeMap<SmolStr, usize> = BTreeMap::new();
    for selection in select(&order.paths)? {
        let articles: Vec<(&Path, Vec<(String, PathBuf)>)> = selection.with_layers().collect();
        listener.begin(articles.len());
        for some in articles.chunks(AT_ONCE) {
            if listener.is_cancelled() {
                return Err(DatasetError::Cancelled);
            }
            let read = |(path, layers): &(&Path, Vec<(String, PathBuf)>)| {
                // What cannot be read is told when it is to be exported.
                article(&order, &BTreeMap::new(), true, &selection, path, layers.clone()).unwrap_or_default()
            };
            for read in some.par_iter().map(read).collect::<Vec<_>>() {
                for mark in read.layers.iter().flat_map(|layer| layer.document.layer.annotations()) {
                    *used.entry(mark.full_label()).or_default() += 1;
                }
            }
            listener.step(some.len());
        }
    }
    Ok(used)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::dataset::Job;

    #[test]
    fn labels_are_counted_over_all_layers() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
        let job = Job::start(std::sync::Arc::new(|| {}), move |listener| used_labels(&root, listener));
        let used = job.wait().expect("the seeds can be read");
        assert!(used["entity:person"] > 100 && used["quote"] > 50 && used.len() > 5, "{used:?}");
        let progress = job.progress();
        assert!(progress.all > 10 && progress.done == progress.all, "{progress:?}");
    }
}
