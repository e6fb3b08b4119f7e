//! Memory: how many bytes this thread has allocated and not freed, for tests of what is bounded.
//!
//! Owns the allocator of the test program. It counts for each thread, so that tests beside each
//! other do not meet; a test that asks runs on one thread.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
}

/// Bytes allocated less bytes freed on this thread; what it freed for another counts as well.
pub fn held() -> isize {
    HELD.get()
}

fn count(bytes: usize, sign: isize) {
    // A thread that is ending has no count any more.
    let _ = HELD.try_with(|held| held.set(held.get() + sign * bytes as isize));
}

// SAFETY: everything is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(layout.size(), -1);
        unsafe { System.dealloc(memory, layout) }
    }
}
