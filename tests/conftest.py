"""How hard hypothesis looks: a little on a laptop, more in CI (where the variable CI is set)."""

import os

from hypothesis import HealthCheck, settings

# Time per example says nothing about a derivative, and two cores under load are slow.
settings.register_profile("dev", deadline=None, max_examples=20)
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,  # a change is judged by what it changes, not by the day's luck
    # A choice of time: with 50 the rows of all of NumPy take a quarter of an hour under coverage.
    max_examples=int(os.environ.get("EXAMPLES", "12")),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
