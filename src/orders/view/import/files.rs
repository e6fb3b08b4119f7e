//! Choosing the files to import.

use leptos::{
    html,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{HtmlInputElement, SubmitEvent},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::Deserialize;

use super::address;
use crate::{
    app::draft_name,
    orders::model::ImportId,
    ui::{
        CollectAny, Field, Icon, IconName, NeedsJavaScript, Part, described_by, effect,
        focus_first_invalid, keep, kept, live, upload,
    },
};

/// What is of interest in the answer to an upload.
#[derive(Deserialize)]
struct Begun {
    id: ImportId,
}

/// The files: the name that each has in the form, what it is called and what it holds.
const FILES: [(&str, &str, &str); 4] = [
    ("customers.csv", "Customers", "A row for each customer: customerID, companyName."),
    ("products.csv", "Products", "A row for each product: productID, productName, unitPrice."),
    (
        "orders.csv",
        "Orders",
        "A row for each order: orderID, customerID, orderDate, shippedDate and where it goes.",
    ),
    (
        "order_details.csv",
        "Lines of orders",
        "A row for each product of an order: orderID, productID, unitPrice, quantity, discount.",
    ),
];

/// A field for each file, and the button that sends them.
#[component]
pub(super) fn FilesForm() -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let missing = RwSignal::new(Vec::<&'static str>::new());
    let failure = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let navigate = use_navigate();
    let name = StoredValue::new(draft_name("import"));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        failure.set(None);
        let files = chosen(form);
        missing.set(
            FILES
                .into_iter()
                .map(|(name, ..)| name)
                .filter(|name| files.iter().all(|(chosen, _)| chosen != name))
                .collect(),
        );
        if missing.with_untracked(|missing| !missing.is_empty()) {
            // The marks are there with the next frame.
            request_animation_frame(move || focus_first_invalid(form));
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            // Each goes under the name that the server knows it by, whatever it is called here.
            let parts: Vec<_> =
                files.iter().map(|(name, input)| (*name, Part::FileAs(input, name))).collect();
            let outcome = upload("/api/v1/orders/imports", &parts).await;
            // The page may be gone by then.
            busy.try_set(false);
            match outcome {
                Ok(Begun { id }) => {
                    name.try_with_value(|name| keep(name, Some(id.as_str())));
                    let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                    navigate(&address(&id), options);
                }
                Err(error) => _ = failure.try_set(Some(error.to_string())),
            }
        });
    };
    let waits = move || busy.get().then_some("true");
    let fields = FILES.map(|(name, label, help)| {
        view! {
            <FileField name=name label=label help=help missing=missing/>
        }
    });
    view! {
        <NeedsJavaScript what="Importing orders"/>
        <p class="import-about">
            "Orders that are here already are left as they are. Rows that cannot be used are listed afterwards; everything else is added."
        </p>
        <LastImport name=name/>
        <form class="import-files" novalidate node_ref=form on:submit=submit>
            {fields.collect_any()}
            <p class="form-failure" role="alert">
                {move || failure.get().map(|words| view! {
                    <span class="notice" data-tone="danger"><Icon name=IconName::Alert/>{words}</span>
                })}
            </p>
            <div class="form-actions">
                <button type="submit" class="button primary" aria-busy=waits aria-disabled=waits>
                    "Import"
                </button>
            </div>
        </form>
    }
}

#[component]
fn FileField(
    /// The file's name.
    name: &'static str,
    /// What it is called.
    label: &'static str,
    /// What it holds.
    help: &'static str,
    /// The files that have to be chosen yet.
    missing: RwSignal<Vec<&'static str>>,
) -> impl IntoView {
    let is_missing = move || missing.with(|missing| missing.contains(&name));
    let error = Signal::derive(move || is_missing().then(|| format!("Choose the file {name}.")));
    let id = name.replace('.', "-");
    view! {
        <Field id=id.clone() label=label help=help error=error>
            <input
                class="input file"
                type="file"
                id=id.clone()
                name=name
                accept=".csv,text/csv"
                aria-describedby=described_by(&id, true)
                aria-invalid=move || is_missing().then_some("true")
                on:change=move |_| missing.update(|missing| missing.retain(|known| *known != name))
            />
        </Field>
    }
}

/// The way to the import that was begun last from this tab, which may be under way.
#[component]
fn LastImport(
    /// The name under which the browser keeps its id.
    name: StoredValue<String>,
) -> impl IntoView {
    let last = RwSignal::new(None::<ImportId>);
    effect(move |_| {
        last.set(name.with_value(|name| kept(name)).and_then(|id| id.parse().ok()));
    });
    live(move || {
        last.get().map(|id| {
            view! {
                <p class="notice" data-tone="neutral">
                    <span>
                        "You have imported files before: "
                        <a href=address(&id)>"see how that went"</a>
                        "."
                    </span>
                </p>
            }
        })
    })
}

/// The fields for which a file was chosen, with the names of their files.
fn chosen(form: NodeRef<html::Form>) -> Vec<(&'static str, HtmlInputElement)> {
    let Some(form) = form.get_untracked() else { return Vec::new() };
    let field = |name: &'static str| {
        let field = form.query_selector(&format!("input[name='{name}']")).ok().flatten()?;
        let field: HtmlInputElement = field.dyn_into().ok()?;
        // The browser gives the path that it shows; nothing when no file was chosen.
        (!field.value().is_empty()).then_some((name, field))
    };
    FILES.into_iter().filter_map(|(name, ..)| field(name)).collect()
}
