"""Progress: a bar if tqdm is there, a line for each epoch if not."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

Advance = Callable[[str], Any]
"""Called after each batch with a text."""


@contextmanager
def progress_bar(total: int | None, initial: int = 0) -> Iterator[Advance]:
    """Show tqdm's bar; give the function that takes it a step further with a text.

    Raises
    ------
    ImportError
        If tqdm is not installed.
    """
    from tqdm import tqdm

    with tqdm(
        total=total, initial=initial, unit="step", dynamic_ncols=True, mininterval=0.2
    ) as bar:

        def advance(text: str) -> None:
            bar.set_postfix_str(text, refresh=False)
            bar.update()

        yield advance


@contextmanager
def shown(
    progress: bool | Advance, total: int | None, initial: int
) -> Iterator[tuple[Advance | None, Advance | None]]:
    """Give functions to call after each batch and after each epoch with a text, if there are."""
    if callable(progress):
        yield progress, None
        return
    if not progress:
        yield None, None
        return
    with ExitStack() as stack:
        advance: Advance | None = None
        with suppress(ImportError):
            advance = stack.enter_context(progress_bar(total, initial))
        if advance is None:
            yield None, _printed
        else:
            yield advance, None


def _printed(text: str) -> None:
    """Show a line where tqdm would show its bar."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - that is what it is for
