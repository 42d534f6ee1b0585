//! A way to step in at the boundaries of an operation.

use app::{Checkpoint, Point};
use std::sync::{Mutex, PoisonError};

type Step = Box<dyn FnMut(Point) + Send>;

/// Does what a test wants when the runner passes a point.
#[derive(Default)]
pub struct Watch(Mutex<Option<Step>>);

impl Watch {
    /// From now on, `step` is called at every point.
    pub fn at_each(&self, step: impl FnMut(Point) + Send + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(step));
    }
}

impl Checkpoint for Watch {
    fn pass(&self, point: Point) {
        // Taken out while it runs: it may end the task that calls it.
        let step = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut step) = step {
            step(point);
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert(step);
        }
    }
}
