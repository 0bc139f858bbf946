//! A cloud with 20,000 flavors and as many images: memory use is that of the kept data.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::sync::mpsc;
use std::thread;

use mock::{MockCloud, Reply, Request, options, usual};
use scs_openstack::{Document, Session, collect};
use serde_json::{Value, json};

const COUNT: usize = 20_000;

/// A page of a thousand entries, as in Nova and Glance.
fn page(request: &Request, key: &str) -> Reply {
    let start: usize = request.parameter("marker").map_or(0, |marker| marker.parse::<usize>().unwrap() + 1);
    let limit = request.parameter("limit").unwrap().parse::<usize>().unwrap().min(1_000);
    let end = (start + limit).min(COUNT);
    let entries: Vec<Value> = (start..end)
        .map(|id| json!({"id": id.to_string(), "name": format!("{key} {id}"), "properties": "x".repeat(400)}))
        .collect();
    let next = (end < COUNT).then(|| format!("http://c/v2/{key}?limit={limit}&marker={}", end - 1));
    let mut page = json!({key: entries});
    match (key, next) {
        ("images", Some(next)) => page["next"] = Value::from(next),
        (_, Some(next)) => page[format!("{key}_links")] = json!([{"rel": "next", "href": next}]),
        (_, None) => {}
    }
    Reply::json(&page)
}

/// The cloud, on a separate thread, so its allocations are not counted.
fn cloud() -> (MockCloud, impl Drop) {
    struct End(Option<mpsc::Sender<()>>, Option<thread::JoinHandle<()>>);
    impl Drop for End {
        fn drop(&mut self) {
            drop(self.0.take());
            if let Some(thread) = self.1.take() {
                let _ = thread.join();
            }
        }
    }
    let (started, cloud) = mpsc::channel();
    let (end, ended) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let cloud = runtime.block_on(MockCloud::start(|request| match request.path.as_str() {
            "/compute/v2.1/flavors/detail" => page(request, "flavors"),
            "/image/v2/images" => page(request, "images"),
            _ => usual(request),
        }));
        started.send(cloud).unwrap();
        runtime.block_on(async {
            while ended.try_recv() == Err(mpsc::TryRecvError::Empty) {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        });
    });
    (cloud.recv().unwrap(), End(Some(end), Some(thread)))
}

#[test]
fn memory_is_limited_to_the_kept_data() {
    let (cloud, _end) = cloud();
    let config = cloud.config();
    let mut document: Option<Document> = None;
    let allocated = allocation_counter::measure(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        document = Some(runtime.block_on(async {
            let session = Session::open(&config, &options()).await.unwrap();
            collect(&session, "2026-11-24T08:00:00Z".parse().unwrap()).await
        }));
    });
    for path in ["/compute/v2.1/flavors/detail", "/image/v2/images"] {
        assert_eq!(cloud.count("GET", path), COUNT / 1_000);
    }
    let text = document.unwrap().into_json();
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["flavors"].as_array().map(Vec::len), Some(COUNT));
    assert_eq!(value["images"][COUNT - 1]["id"], (COUNT - 1).to_string());
    let (most, kept) = (allocated.bytes_max, text.len() as u64);
    // Besides the kept data, there are two pages in transit, each as a response and as a part, and the client.
    assert!(most < kept + (4 << 20), "{most} bytes at most for {kept} that are kept");
}
