"""What becomes of memory that is freed."""

import numpy as np

# The largest array that glibc takes as a hint: DEFAULT_MMAP_THRESHOLD_MAX, less a few pages.
HINT_BYTES = 2**25 - 2**14


def keep_freed_memory() -> None:
    """Let glibc, the C library of most Linux systems, keep up to 64 MB that were freed.

    A walk frees what recording kept, and the next step of training wants as much again. To have it
    from the system each time, page by page, takes as long as the arithmetic. glibc stops asking
    once a program has freed one large array, touched or not: see "Dynamic adjustment of the mmap
    threshold" in mallopt(3). Elsewhere, and where the user has set a threshold, nothing changes.
    """
    np.empty(HINT_BYTES, np.uint8)
