//! Work on many things at once, where the feature `parallel` is on and there are enough of them for it to pay.

/// From how many images on threads are worth their start.
#[cfg(feature = "parallel")]
const WORTH_IT: usize = 500;

/// Makes something of each, in their order.
pub(crate) fn map<T: Send, U: Send>(things: Vec<T>, make: impl Fn(T) -> U + Sync + Send) -> Vec<U> {
    #[cfg(feature = "parallel")]
    if things.len() >= WORTH_IT {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        return things.into_par_iter().map(make).collect();
    }
    things.into_iter().map(make).collect()
}

/// Makes something of each of a few, each of which looks at so many images.
pub(crate) fn map_over<T: Send, U: Send>(
    things: Vec<T>,
    images: usize,
    make: impl Fn(T) -> U + Sync + Send,
) -> Vec<U> {
    #[cfg(feature = "parallel")]
    if images >= WORTH_IT {
        use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
        // Some rules take many times as long as others, so whoever is idle takes the next one.
        return things.into_par_iter().with_max_len(1).map(make).collect();
    }
    let _ = images;
    things.into_iter().map(make).collect()
}
