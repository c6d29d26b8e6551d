//! The line above the article that offers to import the folder, where it looks like a project of another program.

use egui::{Label, Ui};

use super::dataset_parts::ask;
use super::words;
use crate::gui::command::Action;
use crate::gui::datasets::DatasetAction;
use crate::workspace::dataset::Offer;

/// Paints the line, while something is offered.
pub fn offer_ui(ui: &mut Ui, offer: &Offer, actions: &mut Vec<Action>) {
    ui.horizontal_wrapped(|ui| {
        ui.add(Label::new(told(offer)).wrap());
        let import = ui.button("Import…");
        if import.on_hover_text("Shows what is in it and asks where it goes. The folder stays as it is.").clicked() {
            ask(actions, DatasetAction::AnswerOffer { import: true });
        }
        let articles = ui.button("Just open the articles");
        if articles.on_hover_text("This is not asked again for this folder.").clicked() {
            ask(actions, DatasetAction::AnswerOffer { import: false });
        }
    });
}

/// What the folder looks like, in a sentence.
fn told(offer: &Offer) -> String {
    let what = match offer.format {
        "brat" | "quotes" => "a brat project",
        "label-studio" => "a Label Studio project",
        "cas-json" | "cas-xmi" => "a UIMA or INCEpTION project",
        "webanno-tsv" => "a WebAnno or INCEpTION project",
        "w3c" => "a dataset of Web Annotations",
        "gate" => "a GATE dataset",
        "prodigy" => "a Prodigy dataset",
        "spacy" => "a spaCy dataset",
        "huggingface" => "a Hugging Face dataset",
        "jsonl" => "a dataset of Pressmark",
        other => return sentence(&format!("a dataset ({other})"), offer),
    };
    sentence(what, offer)
}

fn sentence(what: &str, offer: &Offer) -> String {
    let counts = offer.counts.map(|(articles, marks)| {
        let (articles, marks) = (words::count(articles, "article", "articles"), words::count(marks, "mark", "marks"));
        format!(": {articles}, {marks}")
    });
    format!("This folder looks like {what}{}.", counts.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_is_told_in_a_sentence() {
        let offer = |format, counts| told(&Offer { folder: "x".into(), format, counts });
        assert_eq!(offer("brat", Some((12, 1340))), "This folder looks like a brat project: 12 articles, 1,340 marks.");
        assert_eq!(offer("label-studio", None), "This folder looks like a Label Studio project.");
        assert_eq!(offer("bioc", Some((1, 1))), "This folder looks like a dataset (bioc): 1 article, 1 mark.");
    }
}
