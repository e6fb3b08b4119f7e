//! What is typed into the form of a new order, and the order that it means.
//!
//! Pure. It must not know prices' or addresses' rules; the model has those.

use std::collections::HashMap;

use highwater::MutationId;
use serde::{Deserialize, Serialize};

use crate::orders::model::{
    Catalogue, CatalogueCustomer, CustomerId, FULL_DISCOUNT_BP, FieldProblem, NewLine, NewOrder,
    Product, ProductId, ShipTo,
};

/// Everything that is typed, as text; kept by the browser until the order is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Typed {
    /// The customer's name or id.
    pub customer: String,
    /// Where it goes.
    pub ship_to: TypedAddress,
    /// What is ordered.
    pub lines: Vec<TypedLine>,
    /// What staff writes about it.
    pub note: String,
    /// The order that was sent last and under which id: the same order sent again is the same
    /// mutation, so that it is made once.
    pub sent: Option<(NewOrder, MutationId)>,
}

/// The parts of an address, in the order in which the form asks for them.
pub(super) type TypedAddress = [String; 6];

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TypedLine {
    /// The product's name.
    pub product: String,
    /// How many.
    pub quantity: String,
    /// Percent.
    pub discount: String,
}

impl Typed {
    /// Whether there is anything to lose.
    pub fn is_blank(&self) -> bool {
        let blank = |text: &String| text.trim().is_empty();
        let line = |line: &TypedLine| blank(&line.product) && blank(&line.discount);
        blank(&self.customer)
            && self.ship_to.iter().all(blank)
            && self.lines.iter().all(line)
            && blank(&self.note)
    }

    /// The order that this means, with what is wrong with it.
    pub fn read(&self, catalogue: &Catalogue) -> (NewOrder, Vec<FieldProblem>) {
        let mut problems = Vec::new();
        let customer = customer(catalogue, &self.customer);
        let typed_in_vain = customer.is_none() && !self.customer.trim().is_empty();
        let lines = self.lines.iter().enumerate();
        let order = NewOrder {
            customer_id: customer.map_or(CustomerId(String::new()), |known| known.id.clone()),
            ship_to: address(&self.ship_to),
            lines: lines.map(|(index, line)| line.read(index, catalogue, &mut problems)).collect(),
            note: self.note.clone(),
        };
        // What the model says of what could not be read is less to the point.
        for problem in order.problems() {
            if problems.iter().all(|known| known.field != problem.field) {
                problems.push(problem);
            }
        }
        if typed_in_vain {
            for problem in problems.iter_mut().filter(|problem| problem.field == "customerId") {
                problem.message = "There is no such customer. Choose one of the list.".to_owned();
            }
        }
        (order.trimmed(), problems)
    }
}

impl TypedLine {
    /// A line to be filled in.
    pub fn blank() -> Self {
        Self { quantity: "1".to_owned(), ..Self::default() }
    }

    /// The line that this means, as far as it can be told.
    pub fn read(
        &self,
        index: usize,
        catalogue: &Catalogue,
        problems: &mut Vec<FieldProblem>,
    ) -> NewLine {
        let mut problem = |field: &str, message: &str| {
            let field = format!("lines[{index}].{field}");
            problems.push(FieldProblem { field, message: message.to_owned() });
        };
        let product = product(catalogue, &self.product);
        if product.is_none() {
            problem(
                "productId",
                match self.product.trim() {
                    "" => "Choose a product.",
                    _ => "There is no such product. Choose one of the list.",
                },
            );
        }
        let discount = basis_points(&self.discount);
        if discount.is_none() {
            problem("discountBp", "A discount is a number of percent, such as 15 or 2.5.");
        }
        // No product has a number below zero: two lines without one are not the same.
        let none = -1 - i64::try_from(index).unwrap_or_default();
        NewLine {
            product_id: product.map_or(ProductId(none), |product| product.id),
            quantity: self.quantity.trim().parse().unwrap_or(0),
            discount_bp: discount.unwrap_or(0),
        }
    }
}

/// The parts of an address as the form has them.
pub(super) fn parts(to: &ShipTo) -> TypedAddress {
    let ShipTo { name, address, city, region, postal_code, country } = to.clone();
    [name, address, postal_code.unwrap_or_default(), city, region.unwrap_or_default(), country]
}

fn address(parts: &TypedAddress) -> ShipTo {
    let [name, address, postal_code, city, region, country] = parts.clone();
    ShipTo { name, address, city, region: Some(region), postal_code: Some(postal_code), country }
}

/// What the suggestions call each of these: its name, with its id where the name is not enough.
pub(super) fn labels<'c>(named: impl Iterator<Item = (&'c str, String)> + Clone) -> Vec<String> {
    let mut times = HashMap::<&str, u32>::new();
    named.clone().for_each(|(name, _)| *times.entry(name).or_default() += 1);
    let label = |(name, id): (&str, String)| match times.get(name) {
        Some(1) => name.to_owned(),
        _ => format!("{name} ({id})"),
    };
    named.map(label).collect()
}

/// The customer of this name or id.
pub(super) fn customer<'c>(catalogue: &'c Catalogue, text: &str) -> Option<&'c CatalogueCustomer> {
    let by_id = || catalogue.customers.iter().find(|known| same(known.id.as_str(), text));
    let labels = customer_labels(catalogue);
    let at = labels.iter().position(|label| same(label, text));
    at.and_then(|at| catalogue.customers.get(at)).or_else(by_id)
}

/// The product of this name.
pub(super) fn product<'c>(catalogue: &'c Catalogue, text: &str) -> Option<&'c Product> {
    let at = product_labels(catalogue).iter().position(|label| same(label, text))?;
    catalogue.products.get(at)
}

/// What the suggestions call the customers.
pub(super) fn customer_labels(catalogue: &Catalogue) -> Vec<String> {
    labels(catalogue.customers.iter().map(|known| (known.name.as_str(), known.id.to_string())))
}

/// What the suggestions call the products.
pub(super) fn product_labels(catalogue: &Catalogue) -> Vec<String> {
    labels(catalogue.products.iter().map(|known| (known.name.as_str(), known.id.to_string())))
}

fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// Percent with at most two decimals, as basis points; nothing is no discount.
fn basis_points(text: &str) -> Option<u32> {
    let text = text.trim().trim_end_matches('%').trim_end();
    if text.is_empty() {
        return Some(0);
    }
    let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 2 || whole.len() > 4 {
        return None;
    }
    let whole: u32 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let hundredths: u32 = format!("{decimals:0<2}").parse().ok()?;
    Some(whole * (FULL_DISCOUNT_BP / 100) + hundredths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::model::Cents;

    fn catalogue() -> Catalogue {
        let customer = |id: &str, name: &str| CatalogueCustomer {
            id: CustomerId(id.to_owned()),
            name: name.to_owned(),
            latest_order: None,
            ship_to: None,
        };
        let product = |id, name: &str| Product {
            id: ProductId(id),
            name: name.to_owned(),
            unit_price: Cents(1_250),
        };
        Catalogue {
            customers: vec![
                customer("ONE", "Same"),
                customer("TWO", "Same"),
                customer("X", "Other"),
            ],
            products: vec![product(7, "Chai"), product(8, "Tofu")],
        }
    }

    fn filled() -> Typed {
        let line = |product: &str| TypedLine {
            product: product.to_owned(),
            quantity: "3".to_owned(),
            discount: "2.5".to_owned(),
        };
        Typed {
            customer: "other".to_owned(),
            ship_to: ["Other", "1 Street", "", "Town", "", "Land"].map(str::to_owned),
            lines: vec![line("chai"), line("Tofu")],
            ..Typed::default()
        }
    }

    #[test]
    fn what_is_typed_becomes_an_order() {
        let (order, problems) = filled().read(&catalogue());
        assert_eq!(problems, []);
        assert_eq!(order.customer_id.as_str(), "X");
        assert_eq!(order.ship_to.region, None);
        let line = NewLine { product_id: ProductId(7), quantity: 3, discount_bp: 250 };
        assert_eq!(order.lines[0], line);
    }

    #[test]
    fn a_name_that_two_have_goes_with_the_id() {
        let catalogue = catalogue();
        assert_eq!(customer_labels(&catalogue), ["Same (ONE)", "Same (TWO)", "Other"]);
        let found = |text| customer(&catalogue, text).map(|known| known.id.to_string());
        assert_eq!(found("Same (TWO)").as_deref(), Some("TWO"));
        assert_eq!(found("one").as_deref(), Some("ONE"));
        assert_eq!(found("Same"), None);
    }

    #[test]
    fn every_field_that_cannot_be_read_has_one_problem_in_words() {
        let lines = vec![
            TypedLine::default(),
            TypedLine {
                product: "Coffee".to_owned(),
                quantity: "many".to_owned(),
                discount: "a lot".to_owned(),
            },
        ];
        let typed = Typed { customer: "Nobody".to_owned(), lines, ..filled() };
        let (_, problems) = typed.read(&catalogue());
        let mut fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(
            fields,
            [
                "customerId",
                "lines[0].productId",
                "lines[0].quantity",
                "lines[1].discountBp",
                "lines[1].productId",
                "lines[1].quantity",
            ]
        );
    }

    #[test]
    fn a_discount_is_read_as_people_write_it() {
        for (text, read) in [
            ("", Some(0)),
            ("15", Some(1_500)),
            ("15 %", Some(1_500)),
            ("2.5", Some(250)),
            ("2,05", Some(205)),
            (".5", Some(50)),
            ("100", Some(10_000)),
            ("120", Some(12_000)),
            ("-5", None),
            ("1.234", None),
            ("half", None),
        ] {
            assert_eq!(basis_points(text), read, "{text:?}");
        }
    }
}
