//! The keys of `shop-dev`, development.

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
        "products:rw categories:rw carts:rw orders:rw customers:rw sessions:rw",
        "session:=rw cart:=rw",
    ),
    line(
        377 * DAY,
        "seed-data",
        "Fills an empty database",
        "customers:rw addresses:rw products:rw categories:rw inventory:rw",
        "",
    ),
    line(
        240 * DAY,
        "mobile-prototype",
        "",
        "products:r categories:r carts:rw favourites:rw",
        "push:=rw",
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
        "products:r carts:rw=items",
        "",
    ),
    line(
        2,
        "schema-explorer",
        "Read everything but people",
        "orders:r order_lines:r products:r inventory:r customers:r!email,phone,password_hash,full_name,ssn",
        "",
    ),
];
