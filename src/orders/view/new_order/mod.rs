//! `/orders/new`: an order on behalf of a customer. What is typed stays until the order is made or
//! thrown away in so many words; the same order sent twice is made once.

mod customer;
mod form;
mod lines;
mod typed;

use highwater::{MutationRequest, QueryError, UseQuery, use_query};
use leptos::{html::Dialog, prelude::*};
use leptos_meta::Title;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use self::{
    customer::{CustomerField, ShipToFields},
    form::Form,
    lines::LinesEditor,
};
use super::{LastList, mutations};
use crate::{
    app::draft_name,
    error::{AppError, words},
    live::StudioEvent,
    orders::{
        api::create_order,
        live::CatalogueQuery,
        model::{FieldProblem, NewOrder, Order},
    },
    ui::{
        BackLink, Confirm, ErrorState, Field, Freshness, Icon, IconName, NeedsJavaScript,
        PageHeader, described_by, focus_first_invalid, live, open_dialog, typed_early, use_toasts,
    },
};

/// The form of a new order.
#[component]
pub fn NewOrderPage() -> impl IntoView {
    let catalogue = use_query(|| CatalogueQuery);
    let LastList(last) = expect_context();
    view! {
        <Title text="New order"/>
        <BackLink href=last label="Orders"/>
        <PageHeader title="New order"/>
        <Freshness what="customers and products"/>
        <Transition fallback=|| view! { <p class="muted" role="status">"Loading"</p> }>
            <Answer catalogue=catalogue/>
        </Transition>
    }
}

#[component]
fn Answer(
    /// Customers and products.
    catalogue: UseQuery<CatalogueQuery>,
) -> impl IntoView {
    let failure = catalogue.select(|answer| answer.and_then(Result::err));
    let is_there = catalogue.select(|answer| matches!(answer, Some(Ok(_))));
    live(move || match (is_there.get(), failure.get()) {
        (true, _) => view! { <NewOrderForm catalogue=catalogue/> }.into_any(),
        (false, None) => ().into_any(),
        (false, Some(error)) => view! { <Failed catalogue=catalogue error=error/> }.into_any(),
    })
}

#[component]
fn Failed(
    /// Customers and products.
    catalogue: UseQuery<CatalogueQuery>,
    /// Why they are not there.
    error: QueryError<AppError>,
) -> impl IntoView {
    view! {
        <ErrorState
            title="Customers and products could not be read"
            message=words(&error)
            on_retry=move |()| catalogue.refetch()
            busy=Signal::derive(move || catalogue.status().fetching)
        />
    }
}

#[component]
fn NewOrderForm(
    /// Customers and products, which are there.
    catalogue: UseQuery<CatalogueQuery>,
) -> impl IntoView {
    let form = Form::new(catalogue, draft_name("new-order"), mutations(), use_toasts());
    let discard = NodeRef::<Dialog>::new();
    let navigate = use_navigate();
    let LastList(last) = expect_context();
    let leave = {
        let navigate = navigate.clone();
        Callback::new(move |()| {
            form.clear();
            navigate(&last.get_untracked(), NavigateOptions::default());
        })
    };
    let ask = move || {
        if untrack(move || form.typed().is_blank()) { leave.run(()) } else { open_dialog(discard) }
    };
    let made = Callback::new(move |order: Order| {
        form.toasts.success(format!("Order {} was made.", order.id.number()));
        let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
        navigate(&format!("/orders/{}", order.id), options);
    });
    view! {
        <NeedsJavaScript what="Making an order"/>
        <form
            class="new-order"
            novalidate
            node_ref=form.node
            on:submit=move |event| {
                event.prevent_default();
                submit(form, made);
            }
            on:keydown=move |event| {
                if event.key() == "Escape" && !event.default_prevented() {
                    event.prevent_default();
                    ask();
                }
            }
        >
            <Restored form=form/>
            <CustomerField form=form/>
            <ShipToFields form=form/>
            <LinesEditor form=form/>
            <NoteField form=form/>
            <FormActions form=form on_cancel=move |()| ask()/>
        </form>
        <Confirm
            node=discard
            id="discard-title"
            title="Throw this order away?"
            body="What you have typed for the new order will be gone."
            keep="Keep editing"
            confirm="Throw it away"
            on_confirm=leave
        />
    }
}

#[component]
fn Restored(
    /// The form.
    form: Form,
) -> impl IntoView {
    live(move || {
        form.restored.get().then(|| {
            view! {
                <p class="notice" data-tone="neutral">
                    "This is what you typed before and did not send."
                    <button type="button" class="button" on:click=move |_| form.clear()>
                        "Start over"
                    </button>
                </p>
            }
        })
    })
}

#[component]
fn NoteField(
    /// The form.
    form: Form,
) -> impl IntoView {
    let problem = form.problem(|| "note".to_owned());
    view! {
        <Field id="new-note" label="Note" help="Seen by everyone who works on orders." error=problem>
            <textarea
                class="input"
                id="new-note"
                rows="3"
                aria-describedby=described_by("new-note", true)
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                use:typed_early=Callback::new(move |text| form.note.set(text))
                prop:value=move || form.note.get()
                on:input=move |event| form.note.set(event_target_value(&event))
            ></textarea>
        </Field>
    }
}

#[component]
fn FormActions(
    /// The form.
    form: Form,
    /// Called when the reader wants to leave.
    #[prop(into)]
    on_cancel: Callback<()>,
) -> impl IntoView {
    let waits = move || form.busy.get().then_some("true");
    view! {
        <p class="form-failure" role="alert">
            {move || form.failure.get().map(|words| view! {
                <span class="notice" data-tone="danger"><Icon name=IconName::Alert/>{words}</span>
            })}
        </p>
        <div class="form-actions">
            <button type="submit" class="button primary" aria-busy=waits aria-disabled=waits>
                "Make the order"
            </button>
            <button type="button" class="button quiet" on:click=move |_| on_cancel.run(())>
                "Cancel"
            </button>
        </div>
    }
}

/// Checks it, and sends it if nothing is wrong.
fn submit(form: Form, made: Callback<Order>) {
    if form.busy.get_untracked() {
        return;
    }
    form.tried.set(true);
    form.failure.set(None);
    let catalogue = form.catalogue.get_untracked().unwrap_or_default();
    let (order, problems) = untrack(move || form.typed()).read(&catalogue);
    if !problems.is_empty() {
        // The marks are there with the next frame.
        request_animation_frame(move || focus_first_invalid(form.node));
        return;
    }
    form.busy.set(true);
    form.mutations.run(creation(form, order).done(move |outcome| {
        // The page may be gone by then.
        form.busy.try_set(false);
        match outcome {
            Ok(order) => {
                form.forget();
                made.try_run(order);
            }
            Err(AppError::Invalid { field: Some(field), message }) => {
                form.refused.try_set(vec![FieldProblem { field, message }]);
                request_animation_frame(move || focus_first_invalid(form.node));
            }
            Err(error) => {
                let words = format!("The order was not made. {error} Nothing you typed is lost.");
                form.failure.try_set(Some(words));
            }
        }
    }));
}

/// The mutation. The same order goes under the same id, however often somebody presses the button:
/// an answer that was lost does not make a second order.
fn creation(form: Form, order: NewOrder) -> MutationRequest<StudioEvent, Order, AppError> {
    MutationRequest::new("new order", move |sending| {
        let known = form.sent.try_get_untracked().flatten();
        let known = known.filter(|(sent, _)| *sent == order).map(|(_, id)| id);
        let id = known.unwrap_or(sending.id);
        form.sent.try_set(Some((order.clone(), id)));
        create_order(order.clone(), id)
    })
}
