//! One dialog for the questions of a whole list, each about another row.

use std::sync::Arc;

use leptos::{html, prelude::*};

use super::dialog::{Confirm, open_dialog};

/// The words of a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// What is asked, with the thing's name.
    pub title: String,
    /// What follows from it.
    pub body: String,
    /// What the button says that does it.
    pub action: String,
}

/// Asks [`Question`]s in a dialog; see [`ConfirmDialog`].
#[derive(Clone, Copy)]
pub struct Asker {
    dialog: NodeRef<html::Dialog>,
    question: RwSignal<Question>,
    /// Not a callback: that would go with the row that asks, while the question still stands.
    agreed: StoredValue<Option<Arc<dyn Fn() + Send + Sync>>>,
}

impl Asker {
    /// For one dialog, which must be in the view.
    pub fn new() -> Self {
        Self {
            dialog: NodeRef::new(),
            question: RwSignal::new(Question::default()),
            agreed: StoredValue::new(None),
        }
    }

    /// Asks, and runs `agreed` if the answer is yes. The focus comes back to where it was.
    pub fn ask(self, question: Question, agreed: impl Fn() + Send + Sync + 'static) {
        self.question.set(question);
        self.agreed.set_value(Some(Arc::new(agreed)));
        open_dialog(self.dialog);
    }
}

impl Default for Asker {
    fn default() -> Self {
        Self::new()
    }
}

/// The dialog of a [`Asker`].
#[component]
pub fn ConfirmDialog(
    /// What asks.
    confirm: Asker,
    /// Names the dialog's title; once on a page.
    id: &'static str,
    /// What the button says that does nothing.
    keep: &'static str,
) -> impl IntoView {
    let Asker { dialog, question, agreed } = confirm;
    view! {
        <Confirm
            node=dialog
            id=id
            title=Signal::derive(move || question.with(|asked| asked.title.clone()))
            body=Signal::derive(move || question.with(|asked| asked.body.clone()))
            keep=keep
            confirm=Signal::derive(move || question.with(|asked| asked.action.clone()))
            on_confirm=move |()| {
                if let Some(agreed) = agreed.get_value() {
                    agreed();
                }
            }
        />
    }
}
