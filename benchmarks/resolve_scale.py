"""Resolve many reports with known truth: time, growth, the cost of adding one article, and accuracy.

    python benchmarks/resolve_scale.py [--reports 100000] [--seed 1]

The generator makes events of the four types over three years (most told by one article, some by dozens), with actors from a made-up cast of
people, ministries and states; every report tells its event in its own words, under one of several names, with noise in the dates. All
counts are printed; the process time of one core is what the bounds are about, wall time stands beside it.
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from dateline.records import Event, Evidence, Participant, Place, Report, ReportKey
from dateline.resolve import blocking_keys, neighbourhood, resolve
from dateline.resolve.text import lexicon
from dateline.resources import resources_for

FIRST_DAY = date(2021, 1, 1)
DAYS = 3 * 365
SIZES = ((1, 0.62), (2, 0.16), (3, 0.08), (5, 0.06), (8, 0.04), (15, 0.03), (40, 0.01))
TYPES = (("statement", 0.68), ("meeting", 0.18), ("agreement", 0.10), ("summit", 0.04))
OUTLETS = [f"outlet-{i}" for i in range(120)]
ENDINGS = ["bren", "dal", "kov", "mir", "sten", "tor", "vel", "nik"]
SYLLABLES = [f"{c}{v}" for c, v in zip("bcdfghjklmnprstvwxyz", "aeiouaeiouaeiouaeiou", strict=True)] + ENDINGS


class World:
    """A cast of actors, a vocabulary and a way to tell the same event twice."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        states = [row for row in resources_for().table("countries.tsv") if row["country"] and row["historic"] == "no"]
        self.states = [(row["name"], row["country"]) for row in states]
        self.weights = [1 / (1 + i) ** 0.7 for i in range(len(self.states))]
        numbers = lexicon().plain["number"]
        self.words = [
            row["stem"]
            for row in resources_for().table("resolve_words.tsv")
            if 30 <= float(row["per_10000"]) <= 600 and not row["stem"].isdigit() and row["stem"] not in numbers
        ]
        self.people = {code: [self.name() for _ in range(12)] for _, code in self.states}
        self.cities = {code: [self.word().capitalize() for _ in range(3)] for _, code in self.states}
        self.rare = [self.word() for _ in range(4000)]

    def word(self) -> str:
        """Return a made-up word."""
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4)))

    def name(self) -> str:
        """Return a made-up person."""
        return f"{self.word().capitalize()} {self.word().capitalize()}"

    def state(self) -> tuple[str, str]:
        """Return a state and its code, the first ones most often."""
        return self.random.choices(self.states, self.weights)[0]


class Truth:
    """One real-world event: who, when, where, and the words that matter in it."""

    def __init__(self, world: World) -> None:
        pick = world.random
        self.type = pick.choices([t for t, _ in TYPES], [w for _, w in TYPES])[0]
        self.day = FIRST_DAY + timedelta(days=pick.randrange(DAYS))
        sides = 1 if self.type == "statement" else pick.choice((2, 2, 2, 3))
        self.states = list({s[1]: s for s in (world.state() for _ in range(sides + 1))}.values())[:sides]
        self.people = [(pick.choice(world.people[code]), code) for _, code in self.states]
        host = pick.choice(self.states)[1]
        self.city = (pick.choice(world.cities[host]), host)
        self.core = pick.sample(world.words, 6) + pick.sample(world.rare, 2)
        self.quoted = " ".join(pick.sample(world.words, 6))
        self.size = pick.choices([s for s, _ in SIZES], [w for _, w in SIZES])[0]


def tell(world: World, truth: Truth, number: int, article: int) -> Report:
    """Return one outlet's report of an event: part of its words, one of its actors' names, a date that may be off."""
    pick = world.random
    told = pick.sample(truth.core, pick.randint(5, len(truth.core)))
    filler = pick.sample(world.words, 3)
    text = " ".join(pick.sample(told + filler, len(told) + 3))
    quote = f'"{truth.quoted}," the {text}, it was said.' if pick.random() < 0.4 else f"The {text}, it was said."
    start, basis, published = dated(world, truth)
    role = "speaker" if truth.type == "statement" else "party"
    place = Place(truth.city[0], country=truth.city[1]) if truth.type != "statement" and pick.random() < 0.7 else None
    return Report(
        report_id=f"r{number:07d}",
        key=ReportKey(f"a{article:07d}", 0),
        event=Event(
            type=truth.type,
            start=start,
            end=start,
            precision="day" if start else "none",
            basis=basis,
            status="occurred",
            participants=tuple(actor(world, truth, i, role) for i in range(len(truth.states))),
            evidence=(Evidence(0, 4, "said", (0, len(quote)), quote),),
            place=place,
            confidence=0.8,
            rules=("generated",),
        ),
        source=pick.choice(OUTLETS),
        published=published,
        article_title=" ".join(pick.sample(truth.core, 3)),
    )


def actor(world: World, truth: Truth, index: int, role: str) -> Participant:
    """Return a side as a person by full name or surname, or as the state."""
    (state, code), (person, _) = truth.states[index], truth.people[index]
    chance = world.random.random()
    if chance < 0.55:
        return Participant(person, role, "person", code)
    if chance < 0.75:
        return Participant(person.split()[-1], role, "person", code)
    return Participant(state, role, "state", code)


def dated(world: World, truth: Truth) -> tuple[date | None, str, date]:
    """Return the day told, its basis and the day of publication."""
    chance = world.random.random()
    late = world.random.choice((0, 0, 1))
    if chance < 0.6:
        return truth.day, "explicit", truth.day + timedelta(days=late)
    if chance < 0.75:
        return truth.day, "relative", truth.day + timedelta(days=1)
    if chance < 0.95:
        return truth.day + timedelta(days=late), "published", truth.day + timedelta(days=late)
    return None, "none", truth.day + timedelta(days=late)


def generate(count: int, seed: int) -> tuple[list[Report], dict[str, int]]:
    """Return about `count` reports in random order, and the event of each."""
    world = World(seed)
    reports: list[Report] = []
    truth: dict[str, int] = {}
    for event in itertools.count():
        if len(reports) >= count:
            break
        one = Truth(world)
        for _ in range(min(one.size, count - len(reports))):
            report = tell(world, one, len(reports), len(reports))
            reports.append(report)
            truth[report.report_id] = event
    world.random.shuffle(reports)
    return reports, truth


def accuracy(groups: Sequence[Sequence[str]], truth: dict[str, int]) -> str:
    """Return pairwise precision and recall."""
    joined = sum(len(g) * (len(g) - 1) // 2 for g in groups)
    hit = sum(n * (n - 1) // 2 for g in groups for n in Counter(truth[r] for r in g).values())
    linked = sum(n * (n - 1) // 2 for n in Counter(truth.values()).values())
    return f"pairs P {hit / max(1, joined):.3f} R {hit / max(1, linked):.3f} ({linked} linked, {joined} joined)"


class Store:
    """What the database does for `neighbourhood`: reports by stored key."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self.index: dict[str, list[Report]] = defaultdict(list)
        for report in reports:
            for key in blocking_keys(report):
                self.index[key].append(report)

    def fetch(self, keys: frozenset[str]) -> list[Report]:
        """Return the reports stored under one of the keys."""
        found = {r.report_id: r for key in keys for r in self.index.get(key, ())}
        return list(found.values())


def main() -> None:
    """Print one line a size, then the cost of adding an article to the largest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for count in (options.reports // 8, options.reports // 4, options.reports // 2, options.reports):
        reports, truth = generate(count, options.seed)
        wall, cpu = time.perf_counter(), time.process_time()
        events = resolve(reports).events
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        groups = [[r.report_id for r in e.reports] for e in events]
        rate = 1e6 * cpu / count
        print(
            f"{count} reports: {cpu:.1f} s of one core ({wall:.1f} s wall), {rate:.0f} us a report, {len(events)} events, {accuracy(groups, truth)}", flush=True
        )
    add_articles(reports)


def add_articles(reports: list[Report], *, tries: int = 30) -> None:
    """Print what adding one article of up to five reports costs: finding its neighbourhood and resolving that."""
    store = Store(reports[5 * tries :])
    costs, sizes = [], []
    for i in range(tries):
        article = reports[5 * i : 5 * i + 5]
        begin = time.process_time()
        near = neighbourhood(article, store.fetch)
        resolve(near)
        costs.append(time.process_time() - begin)
        sizes.append(len(near))
    costs.sort()
    keys = sum(len(blocking_keys(r)) for r in reports[:1000]) / 1000
    print(
        f"adding one article of five reports: median {costs[len(costs) // 2]:.3f} s, worst {costs[-1]:.3f} s; "
        f"neighbourhoods of {min(sizes)} to {max(sizes)} reports; {keys:.1f} keys a report"
    )


if __name__ == "__main__":
    main()
