//! The list of keys for a text that a person types, beside one linear pass over the same rows in memory.

use crate::{
    answers::Answers,
    figure::{Bound, Figure},
    ground,
    population::world,
};
use app::App;
use core_tests::{drive::call, keys_query};
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{hint::black_box, path::Path, sync::Arc, time::Instant};

const ROUNDS: usize = 31;
/// One word that few keys have, one that a twelfth has, two that few have both.
const TEXTS: [&str; 3] = ["billing-worker-0001", "mailer", "fraud team 12"];
/// Rows that the screen asks for at a time.
const PAGE: usize = 100;
/// Keys of one deployment.
const EACH: usize = 10_000;

pub(crate) async fn figures() -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let app = ground::open(folder.path(), "sample").await;
    let database = folder.path().join("sample/keystead.db");
    let mut figures = Vec::new();
    for deployment in 0..10 {
        let (world, admin) = world(EACH);
        let answers = Answers::of(world).await;
        let name = format!("shop-{deployment}");
        let id = ground::add(&app, &answers, &name, &admin).await;
        ground::sync(&app, &id).await;
        if [0, 9].contains(&deployment) {
            let rows = rows(&database).await;
            assert_eq!(rows.len(), (deployment + 1) * EACH);
            for text in TEXTS {
                figures.push(measure(&app, &rows, text).await);
            }
        }
    }
    app.stop().await;
    figures
}

async fn measure(app: &Arc<App>, rows: &[Row], text: &str) -> Figure {
    let name = format!("filter of {} keys by “{text}”", rows.len());
    let against = "one pass over the same rows in memory";
    let mut figure = Figure::new(name, "ms", against, Bound::Times(5.0));
    let mut query = keys_query(text);
    query["limit"] = PAGE.into();
    for round in 0..=ROUNDS {
        let began = Instant::now();
        let page = call(app, "keys_list", query.clone()).await.unwrap();
        let ours = began.elapsed();
        let began = Instant::now();
        let (shown, total) = black_box(pass(rows, text));
        let theirs = began.elapsed();
        assert_eq!(page["total"], total, "{text}");
        assert!(total > 0 && page["rows"].as_array().unwrap().len() == shown.len());
        // The first round finds its pages and its memory.
        if round > 0 {
            figure.take(ours.as_secs_f64() * 1e3, theirs.as_secs_f64() * 1e3);
        }
    }
    figure
}

/// A row as it would lie in memory.
struct Row {
    search: String,
    deployment: String,
    shown: Value,
}

/// The rows with all of the words: how many, and the first page of them.
fn pass(rows: &[Row], text: &str) -> (Vec<Value>, usize) {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let has = |row: &&Row| {
        let has = |word: &&str| row.search.contains(word) || row.deployment.contains(word);
        words.iter().all(has)
    };
    let (mut shown, mut total) = (Vec::new(), 0);
    for row in rows.iter().filter(has) {
        total += 1;
        if shown.len() < PAGE {
            shown.push(row.shown.clone());
        }
    }
    (shown, total)
}

/// All rows in the list's order.
async fn rows(database: &Path) -> Vec<Row> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .read_only(true);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let rows = "SELECT concat_ws(char(10), k.label_order, lower(k.description), k.remote_id, k.prefix), lower(d.name), k.id, k.label,
        k.counts FROM keys k JOIN deployments d ON d.id = k.deployment ORDER BY k.label_order, k.rowid";
    let rows: Vec<(String, String, String, String, String)> =
        sqlx::query_as(rows).fetch_all(&mut database).await.unwrap();
    let row =
        |(search, deployment, id, label, counts): (String, String, String, String, String)| Row {
            shown: json!({ "id": id, "label": label, "deployment": deployment, "rights": counts }),
            search,
            deployment,
        };
    rows.into_iter().map(row).collect()
}
