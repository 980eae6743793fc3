# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The dead time: what is derived is the least that is not below what was asked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import ADVERTS, MOST_ROUTERS, UNFIT, adverts_for, exact_dead_time, priorities

from .samples import INVENTORY, MINIMAL, changed

intervals = st.integers(1, 4095).map(lambda steps: steps / 100)


@pytest.mark.parametrize(
    ("interval", "asked", "adverts", "effective"),
    [
        (1.0, None, 3, 3.609),
        (1.0, 3.6, 3, 3.609),
        (1.0, 3.62, 4, 4.609),
        (0.5, 2, 4, 2.305),
        (0.2, 0.7, 3, 0.722),
        (0.1, 0.17, 2, 0.261),
        (6.0, 18, 3, 21.656),
        (1.0, 100.6, 100, 100.609),
    ],
)
def test_examples(interval: float, asked: float | None, adverts: int, effective: float) -> None:
    cluster, problems = normalise(changed(MINIMAL, {"heartbeat": {"interval": interval, "dead_time": asked}}), INVENTORY)
    assert cluster, problems
    beat = cluster["heartbeat"]
    assert (beat["down_timer_adverts"], beat["effective_dead_time"], beat["dead_time"]) == (adverts, effective, asked)
    if asked and effective > asked:
        assert "rounded up to %d missed heartbeat" % adverts in cluster["derived"]["heartbeat.effective_dead_time"]


@settings(deadline=None)
@given(interval=intervals, asked=st.integers(1, 450000).map(lambda steps: steps / 100))
def test_least_that_is_enough(interval: float, asked: float) -> None:
    adverts = adverts_for(asked, interval)
    if adverts is None:
        assert asked < exact_dead_time(ADVERTS[0], interval) or asked > exact_dead_time(ADVERTS[1], interval)
        return
    assert ADVERTS[0] <= adverts <= ADVERTS[1]
    assert exact_dead_time(adverts, interval) >= asked - 1e-6
    assert adverts == ADVERTS[0] or exact_dead_time(adverts - 1, interval) < asked


@settings(deadline=None)
@given(interval=intervals, asked=st.integers(1, 450000).map(lambda steps: steps / 100))
def test_the_range_in_the_remedy_is_right(interval: float, asked: float) -> None:
    """Both ends of the range that a refusal names are accepted."""
    _cluster, problems = normalise(changed(MINIMAL, {"heartbeat": {"interval": interval, "dead_time": asked}}), INVENTORY)
    for problem in problems:
        words = problem.remedy.replace(",", "").split()
        for bound in (float(words[1]), float(words[3])):
            assert adverts_for(bound, interval), (interval, bound)


@pytest.mark.parametrize(
    ("given", "path", "message", "remedy"),
    [
        ({"fail_back": False, "ping_targets": ["192.0.2.1"]}, "ping_targets", "without fail-back the addresses stay where they are", "give fail_back: true"),
        ({"link_tracking": {"down_delay": 2}}, "link_tracking.down_delay", "2 s is not below the time of the missed heartbeats", "give less than 2"),
        ({"link_tracking": {"enabled": False, "up_delay": 2}}, "link_tracking.up_delay", "has no meaning where the links do not count", "leave it out"),
        ({"watchdog": 1}, "watchdog", "1 is not a time that can be used here", "give 10 to 600 seconds"),
        ({"ping_targets": ["2001:db8::1"]}, "ping_targets[0]", "2001:db8::1", "IPv4"),
    ],
)
def test_refused(given: dict[str, object], path: str, message: str, remedy: str) -> None:
    _cluster, problems = normalise(changed(MINIMAL, {"heartbeat": given}), INVENTORY)
    (problem,) = problems
    assert problem.path == f"heartbeat.{path}"
    assert message in problem.message
    assert remedy in problem.remedy


def test_links_may_be_left_out_of_account() -> None:
    cluster, problems = normalise(changed(MINIMAL, {"heartbeat": {"link_tracking": False}}), INVENTORY)
    assert cluster, problems
    assert cluster["heartbeat"]["link_tracking"] == {"enabled": False, "down_delay": 0, "up_delay": 0}


@pytest.mark.parametrize("number", range(2, MOST_ROUTERS + 1))
def test_routers_keep_their_order_fit_or_not(number: int) -> None:
    """Whoever is not fit comes after all that are, whoever is preferred before all that are not; each in the order of the definition."""
    fit = priorities(number)
    preferred = [priority + 100 for priority in fit]
    order = preferred + fit + [priority - UNFIT for priority in fit]
    assert order == sorted(order, reverse=True)
    assert len(set(order)) == len(order)
    assert 1 <= min(order) and max(order) <= 254
    # Two that wait are no less than a twentieth of an interval apart (RFC 5798, skew time).
    assert all(before - after >= 12 for before, after in zip(fit, fit[1:]))
