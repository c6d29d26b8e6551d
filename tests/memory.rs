//! A plain typed entity takes at most 200 bytes, index and all, in a layer that was just opened.
//!
//! One test in a binary of its own: the allocator counts for the whole process. `cargo bench --bench layer` prints the
//! figures for 100,000 annotations, mixed ones too.

#[path = "../benches/generate/mod.rs"]
mod generate;

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

#[test]
fn a_plain_entity_takes_at_most_200_bytes() {
    let text = generate::article(1 << 20, 1);
    // The second count is where the table of ids has just doubled.
    for count in [10_000, 60_000, 100_000] {
        let before = ALLOCATOR.current_usage();
        let layer = generate::entities(&text, count, 2);
        let held = ALLOCATOR.current_usage() - before;
        assert_eq!(layer.len(), count);
        assert!(held <= 200 * count, "{count} annotations hold {held} bytes, {} each", held / count);
    }
}
