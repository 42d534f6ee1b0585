//! The collections of the sample deployments: production has all of them, the others the first few.

use std::collections::BTreeMap;

use crate::ekodb::Collection;

/// The first `count` shared collections and two of the server's own.
pub(super) fn collections(count: usize, now_ms: i64) -> BTreeMap<String, Collection> {
    let created_at = now_ms - 760 * 24 * 3_600_000;
    let shared = SHARED
        .iter()
        .take(count)
        .zip(0_i64..)
        .map(|((name, fields), at)| {
            (
                name.to_string(),
                Collection::new(fields, created_at + at * 97_000, 5),
            )
        });
    let own = ["audit__ek0_shop", "functions__ek0_shop"];
    shared
        .chain(own.map(|name| (name.to_owned(), Collection::internal(created_at))))
        .collect()
}

/// Name and fields; an empty line is a collection without a schema.
const SHARED: [(&str, &str); 24] = [
    (
        "customers",
        "id:UUID!* email:String!* phone:String password_hash:String! full_name:String! birth_date:DateTime ssn:String marketing_consent:Boolean created_at:DateTime!",
    ),
    (
        "addresses",
        "id:UUID!* customer_id:UUID! street:String! city:String! postcode:String! country:String!",
    ),
    (
        "orders",
        "id:UUID!* customer_id:UUID! status:String! total:Decimal! currency:String! placed_at:DateTime! note:String",
    ),
    (
        "order_lines",
        "id:UUID!* order_id:UUID! product_id:UUID! quantity:Integer! unit_price:Decimal! discount:Decimal",
    ),
    (
        "products",
        "id:UUID!* sku:String!* title:String! description:String price:Decimal! cost_price:Decimal tags:Set active:Boolean!",
    ),
    (
        "categories",
        "id:UUID!* slug:String!* title:String! parent_id:UUID position:Integer",
    ),
    (
        "inventory",
        "id:UUID!* product_id:UUID! warehouse_id:UUID! on_hand:Integer! reserved:Integer! counted_at:DateTime",
    ),
    (
        "sessions",
        "id:UUID!* customer_id:UUID token_hash:String! ip:String user_agent:String expires_at:DateTime!",
    ),
    (
        "carts",
        "id:UUID!* customer_id:UUID items:Array! updated_at:DateTime!",
    ),
    (
        "invoices",
        "id:UUID!* order_id:UUID! number:String!* net:Decimal! vat:Decimal! gross:Decimal! issued_at:DateTime! pdf:Binary",
    ),
    (
        "payment_methods",
        "id:UUID!* customer_id:UUID! brand:String! last4:String! iban:String holder:String! expires:String",
    ),
    (
        "payments",
        "id:UUID!* invoice_id:UUID! amount:Decimal! psp_reference:String! captured_at:DateTime state:String!",
    ),
    ("events_raw", ""),
    (
        "refunds",
        "id:UUID!* payment_id:UUID! amount:Decimal! reason:String approved_by:String created_at:DateTime!",
    ),
    (
        "shipments",
        "id:UUID!* order_id:UUID! carrier:String! tracking_code:String label_pdf:Binary shipped_at:DateTime",
    ),
    (
        "returns",
        "id:UUID!* order_id:UUID! reason:String! condition:String received_at:DateTime",
    ),
    (
        "reviews",
        "id:UUID!* product_id:UUID! customer_id:UUID! stars:Integer! text:String published:Boolean!",
    ),
    (
        "vouchers",
        "id:UUID!* code:String!* percent:Float amount:Decimal valid_until:DateTime used_count:Integer!",
    ),
    (
        "tickets",
        "id:UUID!* customer_id:UUID! subject:String! body:String! state:String! assigned_to:String",
    ),
    (
        "loyalty_accounts",
        "id:UUID!* customer_id:UUID!* points:Integer! tier:String! opened_at:DateTime!",
    ),
    (
        "suppliers",
        "id:UUID!* name:String! vat_id:String bank_account:String contact_email:String",
    ),
    (
        "purchase_orders",
        "id:UUID!* supplier_id:UUID! state:String! total:Decimal! ordered_at:DateTime!",
    ),
    (
        "tax_rates",
        "id:UUID!* country:String! category:String! rate:Float! valid_from:DateTime!",
    ),
    (
        "product_vectors",
        "id:UUID!* product_id:UUID! embedding:Vector! model:String!",
    ),
];
