"""The hash chain without a database: what it accepts and what it calls broken."""

from dataclasses import replace
from hashlib import sha256

import pytest

from cases.rules.chain import GENESIS, Link, digest, first_break


def chain(length: int) -> list[Link]:
    links, previous = [], GENESIS
    for seq in range(1, length + 1):
        content = {"seq": seq, "code": "note.added"}
        links.append(Link(seq, content, previous, digest(previous, content)))
        previous = links[-1].hash
    return links


@pytest.mark.parametrize("length", [0, 1, 2, 50])
def test_sound_chain_has_no_break(length):
    assert first_break(chain(length)) is None


def test_digest_does_not_depend_on_the_order_of_keys():
    assert digest(GENESIS, {"a": 1, "b": {"c": 2, "d": 3}}) == digest(GENESIS, {"b": {"d": 3, "c": 2}, "a": 1})


def test_digest_depends_on_content_and_predecessor():
    digests = {digest(GENESIS, {"a": 1}), digest(GENESIS, {"a": 2}), digest("1" * 64, {"a": 1}), digest(GENESIS, {})}
    assert len(digests) == 4


def test_digest_is_the_sha256_of_a_form_that_never_changes():
    written = f'{GENESIS}\n{{"a":[1,null],"ü":"ß"}}'
    assert digest(GENESIS, {"ü": "ß", "a": [1, None]}) == sha256(written.encode()).hexdigest()


def test_changed_content_is_found():
    links = chain(5)
    links[2] = replace(links[2], content={"seq": 3, "code": "case.closed"})
    assert first_break(links) == (3, "Eintrag 3 wurde verändert")


def test_changed_content_with_a_new_hash_is_found_at_the_next_entry():
    links = chain(5)
    content = {"seq": 3, "code": "case.closed"}
    links[2] = replace(links[2], content=content, hash=digest(links[2].previous, content))
    assert first_break(links) == (4, "Eintrag 4 schließt nicht an seinen Vorgänger an")


@pytest.mark.parametrize(("removed", "found"), [(1, 2), (3, 4)])
def test_removed_entry_is_found(removed, found):
    links = chain(5)
    del links[removed - 1]
    assert first_break(links) == (removed, f"Eintrag {removed} fehlt, gefunden wurde {found}")


def test_swapped_entries_are_found():
    links = chain(5)
    links[1], links[2] = links[2], links[1]
    assert first_break(links) == (2, "Eintrag 2 fehlt, gefunden wurde 3")


def test_entry_that_stands_twice_is_found():
    links = chain(5)
    links.insert(2, links[1])
    assert first_break(links) == (3, "Eintrag 3 fehlt, gefunden wurde 2")


def test_entries_are_read_one_after_the_other():
    """A log of ten years does not fit into memory: nothing is read past the break."""
    links = iter(chain(5)[1:])
    assert first_break(links) == (1, "Eintrag 1 fehlt, gefunden wurde 2")
    assert next(links).seq == 3
