"""Sealed tokens: they come back as they were, say nothing, and nobody but us can make one."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from incidents.publication.sealing import NotSealed, seal, unseal

PURPOSES = st.sampled_from(["changes", "cursor.newest"])


@given(st.binary(max_size=200), PURPOSES)
def test_what_was_sealed_comes_back(content: bytes, purpose: str) -> None:
    token = seal(content, purpose)

    assert (unseal(token, purpose), seal(content, purpose)) == (content, token)


@given(st.binary(max_size=60), st.data())
def test_a_token_with_one_sign_changed_is_refused(content: bytes, data: st.DataObject) -> None:
    token = seal(content, "changes")
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.sampled_from("ABCxyz019-_ =.é\x00").filter(lambda sign: sign != token[place]))

    with pytest.raises(NotSealed):
        unseal(token[:place] + sign + token[place + 1 :], "changes")


@given(st.text(max_size=100))
def test_a_made_up_token_is_refused(text: str) -> None:
    with pytest.raises(NotSealed):
        unseal(text, "changes")


def test_a_token_for_one_purpose_is_none_for_another() -> None:
    with pytest.raises(NotSealed):
        unseal(seal(b"1", "changes"), "cursor.newest")


@given(st.integers(0, 2**40))
def test_neighbours_have_nothing_in_common(number: int) -> None:
    one, two = (base64.urlsafe_b64decode(seal(struct.pack(">Q", n), "changes") + "==") for n in (number, number + 1))

    assert struct.pack(">Q", number)[-4:] not in one
    assert sum(a != b for a, b in zip(one, two, strict=True)) > len(one) // 2


def test_tokens_outlive_the_secret_as_long_as_it_is_kept_for_them(settings: Settings) -> None:
    old = seal(b"1", "changes")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another secret", [settings.SECRET_KEY]

    assert unseal(old, "changes") == b"1"
    assert seal(b"1", "changes") != old

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(NotSealed):
        unseal(old, "changes")
