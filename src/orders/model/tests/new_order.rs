//! New orders: their limits and their prices.

use super::*;

fn new_order() -> NewOrder {
    NewOrder {
        customer_id: CustomerId("VINET".to_owned()),
        ship_to: order(OrderStatus::Pending).ship_to,
        lines: vec![line(1, 2, 0), line(2, 3, 1500)],
        note: String::new(),
    }
}

fn line(product: i64, quantity: u32, discount_bp: u32) -> NewLine {
    NewLine { product_id: ProductId(product), quantity, discount_bp }
}

fn product(id: i64, cents: i64) -> Product {
    Product { id: ProductId(id), name: format!("Product {id}"), unit_price: Cents(cents) }
}

#[test]
fn a_new_order_has_the_documented_json() {
    let json = serde_json::json!({
        "customerId": "VINET",
        "shipTo": {
            "name": "Vins et alcools Chevalier", "address": "59 rue de l'Abbaye",
            "city": "Reims", "postalCode": "51100", "country": "France",
        },
        "lines": [
            { "productId": 1, "quantity": 2 },
            { "productId": 2, "quantity": 3, "discountBp": 1500 },
        ],
    });
    assert_eq!(serde_json::from_value::<NewOrder>(json).unwrap(), new_order());
    for wrong in [
        r#"{"productId":1,"quantity":1,"price":1}"#,
        r#"{"productId":1,"quantity":-1}"#,
        r#"{"productId":1}"#,
    ] {
        assert!(serde_json::from_str::<NewLine>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn every_problem_is_told_by_its_field() {
    assert_eq!(new_order().problems(), []);
    let mut wrong = new_order();
    wrong.customer_id = CustomerId(String::new());
    wrong.ship_to.city = "  ".to_owned();
    wrong.ship_to.region = Some("x".repeat(ADDRESS_MAX_CHARS + 1));
    wrong.ship_to.name = "two\nlines".to_owned();
    wrong.lines = vec![line(1, 0, 0), line(1, QUANTITY_MAX + 1, 10_001)];
    wrong.note = "x".repeat(NOTE_MAX_CHARS + 1);
    let fields: Vec<String> = wrong.problems().into_iter().map(|problem| problem.field).collect();
    let expected = [
        "customerId",
        "shipTo.name",
        "shipTo.city",
        "shipTo.region",
        "lines[0].quantity",
        "lines[1].productId",
        "lines[1].quantity",
        "lines[1].discountBp",
        "note",
    ];
    assert_eq!(fields, expected);
    let first = wrong.validate().unwrap_err();
    assert_eq!(first, AppError::invalid("customerId", "Choose a customer."));
}

#[test]
fn the_limits_themselves_are_allowed() {
    let mut at_the_limit = new_order();
    at_the_limit.lines = (1..=LINES_MAX as i64).map(|id| line(id, QUANTITY_MAX, 10_000)).collect();
    at_the_limit.note = "é".repeat(NOTE_MAX_CHARS);
    at_the_limit.ship_to.name = "é".repeat(ADDRESS_MAX_CHARS);
    assert_eq!(at_the_limit.problems(), []);
    at_the_limit.lines.push(line(0, 1, 0));
    assert_eq!(at_the_limit.problems()[0].field, "lines");
    at_the_limit.lines.clear();
    assert_eq!(at_the_limit.problems()[0].field, "lines");
}

#[test]
fn what_is_typed_around_an_address_is_not_stored() {
    let mut typed = new_order();
    typed.ship_to.city = " Reims\t".to_owned();
    typed.ship_to.postal_code = Some(" ".to_owned());
    let stored = typed.trimmed().ship_to;
    assert_eq!((stored.city.as_str(), stored.postal_code), ("Reims", None));
}

#[test]
fn a_total_is_shown_while_an_order_is_filled_in() {
    let prices = [product(1, 1800), product(2, 1900)];
    let price = |id| prices.iter().find(|one| one.id == id).map(|one| one.unit_price);
    let mut order = new_order();
    assert_eq!(order.total(price), Cents(3600 + 4845));
    order.lines.push(line(99, 1, 0));
    order.lines[0].discount_bp = 20_000;
    assert_eq!(order.total(price), Cents(4845));
}

#[test]
fn an_order_that_costs_more_than_an_amount_holds_is_refused() {
    let place = |lines: Vec<NewLine>, cents| {
        let order = NewOrder { lines, ..new_order() };
        let id = OrderId::of_number(1).unwrap();
        let products = [product(1, cents), product(2, cents)];
        order.place(id, "V".to_owned(), &products, OffsetDateTime::UNIX_EPOCH)
    };
    let field = |refused: Result<Order, AppError>| match refused.unwrap_err() {
        AppError::Invalid { field, .. } => field.unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(field(place(vec![line(1, 2, 0)], i64::MAX)), "lines[0].quantity");
    assert_eq!(field(place(vec![line(1, 1, 0), line(2, 1, 0)], i64::MAX)), "lines");
    assert_eq!(field(place(vec![line(1, 1, 0), line(3, 1, 0)], 1)), "lines[1].productId");
    assert!(place(vec![line(1, 1, 0)], i64::MAX).is_ok());
}

proptest! {
    #[test]
    fn what_the_form_shows_is_what_the_order_costs(
        lines in proptest::collection::btree_map(1..50_i64, (1..=QUANTITY_MAX, 0..=10_000_u32), 1..20),
        prices in proptest::collection::vec(0..10_000_000_i64, 50),
    ) {
        let products: Vec<Product> = (0..).zip(&prices).map(|(id, cents)| product(id, *cents)).collect();
        let lines = lines.into_iter().rev().map(|(id, (quantity, bp))| line(id, quantity, bp));
        let new = NewOrder { lines: lines.collect(), ..new_order() };
        let shown = new.total(|id| products.iter().find(|one| one.id == id).map(|one| one.unit_price));
        let id = OrderId::of_number(7).unwrap();
        let order = new.clone().place(id, "V".to_owned(), &products, OffsetDateTime::UNIX_EPOCH).unwrap();
        prop_assert_eq!(order.total, shown);
        prop_assert_eq!(order.lines.len(), new.lines.len());
        prop_assert!(order.lines.is_sorted_by_key(|line| line.product_id));
        prop_assert_eq!(order.lines.iter().map(|line| line.total).sum::<Cents>(), shown);
        // No line is more than half a cent off, and no discount makes a line dearer.
        for line in &order.lines {
            let exact = i128::from(line.unit_price.0) * i128::from(line.quantity)
                * i128::from(10_000 - line.discount_bp);
            let off = i128::from(line.total.0) * 10_000 - exact;
            prop_assert!((-5_000..=5_000).contains(&off));
        }
    }
}
