//! A disk that remembers in which order SQLite wrote and synced, and what could be left of that when
//! the power fails: everything synced, and of the rest any part.
//!
//! It is a VFS of SQLite (<https://sqlite.org/vfs.html>) around the usual one, and the default one of
//! this program, so that the store uses it without knowing.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, Ordering};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};

/// What happened, in its order.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Write {
        file: String,
        at: usize,
        octets: Vec<u8>,
    },
    Truncate {
        file: String,
        length: usize,
    },
    Sync {
        file: String,
    },
    Delete {
        file: String,
    },
    /// The names in the folder were synced, which makes deletions durable.
    FolderSync,
    /// The program was told that something is durable.
    Said(String),
}

struct Record {
    dir: PathBuf,
    events: Vec<Event>,
}

static RECORD: Mutex<Option<Record>> = Mutex::new(None);
static USUAL: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(std::ptr::null_mut());

/// Makes the recording disk the default one, and records what happens in `dir` from now on.
pub(crate) fn record(dir: &Path) {
    *RECORD.lock().unwrap() = Some(Record {
        dir: dir.to_owned(),
        events: Vec::new(),
    });
    // SAFETY: the usual VFS lives as long as the program, and so does the leaked copy of it.
    unsafe {
        let usual = ffi::sqlite3_vfs_find(std::ptr::null());
        USUAL.store(usual, Ordering::SeqCst);
        let ours = Box::leak(Box::new(*usual));
        ours.pNext = std::ptr::null_mut();
        ours.zName = c"recording".as_ptr();
        ours.szOsFile += c_int::try_from(size_of::<Recorded>()).unwrap();
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        assert_eq!(ffi::sqlite3_vfs_register(ours, 1), ffi::SQLITE_OK);
    }
}

/// Records that the program was told something.
pub(crate) fn said(what: String) {
    add(Event::Said(what));
}

/// Records that the names in the folder were synced.
pub(crate) fn folder_was_synced() {
    add(Event::FolderSync);
}

fn add(event: Event) {
    if let Some(record) = RECORD.lock().unwrap().as_mut() {
        record.events.push(event);
    }
}

/// Everything that was recorded.
pub(crate) fn stop() -> Vec<Event> {
    RECORD.lock().unwrap().take().unwrap().events
}

/// What is left of the files after these events: what was synced, and of the rest what is `kept`.
pub(crate) fn left(events: &[Event], mut kept: impl FnMut() -> bool) -> BTreeMap<String, Vec<u8>> {
    let mut synced: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, event) in events.iter().enumerate() {
        if let Event::Sync { file } = event {
            synced.insert(file, at);
        }
    }
    let names_synced = events
        .iter()
        .rposition(|event| matches!(event, Event::FolderSync));
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (at, event) in events.iter().enumerate() {
        let mut durable = |file: &str| synced.get(file).is_some_and(|last| at < *last) || kept();
        match event {
            Event::Write { file, at, octets } if durable(file) => {
                let held = files.entry(file.clone()).or_default();
                held.resize(held.len().max(at + octets.len()), 0);
                held[*at..at + octets.len()].copy_from_slice(octets);
            }
            Event::Truncate { file, length } if durable(file) => {
                files.entry(file.clone()).or_default().resize(*length, 0);
            }
            Event::Delete { file } if names_synced > Some(at) || durable(file) => {
                files.remove(file);
            }
            Event::Write { .. }
            | Event::Truncate { .. }
            | Event::Delete { .. }
            | Event::Sync { .. }
            | Event::FolderSync
            | Event::Said(_) => {}
        }
    }
    files
}

/// An open file: ours, and behind it the usual one's.
#[repr(C)]
struct Recorded {
    base: sqlite3_file,
    /// Leaked: a test opens few files.
    name: *const String,
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// SAFETY of all that follows: SQLite calls them with files that `open` filled in, whose memory it made
/// as large as `szOsFile` says, and keeps until `close`.
unsafe fn inner(file: *mut sqlite3_file) -> *mut sqlite3_file {
    unsafe { file.cast::<Recorded>().add(1).cast() }
}

unsafe fn usual_methods(file: *mut sqlite3_file) -> &'static sqlite3_io_methods {
    unsafe { &*(*inner(file)).pMethods }
}

unsafe fn happened(file: *mut sqlite3_file, event: impl FnOnce(String) -> Event) {
    let name = unsafe { (*file.cast::<Recorded>()).name.as_ref() };
    if let (Some(name), Some(record)) = (name, RECORD.lock().unwrap().as_mut())
        && let Some(name) = within(&record.dir, name)
    {
        record.events.push(event(name));
    }
}

fn within(dir: &Path, path: &str) -> Option<String> {
    let name = Path::new(path).strip_prefix(dir).ok()?;
    Some(name.to_string_lossy().into_owned())
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    unsafe {
        let usual = USUAL.load(Ordering::SeqCst);
        (*inner(file)).pMethods = std::ptr::null();
        let code = (*usual).xOpen.unwrap()(usual, name, inner(file), flags, out);
        let ours = file.cast::<Recorded>();
        let text = (!name.is_null()).then(|| CStr::from_ptr(name).to_string_lossy().into_owned());
        (*ours).name = text.map_or(std::ptr::null(), |text| {
            std::ptr::from_ref(Box::leak(Box::new(text)))
        });
        let opened = !(*inner(file)).pMethods.is_null();
        (*ours).base.pMethods = if opened { &METHODS } else { std::ptr::null() };
        code
    }
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, durable: c_int) -> c_int {
    unsafe {
        let usual = USUAL.load(Ordering::SeqCst);
        let code = (*usual).xDelete.unwrap()(usual, name, durable);
        let text = CStr::from_ptr(name).to_string_lossy().into_owned();
        if let Some(record) = RECORD.lock().unwrap().as_mut()
            && code == ffi::SQLITE_OK
            && let Some(file) = within(&record.dir, &text)
        {
            record.events.push(Event::Delete { file: file.clone() });
            if durable != 0 {
                record.events.push(Event::Sync { file });
            }
        }
        code
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    length: c_int,
    at: sqlite3_int64,
) -> c_int {
    unsafe {
        let count = usize::try_from(length).unwrap();
        let octets = std::slice::from_raw_parts(from.cast::<u8>(), count).to_vec();
        let start = usize::try_from(at).unwrap();
        happened(file, |file| Event::Write {
            file,
            at: start,
            octets,
        });
        usual_methods(file).xWrite.unwrap()(inner(file), from, length, at)
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    unsafe {
        let length = usize::try_from(size).unwrap();
        happened(file, |file| Event::Truncate { file, length });
        usual_methods(file).xTruncate.unwrap()(inner(file), size)
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    unsafe {
        if RECORD.lock().unwrap().is_none() {
            // What is left is only looked at, and soon thrown away.
            return ffi::SQLITE_OK;
        }
        let code = usual_methods(file).xSync.unwrap()(inner(file), flags);
        happened(file, |file| Event::Sync { file });
        code
    }
}

/// Passes a call on to the usual VFS.
macro_rules! passed_on {
    ($($name:ident = $method:ident ( $($value:ident : $type:ty),* ) $(-> $answer:ty)?;)*) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file, $($value: $type),*) $(-> $answer)? {
            unsafe { usual_methods(file).$method.unwrap()(inner(file), $($value),*) }
        }
    )*};
}

passed_on! {
    close = xClose() -> c_int;
    read = xRead(to: *mut c_void, length: c_int, at: sqlite3_int64) -> c_int;
    file_size = xFileSize(size: *mut sqlite3_int64) -> c_int;
    lock = xLock(level: c_int) -> c_int;
    unlock = xUnlock(level: c_int) -> c_int;
    check_reserved_lock = xCheckReservedLock(answer: *mut c_int) -> c_int;
    file_control = xFileControl(op: c_int, value: *mut c_void) -> c_int;
    sector_size = xSectorSize() -> c_int;
    device_characteristics = xDeviceCharacteristics() -> c_int;
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void) -> c_int;
    shm_lock = xShmLock(from: c_int, count: c_int, flags: c_int) -> c_int;
    shm_barrier = xShmBarrier();
    shm_unmap = xShmUnmap(delete: c_int) -> c_int;
}
