//! The keys of `shop-stg`, staging, which speaks `legacy`.

use super::DAY;
use super::line::{Line, line};

pub(super) const KEYS: &[Line] = &[
    line(
        690 * DAY,
        "deployment-admin",
        "Generated with the deployment",
        "admin",
        "",
    ),
    line(
        505 * DAY,
        "ci-admin",
        "Used by the pipeline to reset staging",
        "admin",
        "",
    ),
    line(
        466 * DAY,
        "storefront-web",
        "Web shop, server side",
        "products:r!cost_price categories:r carts:rw orders:rw customers:rw!password_hash,ssn sessions:rw reviews:rw",
        "session:=rw cart:=rw",
    ),
    line(
        433 * DAY,
        "billing-worker",
        "Makes invoices from shipped orders",
        "orders:r order_lines:r customers:r invoices:rw payments:rw",
        "invoice-number:=rw",
    ),
    line(
        390 * DAY,
        "erp-sync",
        "Exchange with the ERP test system",
        "orders:rw order_lines:rw products:rw inventory:rw suppliers:r",
        "",
    ),
    line(
        312 * DAY,
        "search-ro",
        "Feeds the staging index, read only",
        "products:r categories:r",
        "",
    ),
    line(
        205 * DAY,
        "pos-gateway",
        "Test till",
        "products:r inventory:rw orders:rw vouchers:r",
        "till:=rw",
    ),
    line(
        150 * DAY,
        "ticket-desk",
        "Support training",
        "tickets:rw customers:r?id,email,full_name orders:r returns:rw",
        "",
    ),
    line(
        77 * DAY,
        "load-test",
        "Left over from the spring load test?",
        "carts:rw=items orders:rw sessions:rw checkout_probe:rw",
        "session:=rw push:=rw",
    ),
    line(
        29 * DAY,
        "returns-portal",
        "Preview of the returns portal",
        "returns:rw=reason,condition orders:r?id,status shipments:r!label_pdf",
        "",
    ),
    line(
        8 * DAY,
        "data-warehouse",
        "Schema tests of the copy job",
        "orders:r order_lines:r customers:r!email,phone,password_hash,full_name,birth_date,ssn events_raw:r",
        "",
    ),
    line(
        19,
        "qa-readonly",
        "Queries of the test team",
        "orders:r customers:r!password_hash,ssn carts:r payment_methods:-",
        "",
    ),
];
