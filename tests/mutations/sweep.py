"""Takes the filters away, one after the other, while the calls that come across them are made."""

import logging
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Container, Iterator
from contextlib import contextmanager

from tests.mutations.answers import Asking
from tests.mutations.apart import reason
from tests.mutations.calls import Call, api_calls
from tests.mutations.filters import Switches, filters
from tests.mutations.further import further_calls
from tests.mutations.pages import page_calls
from tests.mutations.worlds import Worlds

# A call, and what it is usually answered.
Work = tuple[Call, str]
_asking: Asking
_switches: Switches


def sweep(
    prepared: str,
    switches: Switches,
    chosen: list[int],
    processes: int,
    *,
    only_further: bool = False,
) -> int:
    """Take each chosen filter away; 1 if anything leaked. What is found is printed."""
    began = time.monotonic()
    logging.disable(logging.CRITICAL)
    with _worlds(prepared, processes) as worlds:
        calls = _calls(worlds, only_further)
        worlds.leave()
        # Each process has worlds of its own, so that none waits for another's transactions.
        numbers = multiprocessing.get_context("fork").Value("i", 0)
        fork = multiprocessing.get_context("fork").Pool
        with fork(processes, initializer=_begin, initargs=(worlds, switches, numbers)) as pool:
            try:
                return _told(pool, calls, chosen, began)
            finally:
                pool.close()
                pool.join()


@contextmanager
def _worlds(prepared: str, copies: int) -> Iterator[Worlds]:
    worlds = Worlds(prepared)
    try:
        yield worlds
    finally:
        worlds.end(copies)


def _calls(worlds: Worlds, only_further: bool) -> list[Call]:
    asking = Asking(worlds, Switches())
    calls = list(further_calls(worlds))
    if not only_further:
        calls += api_calls(worlds)
        calls += page_calls(worlds, lambda call: asking.ask(call, worlds.alone).response)
    return list(dict.fromkeys(calls))


def _begin(worlds: Worlds, switches: Switches, numbers: "multiprocessing.Value[int]") -> None:
    global _asking, _switches
    with numbers.get_lock():
        numbers.value += 1
        worlds.copy(str(numbers.value))
    _switches = switches
    _asking = Asking(worlds, switches)


def _told(
    pool: "multiprocessing.pool.Pool", calls: list[Call], chosen: list[int], began: float
) -> int:
    met: dict[int, dict[tuple[str, ...], Work]] = defaultdict(dict)
    differing = 0
    for call, trouble, usual, seen in pool.imap_unordered(_asked, calls, chunksize=20):
        if trouble:
            differing += 1
            print(f"with every filter in place: {call}\n     {trouble}", flush=True)
        for number in () if trouble else seen:
            # Of credentials that reach the same rows, one is enough.
            met[number].setdefault(call.wanted, (call, usual))
    print(
        f"{len(calls)} calls come across {len(met)} of {len(filters())} filters; "
        f"{sum(map(len, met.values()))} calls to make without one",
        flush=True,
    )
    work = [(n, list(met[n].values())) for n in chosen if n in met]
    work.sort(key=lambda one: -len(one[1]))
    leaks = 0
    for number, made, leak in pool.imap_unordered(_taken_away, work):
        leaks += bool(leak)
        verdict = "LEAKED" if leak else "held"
        print(f"{number:>4} {verdict:<7}{filters()[number]}  ({made} calls)", flush=True)
        if leak:
            print(f"     {leak}", flush=True)
    missed = _missed(chosen, met)
    print(
        f"{len(work)} filters taken away one by one, {leaks} leaked; {missed} unmet"
        f" ({time.monotonic() - began:.0f} s)"
    )
    return 1 if leaks or differing or missed else 0


def _missed(chosen: list[int], met: Container[int]) -> int:
    """Say which filters no call came across, and by whom they are met; how many are not accounted
    for."""
    missed = 0
    for number in chosen:
        one, why = filters()[number], reason(filters()[number])
        if number not in met:
            missed += not why
            print(f"{number:>4} {'apart' if why else 'no call':<7}{one}  {why}", flush=True)
        elif why:
            missed += 1
            print(f"{number:>4} is met by calls, and said to be apart: {one}", flush=True)
    return missed


def _asked(call: Call) -> tuple[Call, str, str, set[int]]:
    """A call with all filters in place: what is wrong with it, its answer, the filters it met."""
    trouble, answer = _asking.trouble(call)
    return call, trouble, answer.digest, answer.met


def _taken_away(work: tuple[int, list[Work]]) -> tuple[int, int, str]:
    """A filter, how many calls were made without it, and what leaked."""
    number, calls = work
    _switches.taken_away = number
    try:
        for made, (call, usual) in enumerate(calls, 1):
            trouble, _ = _asking.trouble(call, usual)
            if trouble:
                return number, made, f"{call}\n     {trouble}"
    finally:
        _switches.taken_away = None
    return number, len(calls), ""
