//! Ordering: what somebody asks for, whether it can be, and what it costs.
//!
//! Owns the limits of a new order and its pricing, for the form as for the server. It must not know
//! which customers and products there are; a catalogue says that.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    Cents, CustomerId, FULL_DISCOUNT_BP, NOTE_MAX_CHARS, Order, OrderId, OrderLine, OrderStatus,
    Product, ProductId, ShipTo,
};
use crate::error::AppError;

/// The most lines of one order.
pub const LINES_MAX: usize = 100;
/// The most pieces in one line.
pub const QUANTITY_MAX: u32 = 10_000;
/// The longest part of an address, in characters.
pub const ADDRESS_MAX_CHARS: usize = 100;

/// An order to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewOrder {
    /// Who orders.
    pub customer_id: CustomerId,
    /// Where it goes.
    pub ship_to: ShipTo,
    /// What is ordered: 1 to 100 lines, each of another product.
    pub lines: Vec<NewLine>,
    /// What staff writes about it; at most 2,000 characters.
    #[serde(default)]
    pub note: String,
}

/// One product of an order to be made. It costs what the catalogue says when the order is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewLine {
    /// Which product.
    pub product_id: ProductId,
    /// How many pieces, from 1 to 10,000.
    pub quantity: u32,
    /// The discount in basis points: 1,500 is 15 %. At most 10,000, which is all of it.
    #[serde(default)]
    pub discount_bp: u32,
}

/// What is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's path in the JSON, such as `lines[2].quantity`.
    pub field: String,
    /// What is wrong, as a sentence.
    pub message: String,
}

impl NewOrder {
    /// Everything that is wrong with it, as far as that can be told without the catalogue; in the
    /// order of a form's fields.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let mut problem = |field: String, message: String| {
            problems.push(FieldProblem { field, message });
        };
        if self.customer_id.as_str().is_empty() {
            problem("customerId".to_owned(), "Choose a customer.".to_owned());
        }
        for (field, what, text, must) in self.ship_to.parts() {
            if let Some(message) = problem_of_part(what, text, must) {
                problem(format!("shipTo.{field}"), message);
            }
        }
        if self.lines.is_empty() {
            problem("lines".to_owned(), "Add at least one product.".to_owned());
        }
        if self.lines.len() > LINES_MAX {
            let message = format!("An order has at most {LINES_MAX} lines.");
            problem("lines".to_owned(), message);
        }
        let mut seen = HashSet::new();
        for (index, line) in self.lines.iter().take(LINES_MAX).enumerate() {
            if !seen.insert(line.product_id) {
                let message = "This product is in a line above already.".to_owned();
                problem(format!("lines[{index}].productId"), message);
            }
            if !(1..=QUANTITY_MAX).contains(&line.quantity) {
                let message = "A quantity is a whole number from 1 to 10,000.".to_owned();
                problem(format!("lines[{index}].quantity"), message);
            }
            if line.discount_bp > FULL_DISCOUNT_BP {
                let message = "A discount is at most 100 %.".to_owned();
                problem(format!("lines[{index}].discountBp"), message);
            }
        }
        let length = self.note.chars().count();
        if length > NOTE_MAX_CHARS {
            let message =
                format!("A note has at most {NOTE_MAX_CHARS} characters; this one has {length}.");
            problem("note".to_owned(), message);
        }
        problems
    }

    /// Checks what can be checked without the catalogue.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the first of its [`problems`](Self::problems).
    pub fn validate(&self) -> Result<(), AppError> {
        match self.problems().into_iter().next() {
            Some(FieldProblem { field, message }) => Err(AppError::invalid(&field, message)),
            None => Ok(()),
        }
    }

    /// The same order as it is stored: no space around what was typed, and no part of an address
    /// that is empty.
    #[must_use]
    pub fn trimmed(self) -> Self {
        let trimmed = |text: String| text.trim().to_owned();
        let optional = |text: Option<String>| text.map(trimmed).filter(|text| !text.is_empty());
        let ShipTo { name, address, city, region, postal_code, country } = self.ship_to;
        Self {
            customer_id: CustomerId(trimmed(self.customer_id.0)),
            ship_to: ShipTo {
                name: trimmed(name),
                address: trimmed(address),
                city: trimmed(city),
                region: optional(region),
                postal_code: optional(postal_code),
                country: trimmed(country),
            },
            lines: self.lines,
            note: self.note,
        }
    }

    /// What it costs at these prices; lines without a price or with an impossible quantity or
    /// discount count nothing, so that a form can show a total while it is filled in.
    pub fn total(&self, price_of: impl Fn(ProductId) -> Option<Cents>) -> Cents {
        let costs = |line: &NewLine| line.total(price_of(line.product_id)?);
        self.lines.iter().filter_map(costs).sum()
    }

    /// The order that it makes, with the number in `id`, of a customer with this name, at these
    /// products' prices and the time `now`. Its lines stand by product.
    ///
    /// # Errors
    /// [`AppError::Invalid`] as [`validate`](Self::validate), and for a line whose product is not
    /// among `products` or that costs more than an amount can hold.
    pub fn place(
        self,
        id: OrderId,
        customer_name: String,
        products: &[Product],
        now: OffsetDateTime,
    ) -> Result<Order, AppError> {
        self.validate()?;
        let line = |(index, line): (usize, &NewLine)| {
            let product = products.iter().find(|product| product.id == line.product_id);
            let unknown = || {
                let message = format!("There is no product {}.", line.product_id);
                AppError::invalid(&format!("lines[{index}].productId"), message)
            };
            let product = product.ok_or_else(unknown)?;
            let too_much = || {
                let message = "This line costs more than an order can.";
                AppError::invalid(&format!("lines[{index}].quantity"), message)
            };
            Ok(OrderLine {
                product_id: product.id,
                product_name: product.name.clone(),
                unit_price: product.unit_price,
                quantity: line.quantity,
                discount_bp: line.discount_bp,
                total: line.total(product.unit_price).ok_or_else(too_much)?,
            })
        };
        let lines = self.lines.iter().enumerate().map(line).collect::<Result<Vec<_>, AppError>>();
        let mut lines = lines?;
        lines.sort_by_key(|line| line.product_id);
        let total = lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.total.0));
        let too_much = || AppError::invalid("lines", "This is more than an order can cost.");
        Ok(Order {
            id,
            customer_id: self.customer_id,
            customer_name,
            ship_to: self.ship_to,
            status: OrderStatus::Pending,
            note: self.note,
            total: total.map(Cents).ok_or_else(too_much)?,
            created_at: now,
            updated_at: now,
            version: 1,
            lines,
        })
    }
}

impl NewLine {
    /// What it costs at this price of a piece; `None` when it cannot be.
    pub fn total(&self, unit_price: Cents) -> Option<Cents> {
        Cents::of_line(unit_price, self.quantity, self.discount_bp)
    }
}

impl ShipTo {
    /// Its parts: the field in JSON, what it is called, its text and whether it must be there.
    fn parts(&self) -> [(&'static str, &'static str, &str, bool); 6] {
        [
            ("name", "name", &self.name, true),
            ("address", "street and number", &self.address, true),
            ("city", "town", &self.city, true),
            ("region", "region", self.region.as_deref().unwrap_or_default(), false),
            ("postalCode", "postal code", self.postal_code.as_deref().unwrap_or_default(), false),
            ("country", "country", &self.country, true),
        ]
    }
}

/// What is wrong with a part of an address.
fn problem_of_part(what: &str, text: &str, must: bool) -> Option<String> {
    let text = text.trim();
    if must && text.is_empty() {
        return Some(format!("Give the {what} that it goes to."));
    }
    if text.chars().count() > ADDRESS_MAX_CHARS {
        return Some(format!("The {what} has at most {ADDRESS_MAX_CHARS} characters."));
    }
    text.contains(char::is_control).then(|| format!("The {what} must be one line of plain text."))
}
