//! Signs and requests are read from and written to octets without the heap. Counts what this
//! process allocates; the only file of this crate that may say `unsafe`.

#![allow(unsafe_code, reason = "an allocator cannot be written without")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use whiteflag::{Body, Content, Message, RequestObject, RequestObjects};

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: everything is handed on to the system's allocator, whose contract is the same; counting
// neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: as the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as the caller's.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn allocations(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

/// A danger sign, a request for eight kinds of objects, and the same as a test message.
fn messages() -> [Message; 3] {
    let sign = Message::from_json(
        r#"{"MessageHeader":{"Prefix":"WF","Version":"1","EncryptionIndicator":"0",
        "DuressIndicator":"0","MessageCode":"D","ReferenceIndicator":"0",
        "ReferencedMessage":"0000000000000000000000000000000000000000000000000000000000000000"},
        "MessageBody":{"SubjectCode":"21","DateTime":"2026-11-24T06:00:00Z",
        "Duration":"P00D00H00M","ObjectType":"21","ObjectLatitude":"+36.20210",
        "ObjectLongitude":"+037.13430","ObjectSizeDim1":"0150","ObjectSizeDim2":"0000",
        "ObjectOrientation":"000"}}"#,
    )
    .unwrap();
    let Body::Plain(Content::Sign { sign: fields, .. }) = sign.body else {
        panic!("it is a sign");
    };
    let object = RequestObject {
        object_type: 0x40,
        quantity: "04".parse().unwrap(),
    };
    let content = Content::Request {
        sign: fields,
        objects: RequestObjects::collect([object; 8]).unwrap(),
    };
    let with = |body| Message {
        body,
        ..sign.clone()
    };
    let request = with(Body::Plain(content.clone()));
    let test = with(Body::Test(content));
    [sign, request, test]
}

#[test]
fn signs_and_requests_are_read_and_written_without_the_heap() {
    for message in messages() {
        let octets = message.encode().unwrap();
        let mut buffer = Vec::with_capacity(80);
        let read = allocations(|| assert!(Message::decode(&octets).is_ok()));
        let written = allocations(|| assert!(message.encode_to(&mut buffer).is_ok()));
        assert_eq!((read, written), (0, 0), "{message:?}");
        assert_eq!(buffer, octets);
    }
}

#[test]
fn an_allocation_is_counted() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1)))), 1);
}
