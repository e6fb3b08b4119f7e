//! The form of a new order as signals: what is typed, what is wrong with it, what it costs.

use highwater::{Mutations, UseQuery, json};
use leptos::{html, prelude::*};

use super::typed::{Typed, TypedAddress, TypedLine, customer, parts, product};
use crate::{
    live::StudioEvent,
    orders::{
        live::CatalogueQuery,
        model::{Catalogue, CatalogueCustomer, Cents, FieldProblem, NewOrder},
    },
    ui::{Toasts, effect, keep, kept},
};

/// The form. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// Customers and products.
    pub catalogue: Signal<Option<Catalogue>>,
    /// The customer's name or id.
    pub customer: RwSignal<String>,
    /// The parts of the address.
    pub ship_to: [RwSignal<String>; 6],
    /// The lines, in order.
    pub lines: RwSignal<Vec<Line>>,
    /// What staff writes about it.
    pub note: RwSignal<String>,
    /// Whether it has been sent, or tried to be: from then on mistakes are marked.
    pub tried: RwSignal<bool>,
    /// What the server found wrong with what was sent.
    pub refused: RwSignal<Vec<FieldProblem>>,
    /// Why sending failed as a whole.
    pub failure: RwSignal<Option<String>>,
    /// It is on its way.
    pub busy: RwSignal<bool>,
    /// Whether it holds what an earlier visit typed.
    pub restored: RwSignal<bool>,
    /// What was sent last.
    pub sent: RwSignal<Option<(NewOrder, highwater::MutationId)>>,
    /// The address that was filled in by itself, if it was.
    prefilled: StoredValue<Option<TypedAddress>>,
    /// The key of the next line.
    next_key: StoredValue<u32>,
    /// The page: what is made for it in a handler or an effect lives as long.
    page: StoredValue<Owner>,
    /// The name under which the browser keeps what is typed.
    name: StoredValue<String>,
    /// The element.
    pub node: NodeRef<html::Form>,
    pub mutations: Mutations<StudioEvent>,
    pub toasts: Toasts,
}

/// One line of the form.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Line {
    /// Tells it from the others; never used again.
    pub key: u32,
    /// The product's name.
    pub product: RwSignal<String>,
    /// How many.
    pub quantity: RwSignal<String>,
    /// Percent.
    pub discount: RwSignal<String>,
}

impl Form {
    /// An empty form with one line.
    pub fn new(
        query: UseQuery<CatalogueQuery>,
        name: String,
        mutations: Mutations<StudioEvent>,
        toasts: Toasts,
    ) -> Self {
        let form = Self {
            catalogue: query.select(|answer| answer.and_then(Result::ok)),
            customer: RwSignal::default(),
            ship_to: std::array::from_fn(|_| RwSignal::default()),
            lines: RwSignal::default(),
            note: RwSignal::default(),
            tried: RwSignal::new(false),
            refused: RwSignal::default(),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
            restored: RwSignal::new(false),
            sent: RwSignal::new(None),
            prefilled: StoredValue::new(None),
            next_key: StoredValue::new(0),
            page: StoredValue::new(Owner::current().unwrap_or_default()),
            name: StoredValue::new(name),
            node: NodeRef::new(),
            mutations,
            toasts,
        };
        form.put(Typed::default());
        form.remember();
        form
    }

    /// All that is typed. The view follows it.
    pub fn typed(self) -> Typed {
        Typed {
            customer: self.customer.get(),
            ship_to: self.ship_to.map(|part| part.get()),
            lines: self.lines.get().into_iter().map(Line::typed).collect(),
            note: self.note.get(),
            sent: self.sent.get(),
        }
    }

    /// Fills the form in.
    pub fn put(self, typed: Typed) {
        self.customer.set(typed.customer);
        self.ship_to.into_iter().zip(typed.ship_to).for_each(|(part, text)| part.set(text));
        self.note.set(typed.note);
        self.sent.set(typed.sent);
        let lines = if typed.lines.is_empty() { vec![TypedLine::blank()] } else { typed.lines };
        self.lines.set(lines.into_iter().map(|line| self.line(line)).collect());
    }

    /// Empties it, and forgets what the browser kept.
    pub fn clear(self) {
        self.prefilled.set_value(None);
        self.put(Typed::default());
        self.tried.set(false);
        self.refused.set(Vec::new());
        self.failure.set(None);
        self.restored.set(false);
        self.forget();
    }

    /// Has the browser forget what was typed.
    pub fn forget(self) {
        self.name.try_with_value(|name| keep(name, None));
    }

    /// A new line, with signals of the form's own.
    pub fn line(self, typed: TypedLine) -> Line {
        let key = self.next_key.get_value();
        self.next_key.set_value(key + 1);
        let TypedLine { product, quantity, discount } = typed;
        self.page.get_value().with(|| Line {
            key,
            product: RwSignal::new(product),
            quantity: RwSignal::new(quantity),
            discount: RwSignal::new(discount),
        })
    }

    /// What is wrong with it now. The view follows it.
    pub fn problems(self) -> Vec<FieldProblem> {
        if !self.tried.get() {
            return Vec::new();
        }
        let catalogue = self.catalogue.get().unwrap_or_default();
        let mut problems = self.typed().read(&catalogue).1;
        problems.extend(self.refused.get());
        problems
    }

    /// What is wrong with one field. The view follows it.
    pub fn problem(
        self,
        field: impl Fn() -> String + Send + Sync + 'static,
    ) -> Signal<Option<String>> {
        Signal::derive(move || {
            let field = field();
            let found = self.problems().into_iter().find(|problem| problem.field == field);
            found.map(|problem| problem.message)
        })
    }

    /// The customer who is typed, if there is one. The view follows it.
    pub fn chosen(self) -> Option<CatalogueCustomer> {
        let text = self.customer.get();
        self.catalogue.with(|catalogue| customer(catalogue.as_ref()?, &text).cloned())
    }

    /// What the whole costs, as far as it is filled in. The view follows it.
    pub fn total(self) -> Cents {
        self.lines.get().into_iter().filter_map(|line| self.amount(line)).sum()
    }

    /// What a piece of a line's product costs. The view follows it.
    pub fn price(self, line: Line) -> Option<Cents> {
        let text = line.product.get();
        self.catalogue.with(|catalogue| Some(product(catalogue.as_ref()?, &text)?.unit_price))
    }

    /// What a line costs; `None` while it cannot be told. The view follows it.
    pub fn amount(self, line: Line) -> Option<Cents> {
        let price = self.price(line)?;
        let mut problems = Vec::new();
        let read = self
            .catalogue
            .with(|catalogue| Some(line.typed().read(0, catalogue.as_ref()?, &mut problems)))?;
        (problems.is_empty() && read.quantity > 0).then(|| read.total(price)).flatten()
    }

    /// Fills in the address that the customer's last order went to, unless another was typed.
    pub fn prefill(self) {
        let Some(last) = untrack(move || self.chosen()).and_then(|customer| customer.ship_to)
        else {
            return;
        };
        if self.may_prefill() {
            self.use_address(parts(&last));
        }
    }

    /// Whether nobody has typed the address that is there.
    pub fn may_prefill(self) -> bool {
        let typed = self.ship_to.map(|part| part.get_untracked());
        let is_blank = typed.iter().all(|part| part.trim().is_empty());
        is_blank || self.prefilled.with_value(|prefilled| prefilled.as_ref() == Some(&typed))
    }

    /// Takes an address as the one to be replaced by the next customer's.
    pub fn use_address(self, address: TypedAddress) {
        self.prefilled.set_value(Some(address.clone()));
        self.ship_to.into_iter().zip(address).for_each(|(part, text)| part.set(text));
    }

    /// Takes up what the browser kept, and has it keep what is typed from here on.
    fn remember(self) {
        effect(move |before: Option<()>| {
            let typed = self.typed();
            let name = self.name.get_value();
            if before.is_none() {
                let kept = kept(&name).and_then(|json| json::read::<Typed>(&json).ok());
                if let Some(kept) = kept.filter(|kept| !kept.is_blank()) {
                    self.restored.set(true);
                    self.put(kept);
                }
                return;
            }
            // What was wrong with what was sent may be right by now.
            self.refused.set(Vec::new());
            let json = serde_json::to_string(&typed).ok().filter(|_| !typed.is_blank());
            keep(&name, json.as_deref());
        });
    }
}

impl Line {
    /// All that is typed into it. The view follows it.
    pub fn typed(self) -> TypedLine {
        TypedLine {
            product: self.product.get(),
            quantity: self.quantity.get(),
            discount: self.discount.get(),
        }
    }
}
