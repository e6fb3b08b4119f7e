//! The Northwind files, as customers and orders.
//!
//! Owns the names of files and columns, how rows belong together, and the rule that gives an order
//! its status. It must not write.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    fmt::Display,
    hash::Hash,
};

use time::{Duration, OffsetDateTime};

use super::{
    ImportError, NewCustomer, Source,
    table::{self, Fault},
};
use crate::orders::model::{
    BadRow, Cents, CustomerId, FULL_DISCOUNT_BP, Order, OrderId, OrderLine, OrderStatus, Product,
    ProductId, ShipTo,
};

const CUSTOMERS: &str = "customers.csv";
const PRODUCTS: &str = "products.csv";
const ORDERS: &str = "orders.csv";
const DETAILS: &str = "order_details.csv";

/// The names of all of them.
pub const FILES: [&str; 4] = [CUSTOMERS, PRODUCTS, ORDERS, DETAILS];

/// How long a shipped order is under way, and how long one waits before it is packed.
const WEEK: Duration = Duration::WEEK;
/// How long an order is not looked at.
const UNSEEN: Duration = Duration::days(2);

/// What the files say.
pub(super) struct Northwind {
    /// The customers that can be used.
    pub(super) customers: Vec<NewCustomer>,
    /// The products that can.
    pub(super) products: Vec<Product>,
    /// The orders that can be used, with those of their lines that can, in the file's order.
    pub(super) orders: Vec<Order>,
    /// The rows that can't.
    pub(super) bad_rows: Vec<BadRow>,
}

/// The content of a file that this program carries; empty for any other.
pub(super) fn carried(file: &str) -> &'static [u8] {
    match file {
        CUSTOMERS => include_bytes!("../../../demo/northwind/customers.csv"),
        PRODUCTS => include_bytes!("../../../demo/northwind/products.csv"),
        ORDERS => include_bytes!("../../../demo/northwind/orders.csv"),
        DETAILS => include_bytes!("../../../demo/northwind/order_details.csv"),
        _ => &[],
    }
}

impl Northwind {
    /// Reads all four files.
    ///
    /// # Errors
    /// [`ImportError`] when a file or a column is missing.
    pub(super) fn read(source: &Source) -> Result<Self, ImportError> {
        let mut bad_rows = Vec::new();
        let bad = &mut bad_rows;
        let customers = table::read(source, CUSTOMERS, CustomerRow::COLUMNS, bad)?;
        let products = table::read(source, PRODUCTS, ProductRow::COLUMNS, bad)?;
        let orders = table::read(source, ORDERS, OrderRow::COLUMNS, bad)?;
        let details = table::read(source, DETAILS, DetailRow::COLUMNS, bad)?;

        let mut names = Unique::new(CUSTOMERS);
        let customers = usable(CUSTOMERS, customers, bad, |row| {
            let (line, customer) = (row.line, CustomerRow::parse(row)?);
            names.add(customer.id.clone(), line, customer.name.clone())?;
            Ok(customer)
        });
        let mut product_names = Unique::new(PRODUCTS);
        let products = usable(PRODUCTS, products, bad, |row| {
            let (line, product) = (row.line, ProductRow::parse(row)?);
            product_names.add(product.id, line, product.name.clone())?;
            Ok(product)
        });
        let mut order_lines = Unique::new(ORDERS);
        let orders = usable(ORDERS, orders, bad, |row| {
            let (line, order) = (row.line, OrderRow::parse(row, &names)?);
            order_lines.add(order.id.number(), line, Vec::new())?;
            Ok(order)
        });
        let mut seen = HashSet::new();
        usable(DETAILS, details, bad, |row| {
            let (order, line) = DetailRow::parse(row, &product_names)?;
            let lines = order_lines.get_mut("orderID", &order)?;
            if !seen.insert((order, line.product_id)) {
                let twice = format!("order {order} has product {} already", line.product_id);
                return Err(Fault::of("productID", twice));
            }
            lines.push(line);
            Ok(())
        });
        let orders = whole(orders, order_lines);
        Ok(Self { customers, products, orders, bad_rows })
    }
}

struct CustomerRow;

impl CustomerRow {
    const COLUMNS: [&str; 2] = ["customerID", "companyName"];

    fn parse(row: table::Row<2>) -> Result<NewCustomer, Fault> {
        let [id, name] = row.cells;
        Ok(NewCustomer { id: CustomerId(id.required()?), name: name.required()? })
    }
}

struct ProductRow;

impl ProductRow {
    const COLUMNS: [&str; 3] = ["productID", "productName", "unitPrice"];

    fn parse(row: table::Row<3>) -> Result<Product, Fault> {
        let [id, name, unit_price] = row.cells;
        Ok(Product {
            id: ProductId(id.whole()?),
            name: name.required()?,
            unit_price: Cents(unit_price.decimal(2)?),
        })
    }
}

/// An order without its lines and its status.
struct OrderRow {
    id: OrderId,
    customer_id: CustomerId,
    customer_name: String,
    ordered: OffsetDateTime,
    shipped: Option<OffsetDateTime>,
    ship_to: ShipTo,
}

impl OrderRow {
    const COLUMNS: [&str; 10] = [
        "orderID",
        "customerID",
        "orderDate",
        "shippedDate",
        "shipName",
        "shipAddress",
        "shipCity",
        "shipRegion",
        "shipPostalCode",
        "shipCountry",
    ];

    fn parse(row: table::Row<10>, names: &Unique<CustomerId, String>) -> Result<Self, Fault> {
        let [id, customer, ordered, shipped, name, address, city, region, postal_code, country] =
            row.cells;
        let number = id.whole::<u64>()?;
        let id = OrderId::of_number(number)
            .ok_or_else(|| Fault::of("orderID", "orderID has too many digits"))?;
        let customer_id = CustomerId(customer.required()?);
        let customer_name = names.get("customerID", &customer_id)?.clone();
        let ordered = ordered.required_date()?;
        let shipped = shipped.date()?;
        if shipped.is_some_and(|shipped| shipped < ordered) {
            return Err(Fault::of("shippedDate", "shippedDate is before orderDate"));
        }
        let ship_to = ShipTo {
            name: name.required()?,
            address: address.required()?,
            city: city.required()?,
            region: region.optional(),
            postal_code: postal_code.optional(),
            country: country.required()?,
        };
        Ok(Self { id, customer_id, customer_name, ordered, shipped, ship_to })
    }

    /// The later of its dates.
    fn touched(&self) -> OffsetDateTime {
        self.shipped.unwrap_or(self.ordered)
    }

    /// Its status, seen from the newest date in the file.
    fn status(&self, newest: OffsetDateTime) -> OrderStatus {
        let age = newest - self.touched();
        match self.shipped {
            Some(_) if age < WEEK => OrderStatus::Shipped,
            Some(_) => OrderStatus::Delivered,
            None if age < UNSEEN => OrderStatus::Pending,
            None if age < WEEK => OrderStatus::Confirmed,
            None => OrderStatus::Packed,
        }
    }

    fn with_lines(self, lines: Vec<OrderLine>, newest: OffsetDateTime) -> Order {
        Order {
            status: self.status(newest),
            total: lines.iter().map(|line| line.total).sum(),
            created_at: self.ordered,
            updated_at: self.touched(),
            id: self.id,
            customer_id: self.customer_id,
            customer_name: self.customer_name,
            ship_to: self.ship_to,
            note: String::new(),
            version: 1,
            lines,
        }
    }
}

struct DetailRow;

impl DetailRow {
    const COLUMNS: [&str; 5] = ["orderID", "productID", "unitPrice", "quantity", "discount"];

    /// The order's number and the line.
    fn parse(
        row: table::Row<5>,
        products: &Unique<ProductId, String>,
    ) -> Result<(i64, OrderLine), Fault> {
        let [order, product, unit_price, quantity, discount] = row.cells;
        let (order, product) = (order.whole()?, ProductId(product.whole()?));
        let unit_price = Cents(unit_price.decimal(2)?);
        let quantity = quantity.whole()?;
        if quantity == 0 {
            return Err(Fault::of("quantity", "quantity is 0"));
        }
        let discount_bp = u32::try_from(discount.decimal(4)?)
            .ok()
            .filter(|discount_bp| *discount_bp <= FULL_DISCOUNT_BP)
            .ok_or_else(|| Fault::of("discount", "discount is over 1"))?;
        let total = Cents::of_line(unit_price, quantity, discount_bp);
        let line = OrderLine {
            product_id: product,
            product_name: products.get("productID", &product)?.clone(),
            unit_price,
            quantity,
            discount_bp,
            total: total.ok_or_else(|| "its amount is too large".to_owned())?,
        };
        Ok((order, line))
    }
}

/// What the rows of a file say, by their key, which no two may share.
struct Unique<K, V> {
    file: &'static str,
    rows: HashMap<K, (u64, V)>,
}

impl<K: Display + Eq + Hash, V> Unique<K, V> {
    fn new(file: &'static str) -> Self {
        Self { file, rows: HashMap::new() }
    }

    fn add(&mut self, key: K, line: u64, value: V) -> Result<(), Fault> {
        match self.rows.entry(key) {
            Entry::Occupied(taken) => {
                Err(format!("{} is in line {} already", taken.key(), taken.get().0).into())
            }
            Entry::Vacant(free) => {
                free.insert((line, value));
                Ok(())
            }
        }
    }

    fn get(&self, column: &'static str, key: &K) -> Result<&V, Fault> {
        self.rows.get(key).map(|(_, value)| value).ok_or_else(|| lacks(self.file, column, key))
    }

    fn get_mut(&mut self, column: &'static str, key: &K) -> Result<&mut V, Fault> {
        let file = self.file;
        self.rows.get_mut(key).map(|(_, value)| value).ok_or_else(|| lacks(file, column, key))
    }
}

/// The fault of a row whose column names a key that the file has not.
fn lacks(file: &str, column: &'static str, key: &impl Display) -> Fault {
    Fault::of(column, format!("{file} has no good row for {key}"))
}

/// What `parse` makes of the rows that can be used; the others become bad rows.
fn usable<const COLUMNS: usize, T>(
    file: &'static str,
    rows: Vec<table::Row<COLUMNS>>,
    bad_rows: &mut Vec<BadRow>,
    mut parse: impl FnMut(table::Row<COLUMNS>) -> Result<T, Fault>,
) -> Vec<T> {
    let mut good = Vec::with_capacity(rows.len());
    for row in rows {
        let line = row.line;
        match parse(row) {
            Ok(parsed) => good.push(parsed),
            Err(fault) => bad_rows.push(fault.at(file, line)),
        }
    }
    good
}

fn whole(orders: Vec<OrderRow>, mut lines: Unique<i64, Vec<OrderLine>>) -> Vec<Order> {
    let Some(newest) = orders.iter().map(OrderRow::touched).max() else {
        return Vec::new();
    };
    let with_lines = |order: OrderRow| {
        let found = lines.rows.remove(&order.id.number()).map(|(_, lines)| lines);
        order.with_lines(found.unwrap_or_default(), newest)
    };
    orders.into_iter().map(with_lines).collect()
}
