//! The lines of a new order: a product, how many, and what that costs.

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;
use leptos::{html, prelude::*};

use super::{
    form::{Form, Line},
    typed::{TypedLine, product_labels},
};
use crate::{
    orders::model::Cents,
    ui::{CollectAny, Each, Icon, IconName, TextField},
};

/// The lines and their sum.
#[component]
pub(super) fn LinesEditor(
    /// The form.
    form: Form,
) -> impl IntoView {
    let add = NodeRef::<html::Button>::new();
    let problem = form.problem(|| "lines".to_owned());
    let options = move || {
        let labels = form
            .catalogue
            .with(|catalogue| catalogue.as_ref().map(product_labels).unwrap_or_default());
        labels.into_iter().map(|label| view! { <option value=label></option> }).collect_any()
    };
    view! {
        <section class="section" aria-labelledby="new-lines">
            <h2 class="section-title" id="new-lines">"Products"</h2>
            <datalist id="products">{options}</datalist>
            <table class="table line-editor">
                <thead>
                    <tr>
                        <th scope="col">"Product"</th>
                        <th scope="col" class="number">"Quantity"</th>
                        <th scope="col" class="number">"Price"</th>
                        <th scope="col" class="number">"Discount, %"</th>
                        <th scope="col" class="number">"Amount"</th>
                        <th scope="col"><span class="visually-hidden">"Remove"</span></th>
                    </tr>
                </thead>
                <tbody>
                    <Each each=move || form.lines.get() key=|line| line.key let:line>
                        <LineRow form=form line=line add=add/>
                    </Each>
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row" colspan="4">"Total"</th>
                        <td class="number">
                            <output data-testid="total">{move || form.total().to_string()}</output>
                        </td>
                        <td></td>
                    </tr>
                </tfoot>
            </table>
            <p class="field-error">
                {move || problem.get().map(|words| view! { <Icon name=IconName::Alert/>{words} })}
            </p>
            <div>
                <button type="button" class="button" node_ref=add on:click=move |_| add_line(form)>
                    <Icon name=IconName::Plus/>
                    "Add a product"
                </button>
            </div>
        </section>
    }
}

#[component]
fn LineRow(
    /// The form.
    form: Form,
    /// The line.
    line: Line,
    /// The button that takes the focus when the last line goes.
    add: NodeRef<html::Button>,
) -> impl IntoView {
    let Line { key, product, quantity, discount } = line;
    let index = Memo::new(move |_| {
        form.lines.with(|lines| lines.iter().position(|line| line.key == key).unwrap_or_default())
    });
    let problem =
        move |field: &'static str| form.problem(move || format!("lines[{}].{field}", index.get()));
    let money = move |amount: Option<Cents>| {
        amount.map_or_else(|| "–".to_owned(), |amount| amount.to_string())
    };
    view! {
        <tr>
            <td class="cell-product">
                <TextField
                    id=format!("product-{key}")
                    label="Product"
                    bare=true
                    value=product
                    list="products"
                    error=problem("productId")
                />
            </td>
            <td class="cell-quantity">
                <TextField
                    id=format!("quantity-{key}")
                    label="Quantity"
                    bare=true
                    value=quantity
                    inputmode="numeric"
                    error=problem("quantity")
                />
            </td>
            <td class="cell-price number">{move || money(form.price(line))}</td>
            <td class="cell-discount">
                <TextField
                    id=format!("discount-{key}")
                    label="Discount in percent"
                    bare=true
                    value=discount
                    inputmode="decimal"
                    error=problem("discountBp")
                />
            </td>
            <td class="cell-amount number">{move || money(form.amount(line))}</td>
            <td class="cell-remove">
                <button
                    type="button"
                    class="button quiet icon-only"
                    aria-label=move || format!("Remove line {}", index.get() + 1)
                    on:click=move |_| remove_line(form, key, add)
                >
                    <Icon name=IconName::Close/>
                </button>
            </td>
        </tr>
    }
    .into_any()
}

/// One more line, ready to be typed into.
fn add_line(form: Form) {
    let line = form.line(TypedLine::blank());
    form.lines.update(|lines| lines.push(line));
    focus_soon(format!("product-{}", line.key));
}

/// Takes a line out, which can be undone. The focus goes to the line that takes its place.
fn remove_line(form: Form, key: u32, add: NodeRef<html::Button>) {
    let lines = form.lines.get_untracked();
    let Some(at) = lines.iter().position(|line| line.key == key) else { return };
    let removed = untrack(|| lines[at].typed());
    form.lines.update(|lines| _ = lines.remove(at));
    match form.lines.with_untracked(|lines| lines.get(at).or(lines.last()).map(|line| line.key)) {
        Some(key) => focus_soon(format!("product-{key}")),
        // A button in the page takes the focus.
        None => _ = add.get_untracked().map(|button| button.focus()),
    }
    if removed == TypedLine::blank() {
        return;
    }
    form.toasts.undoable("Line removed.", move || {
        let Some(count) = form.lines.try_with_untracked(Vec::len) else { return };
        let line = form.line(removed.clone());
        form.lines.update(|lines| lines.insert(at.min(count), line));
        focus_soon(format!("product-{}", line.key));
    });
}

/// Focuses an element that is about to come into the page.
fn focus_soon(id: String) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) =
            element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        {
            // A field in the page takes the focus.
            let _ = element.focus();
        }
    });
}
