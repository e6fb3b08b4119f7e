//! Dialogs on the native element: it traps the focus, closes on Escape and gives the focus back.

use leptos::html;
use leptos::prelude::*;

/// A dialog with a heading. Open it with [`open_dialog`], close it with [`close_dialog`].
#[component]
pub fn Dialog(
    /// The element.
    node: NodeRef<html::Dialog>,
    /// The id of its heading, unique on the page.
    id: &'static str,
    /// The heading: what is asked.
    #[prop(into)]
    title: Signal<String>,
    /// The buttons, the one that is safe first.
    actions: Children,
    /// Called when it has closed, however that was.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    /// What there is to know before one answers.
    children: Children,
) -> impl IntoView {
    view! {
        <dialog
            class="dialog"
            node_ref=node
            aria-labelledby=id
            on:close=move |_| on_close.into_iter().for_each(|on_close| on_close.run(()))
        >
            <div class="dialog-header">
                <h2 class="dialog-title" id=id>{move || title.get()}</h2>
            </div>
            <div class="dialog-body">{children()}</div>
            <div class="dialog-actions">{actions()}</div>
        </dialog>
    }
}

/// A question before something final, in words that name what it is about.
#[component]
pub fn Confirm(
    /// The element; [`open_dialog`] asks.
    node: NodeRef<html::Dialog>,
    /// The id of its heading, unique on the page.
    id: &'static str,
    /// The question: "Cancel order 11077?"
    #[prop(into)]
    title: Signal<String>,
    /// What will be so afterwards.
    #[prop(into)]
    body: Signal<String>,
    /// What the button says that leaves everything as it is.
    keep: &'static str,
    /// What the button says that does it.
    #[prop(into)]
    confirm: Signal<String>,
    /// Does it.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let confirmed = move |_| {
        close_dialog(node);
        on_confirm.run(());
    };
    view! {
        <Dialog
            node=node
            id=id
            title=title
            actions=Box::new(move || view! {
                <button type="button" class="button" on:click=move |_| close_dialog(node)>
                    {keep}
                </button>
                <button type="button" class="button danger primary" on:click=confirmed>
                    {move || confirm.get()}
                </button>
            }.into_any())
        >
            <p>{move || body.get()}</p>
        </Dialog>
    }
}

/// Opens a dialog above everything else.
pub fn open_dialog(node: NodeRef<html::Dialog>) {
    if let Some(dialog) = node.get_untracked().filter(|dialog| !dialog.open()) {
        // It is closed and in the page, so that this cannot be refused.
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog; the focus goes back to where it was.
pub fn close_dialog(node: NodeRef<html::Dialog>) {
    if let Some(dialog) = node.get_untracked() {
        dialog.close();
    }
}
