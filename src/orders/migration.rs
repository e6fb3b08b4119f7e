//! The tables of the orders slice.
//!
//! Owns their definition; each constraint has a name. A migration that was released is never
//! edited: another one follows it.

use sea_orm_migration::MigrationTrait;

use crate::server::database::Step;

/// The slice's migrations, in order.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(Step { name: "orders_0001_customers_orders_and_lines", statements: &ORDERS }),
        Box::new(Step { name: "orders_0002_products", statements: &PRODUCTS }),
        Box::new(Step { name: "orders_0003_imports", statements: &IMPORTS }),
        Box::new(Step { name: "orders_0004_imports_are_jobs", statements: &IMPORT_JOBS }),
    ]
}

/// In SQL that SQLite and PostgreSQL share. Times are milliseconds since the Unix epoch, amounts
/// are cents. `name_folded` is the name in lower case as Unicode has it, which the databases do
/// not agree on; it is searched and sorted by. Each sort of the list has its index, but that by
/// status, whose order is not that of the names.
const ORDERS: [&str; 9] = [
    "CREATE TABLE customers (
        id TEXT NOT NULL CONSTRAINT customers_key PRIMARY KEY,
        name TEXT NOT NULL,
        name_folded TEXT NOT NULL
    )",
    "CREATE TABLE orders (
        id TEXT NOT NULL CONSTRAINT orders_key PRIMARY KEY,
        number BIGINT NOT NULL CONSTRAINT orders_number_unique UNIQUE,
        customer_id TEXT NOT NULL CONSTRAINT orders_customer REFERENCES customers (id),
        ship_name TEXT NOT NULL,
        ship_address TEXT NOT NULL,
        ship_city TEXT NOT NULL,
        ship_region TEXT,
        ship_postal_code TEXT,
        ship_country TEXT NOT NULL,
        status TEXT NOT NULL CONSTRAINT orders_status_known CHECK (status IN
            ('pending', 'confirmed', 'packed', 'shipped', 'delivered', 'cancelled')),
        note TEXT NOT NULL CONSTRAINT orders_note_short CHECK (length(note) <= 2000),
        total_cents BIGINT NOT NULL CONSTRAINT orders_total_positive CHECK (total_cents >= 0),
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL CONSTRAINT orders_version_positive CHECK (version >= 1)
    )",
    "CREATE TABLE order_lines (
        order_id TEXT NOT NULL
            CONSTRAINT order_lines_order REFERENCES orders (id) ON DELETE CASCADE,
        product_id BIGINT NOT NULL,
        product_name TEXT NOT NULL,
        unit_price_cents BIGINT NOT NULL
            CONSTRAINT order_lines_price_positive CHECK (unit_price_cents >= 0),
        quantity BIGINT NOT NULL CONSTRAINT order_lines_quantity_positive CHECK (quantity >= 1),
        discount_bp BIGINT NOT NULL
            CONSTRAINT order_lines_discount_in_range CHECK (discount_bp BETWEEN 0 AND 10000),
        total_cents BIGINT NOT NULL,
        CONSTRAINT order_lines_key PRIMARY KEY (order_id, product_id)
    )",
    "CREATE INDEX customers_by_name ON customers (name_folded)",
    "CREATE INDEX orders_by_customer ON orders (customer_id)",
    "CREATE INDEX orders_by_creation ON orders (created_at, number)",
    "CREATE INDEX orders_by_update ON orders (updated_at, number)",
    "CREATE INDEX orders_by_total ON orders (total_cents, number)",
    "CREATE INDEX orders_by_status ON orders (status, created_at, number)",
];

/// What can be ordered, at today's prices. A database from before there were products gets those
/// that were ordered, each with the name and the price in the order with the highest number. The
/// indices serve the catalogue (where a customer's latest order went) and the metrics.
const PRODUCTS: [&str; 5] = [
    "CREATE TABLE products (
        id BIGINT NOT NULL CONSTRAINT products_key PRIMARY KEY,
        name TEXT NOT NULL,
        unit_price_cents BIGINT NOT NULL
            CONSTRAINT products_price_positive CHECK (unit_price_cents >= 0)
    )",
    "INSERT INTO products (id, name, unit_price_cents)
        SELECT product_id, product_name, unit_price_cents
        FROM (
            SELECT l.product_id, l.product_name, l.unit_price_cents,
                ROW_NUMBER() OVER (PARTITION BY l.product_id ORDER BY o.number DESC) AS place
            FROM order_lines l JOIN orders o ON o.id = l.order_id
        ) AS ordered
        WHERE place = 1",
    "DROP INDEX orders_by_customer",
    "CREATE INDEX orders_by_customer_and_number ON orders (customer_id, number)",
    "CREATE INDEX orders_by_status_and_total ON orders (status, total_cents)",
];

/// Imports that users started, and what became of them. `bad_rows` is JSON. A user has one at a
/// time.
const IMPORTS: [&str; 2] = [
    "CREATE TABLE order_imports (
        id TEXT NOT NULL CONSTRAINT order_imports_key PRIMARY KEY,
        user_id BIGINT NOT NULL,
        status TEXT NOT NULL CONSTRAINT order_imports_status_known
            CHECK (status IN ('running', 'completed', 'failed', 'interrupted')),
        started_at BIGINT NOT NULL,
        finished_at BIGINT,
        done BIGINT NOT NULL,
        total BIGINT NOT NULL,
        orders BIGINT NOT NULL,
        lines BIGINT NOT NULL,
        customers BIGINT NOT NULL,
        products BIGINT NOT NULL,
        skipped BIGINT NOT NULL,
        bad BIGINT NOT NULL,
        bad_rows TEXT NOT NULL,
        message TEXT,
        version BIGINT NOT NULL
    )",
    "CREATE UNIQUE INDEX order_imports_one_running ON order_imports (user_id)
        WHERE status = 'running'",
];

/// Imports are done by jobs, which keep the files until they are done with them. What was cut off
/// before has failed.
const IMPORT_JOBS: [&str; 6] = [
    "ALTER TABLE order_imports RENAME TO order_imports_before",
    "CREATE TABLE order_imports (
        id TEXT NOT NULL CONSTRAINT order_imports_id_key PRIMARY KEY,
        user_id BIGINT NOT NULL,
        status TEXT NOT NULL CONSTRAINT order_imports_status_is_known
            CHECK (status IN ('running', 'completed', 'failed', 'cancelled')),
        started_at BIGINT NOT NULL,
        finished_at BIGINT,
        done BIGINT NOT NULL,
        total BIGINT NOT NULL,
        orders BIGINT NOT NULL,
        lines BIGINT NOT NULL,
        customers BIGINT NOT NULL,
        products BIGINT NOT NULL,
        skipped BIGINT NOT NULL,
        bad BIGINT NOT NULL,
        bad_rows TEXT NOT NULL,
        message TEXT
    )",
    "INSERT INTO order_imports
        SELECT id, user_id,
            CASE WHEN status IN ('running', 'interrupted') THEN 'failed' ELSE status END,
            started_at, finished_at, done, total, orders, lines, customers, products, skipped, bad,
            bad_rows,
            CASE WHEN status = 'running' THEN 'The server stopped in the middle of it.'
                ELSE message END
        FROM order_imports_before",
    "DROP TABLE order_imports_before",
    "CREATE UNIQUE INDEX order_imports_one_running ON order_imports (user_id)
        WHERE status = 'running'",
    "CREATE TABLE order_import_files (
        import_id TEXT NOT NULL
            CONSTRAINT order_import_files_import REFERENCES order_imports (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        content BYTEA NOT NULL,
        CONSTRAINT order_import_files_key PRIMARY KEY (import_id, name)
    )",
];
