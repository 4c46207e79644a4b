"""Near-duplicates: what is alike, groups and their representative, in any order and bit by bit."""

import random

import pytest

from dateline.records import Article
from dateline.sources.duplicates import MIN_WORDS, SIZE, VERSION, bands, groups, member_of, neighbourhood, signature, similar, similarity

SENTENCES = [
    f"{who} told {whom} in {where} on {day} that the {what} would be signed before the end of the month."
    for who, whom, where, day, what in zip(
        ["The minister", "A spokesman", "The envoy", "The president", "An official", "The chancellor", "The mayor", "The general", "The judge", "The premier"],
        ["reporters", "parliament", "the council", "farmers", "the court", "students", "the union", "troops", "lawyers", "voters"],
        ["Lisbon", "Madrid", "Quito", "Lima", "Bern", "Vienna", "Oslo", "Rome", "Dublin", "Ottawa"],
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "March 3", "April 4", "May 5"],
        ["treaty", "pact", "accord", "charter", "protocol", "deal", "contract", "lease", "order", "act"],
        strict=True,
    )
]
COPY = " ".join(SENTENCES)
SIGNATURE_HEAD = "004e96b2009645d8"  # of COPY; another value means that stored signatures no longer compare: raise VERSION


def article(key, text=COPY, published="2024-03-05"):
    return Article(key, text, published, source=key)


def test_agency_copy_with_small_changes_is_alike_and_other_news_is_not():
    longer = "LISBON (Agency) - " + COPY + " More to follow from our desk."
    cut = " ".join(SENTENCES[:9])
    other = " ".join(reversed([s.replace("signed", "debated").replace("month", "year") for s in SENTENCES[:5]]))
    assert similar(signature(COPY), signature(longer))
    assert similar(signature(COPY), signature(cut))
    assert similar(signature(COPY), signature(COPY.upper()))
    assert not similar(signature(COPY), signature(other))


def test_what_came_out_more_than_a_week_apart_is_not_agency_copy():
    assert similar(signature(COPY, "2024-03-05"), signature(COPY + " More.", "2024-03-12T10:00:00Z"))
    assert not similar(signature(COPY, "2024-03-05"), signature(COPY + " More.", "2024-03-13"))
    assert similar(signature(COPY, "2024-03-05"), signature(COPY + " More."))


def test_one_outlet_that_prints_an_old_form_days_later_tells_something_new():
    first, again = signature(COPY, "2024-03-05", "Example Times"), signature(COPY + " More.", "2024-03-06", "Example Times")
    later, other = (signature(COPY + " More.", "2024-03-08", source) for source in ("EXAMPLE Times", "Daily Example"))
    assert similar(first, again)
    assert not similar(first, later)
    assert similar(first, other)
    assert similar(first, signature(COPY + " More.", None, "Example Times"))


def test_a_digest_that_holds_the_whole_story_among_others_is_not_alike():
    others = " ".join(s.replace("told", f"wrote{n}").replace("signed", f"sung{n}") for n in range(3) for s in SENTENCES)
    assert not similar(signature(COPY), signature(f"{COPY} {others}"))


def test_one_form_filled_in_twice_is_not_alike():
    form = (
        "The president has sent a letter to both houses about the accession of {} to the treaty, with the report that the law asks for. "
        "The report sets out what {} brings to the alliance, what it costs, and how each ally voted in its own parliament. It goes to the committees "
        "on foreign relations and on the budget, which have sixty days to answer it in writing."
    )
    assert not similar(signature(form.format("Finland", "Finland")), signature(form.format("Sweden", "Sweden")))


def test_short_texts_are_compared_exactly_only():
    assert signature("word " * (MIN_WORDS - 1)) is None
    assert bands(None) == ()
    short = [article("a", "NATO meets in Vilnius."), article("b", "NATO  meets in Vilnius."), article("c", "NATO meets in Madrid.")]
    (group,) = groups(map(member_of, short))
    assert [m.key for m in group.members] == [member_of(a).key for a in short[:2]]


def test_signatures_are_the_same_on_every_machine():
    assert signature(COPY)[:9].hex() == f"{VERSION:02x}{SIGNATURE_HEAD}"
    assert len(signature(COPY)) == SIZE
    assert len(bands(signature(COPY))) == 32


def test_a_signature_of_another_version_is_like_nothing():
    earlier = bytes([VERSION + 1]) + signature(COPY)[1:]
    assert not similar(earlier, earlier)
    assert not similar(signature(COPY), earlier)
    assert not similar(signature(COPY)[1:], signature(COPY)[1:])  # as before there were versions


def test_the_representative_is_the_earliest_then_the_smallest_key():
    members = [
        member_of(article("b", published=None)),
        member_of(article("d", published="2024-03-06")),
        member_of(article("c", published="2024-03-05T23:00:00Z")),
    ]
    members.append(member_of(article("a", published="2024-03-05")))
    (group,) = groups(members)
    assert group.representative.key == members[3].key
    assert len(group.members) == 4


@pytest.mark.parametrize("seed", range(5))
def test_groups_do_not_depend_on_order_and_grow_bit_by_bit(seed):
    articles = [article(f"k{n}", " ".join(SENTENCES[: 10 - n % 3]) + f" Page {n}." * (n % 2)) for n in range(6)]
    articles += [article(f"x{n}", " ".join(s.replace("signed", f"word{n}").replace("told", f"verb{n}") for s in SENTENCES)) for n in range(3)]
    members = [member_of(a) for a in articles]
    whole = groups(members)
    random.Random(seed).shuffle(members)
    assert groups(members) == whole
    stored, found = [], {}
    for member in members:
        near = neighbourhood([member], lambda digests, keys, stored=stored: [m for m in stored if m.digest in digests or set(bands(m.signature)) & set(keys)])
        stored.append(member)
        found |= {m.key: group for group in groups(near) for m in group.members}
    assert {key: {m.key for m in group.members} for key, group in found.items()} == {m.key: {n.key for n in g.members} for g in whole for m in g.members}


def test_similarity_is_symmetric_and_one_for_itself():
    one, other = signature(COPY), signature(" ".join(SENTENCES[:8]))
    assert similarity(one, one) == 1.0
    assert similarity(one, other) == similarity(other, one)
