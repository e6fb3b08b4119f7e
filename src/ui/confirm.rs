//! A question before something that cannot be taken back. It names the thing in its title and in
//! the button that does it; Escape and the other button leave everything as it is.

use leptos::{html::Dialog, prelude::*};

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
    dialog: NodeRef<Dialog>,
    question: RwSignal<Question>,
    agreed: StoredValue<Option<Callback<()>>>,
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
        self.agreed.set_value(Some(Callback::new(move |()| agreed())));
        // It fails only if it is open already.
        let _ = self.dialog.get_untracked().map(|dialog| dialog.show_modal());
    }

    fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
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
        <dialog class="dialog" node_ref=dialog aria-labelledby=id>
            <div class="dialog-header">
                <h2 class="dialog-title" id=id>{move || question.with(|asked| asked.title.clone())}</h2>
            </div>
            <div class="dialog-body">
                <p>{move || question.with(|asked| asked.body.clone())}</p>
            </div>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| confirm.close()>
                    {keep}
                </button>
                <button
                    type="button"
                    class="button danger primary"
                    on:click=move |_| {
                        confirm.close();
                        if let Some(agreed) = agreed.get_value() {
                            agreed.run(());
                        }
                    }
                >
                    {move || question.with(|asked| asked.action.clone())}
                </button>
            </div>
        </dialog>
    }
}
