//! Parallel work, if the feature `parallel` is enabled and there are enough items to benefit.

/// The number of images from which threads are worthwhile.
#[cfg(feature = "parallel")]
const WORTH_IT: usize = 500;

/// Maps items in order.
pub(crate) fn map<T: Send, U: Send>(things: Vec<T>, make: impl Fn(T) -> U + Sync + Send) -> Vec<U> {
    #[cfg(feature = "parallel")]
    if things.len() >= WORTH_IT {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        return things.into_par_iter().map(make).collect();
    }
    things.into_iter().map(make).collect()
}

/// Maps a few items, each of which processes many images.
pub(crate) fn map_over<T: Send, U: Send>(
    things: Vec<T>,
    images: usize,
    make: impl Fn(T) -> U + Sync + Send,
) -> Vec<U> {
    #[cfg(feature = "parallel")]
    if images >= WORTH_IT {
        use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
        // Some rules take much longer than others, so idle threads take the next one.
        return things.into_par_iter().with_max_len(1).map(make).collect();
    }
    let _ = images;
    things.into_iter().map(make).collect()
}
