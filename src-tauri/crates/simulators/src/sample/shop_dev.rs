//! The keys of `shop-dev`, development, which speaks `docs-a`: action arrays, so neither field rules nor key-value grants.

use super::DAY;
use super::line::{Line, line};

pub(super) const KEYS: &[Line] = &[
    line(
        612 * DAY,
        "deployment-admin",
        "Generated with the deployment",
        "admin",
        "",
    ),
    line(
        420 * DAY,
        "storefront-local",
        "Shared by the web team",
        "products:rw categories:rw carts:rwd orders:rw customers:rw sessions:rwd",
        "",
    ),
    line(
        377 * DAY,
        "seed-data",
        "Fills an empty database",
        "customers:rwd addresses:rwd products:rwd categories:rwd inventory:rwd",
        "",
    ),
    line(
        240 * DAY,
        "mobile-prototype",
        "",
        "products:r categories:r carts:rw favourites:rwd",
        "",
    ),
    line(
        118 * DAY,
        "billing-worker",
        "Local runs of the billing worker",
        "orders:r order_lines:r invoices:rw payments:rw",
        "",
    ),
    line(45 * DAY, "search-ro", "", "products:r categories:r", ""),
    line(
        6 * DAY,
        "intern-sandbox",
        "Until the end of the month",
        "products:r carts:rw sessions:-",
        "",
    ),
    line(
        2,
        "schema-explorer",
        "Read everything but people",
        "orders:r order_lines:r products:r inventory:r",
        "",
    ),
];
