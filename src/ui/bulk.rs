//! The bar below a list: what can be done with the selected rows at once.

use leptos::prelude::*;

use super::{erased::live, selection::Share};

/// How many are selected, and the buttons. Nothing while none is.
#[component]
pub fn BulkBar(
    /// What it is about: "Selected orders".
    label: &'static str,
    /// How many are selected.
    count: Memo<usize>,
    /// How many of those this page shows.
    here: Memo<Share>,
    /// How many may be changed at once.
    most: usize,
    /// Whether a change is on its way.
    #[prop(into)]
    busy: Signal<bool>,
    /// Selects nothing.
    #[prop(into)]
    on_clear: Callback<()>,
    /// The buttons; each follows [`BulkBar`]'s `busy` and `most` by itself.
    children: ChildrenFn,
) -> impl IntoView {
    let is_any = Memo::new(move |_| count.get() > 0);
    let too_many = Memo::new(move |_| count.get() > most);
    live(move || {
        is_any.get().then(|| {
            let steps = children();
            view! {
                <section class="bulk" aria-label=label>
                    <p class="bulk-count" role="status">
                        {move || here.get().in_words(count.get())}
                    </p>
                    {move || too_many.get().then(|| view! {
                        <p class="bulk-count">{format!("At most {most} can be changed at once.")}</p>
                    })}
                    <div class="bulk-steps" aria-busy=move || busy.get().then_some("true")>
                        {steps}
                    </div>
                    <button type="button" class="button quiet" on:click=move |_| on_clear.run(())>
                        "Clear"
                    </button>
                </section>
            }
        })
    })
}
