"""Sealed boxes and the key store: what is sealed opens with its own key alone, and a destroyed key is gone."""

import os

import pytest
from nacl.public import PrivateKey

from questionnaire import sealing

ANSWERS = {"school_type": "state", "parental_qualification": "no_qualifications"}


@pytest.fixture
def public_key():
    return sealing.make_key()


def key_files(settings) -> list[str]:
    return [path.name for path in settings.KEY_STORE.iterdir()]


def test_what_was_sealed_opens_with_its_key(public_key):
    sealed = sealing.seal(public_key, "online", ANSWERS)
    assert sealing.opener(public_key).open(sealed) == ("online", ANSWERS)


def test_what_was_sealed_does_not_open_with_another_key(public_key):
    sealed = sealing.seal(public_key, "online", ANSWERS)
    with pytest.raises(sealing.CannotOpen):
        sealing.Opener(bytes(PrivateKey.generate())).open(sealed)


def test_what_was_sealed_does_not_open_with_the_public_key(public_key):
    sealed = sealing.seal(public_key, "online", ANSWERS)
    with pytest.raises(sealing.CannotOpen):
        sealing.Opener(public_key).open(sealed)


@pytest.mark.parametrize("position", [0, 40, 500, -1], ids=["start", "box", "middle", "end"])
def test_sealed_answers_with_one_bit_changed_do_not_open(public_key, position):
    sealed = bytearray(sealing.seal(public_key, "online", ANSWERS))
    sealed[position] ^= 1
    with pytest.raises(sealing.CannotOpen):
        sealing.opener(public_key).open(bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"junk", b"\0" * 1072], ids=["nothing", "short", "zeros"])
def test_what_was_never_sealed_does_not_open(public_key, sealed):
    with pytest.raises(sealing.CannotOpen):
        sealing.opener(public_key).open(sealed)


def test_same_answers_sealed_twice_differ(public_key):
    assert sealing.seal(public_key, "online", ANSWERS) != sealing.seal(public_key, "online", ANSWERS)


def test_all_sealed_answers_have_one_length(public_key):
    lengths = {
        len(sealing.seal(public_key, "online", dict.fromkeys(map(str, range(questions)), "yes")))
        for questions in range(30)
    }
    assert lengths == {sealing.PLAIN_LENGTH + 48}


def test_answers_just_as_long_as_the_length_are_sealed(public_key):
    frame = len('{"mode":"online","answers":{"q":""}}')
    answers = {"q": "x" * (sealing.PLAIN_LENGTH - frame)}
    assert sealing.opener(public_key).open(sealing.seal(public_key, "online", answers)) == ("online", answers)


def test_answers_longer_than_the_length_are_refused(public_key):
    frame = len('{"mode":"online","answers":{"q":""}}')
    with pytest.raises(ValueError, match="longer than a sealed response may be"):
        sealing.seal(public_key, "online", {"q": "x" * (sealing.PLAIN_LENGTH - frame + 1)})


def test_longest_interview_of_every_mode_fits(public_key, standard):
    for mode in standard.modes:
        answers = {question.id: max(question.asking(mode.id).codes, key=len) for question in standard.questions}
        assert len(sealing.seal(public_key, mode.id, answers)) == sealing.PLAIN_LENGTH + 48


def test_key_file_and_its_folder_are_for_their_owner_alone(public_key, settings):
    (path,) = settings.KEY_STORE.iterdir()
    assert [found.stat().st_mode & 0o777 for found in (settings.KEY_STORE, path)] == [0o700, 0o600]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for another account")
def test_key_made_by_root_belongs_to_the_owner_of_the_folder_around_it(settings, tmp_path):
    os.chown(tmp_path, 12345, 12345)
    sealing.make_key()
    (path,) = settings.KEY_STORE.iterdir()
    assert [found.stat().st_uid for found in (settings.KEY_STORE, path)] == [12345, 12345]


def test_key_file_is_named_after_the_public_key(public_key, settings):
    assert key_files(settings) == [f"{public_key.hex()}.key"]


def test_two_surveys_have_keys_of_their_own(settings):
    first, second = sealing.make_key(), sealing.make_key()
    assert sorted(key_files(settings)) == sorted([f"{first.hex()}.key", f"{second.hex()}.key"])


def test_destroyed_key_is_gone_and_opens_nothing(public_key, settings):
    assert sealing.destroy_key(public_key) is True
    assert key_files(settings) == []
    with pytest.raises(sealing.KeyMissing):
        sealing.opener(public_key)


def test_destroyed_key_is_overwritten_before_it_is_removed(public_key, settings, tmp_path):
    os.link(settings.KEY_STORE / f"{public_key.hex()}.key", tmp_path / "second-name")
    sealing.destroy_key(public_key)
    assert (tmp_path / "second-name").read_bytes() == bytes(32)


def test_destroying_a_key_again_is_harmless(public_key):
    sealing.destroy_key(public_key)
    assert sealing.destroy_key(public_key) is False


def test_destroying_one_key_keeps_the_others(public_key, settings):
    other = sealing.make_key()
    sealing.destroy_key(public_key)
    assert key_files(settings) == [f"{other.hex()}.key"]


def test_key_that_is_not_in_the_store_is_missing(public_key, settings):
    with pytest.raises(sealing.KeyMissing, match=f"^{settings.KEY_STORE} does not hold this survey’s key.$"):
        sealing.opener(bytes(32))


@pytest.mark.parametrize("content", [b"", b"short", b"k" * 32, b"k" * 33], ids=["empty", "short", "another", "long"])
def test_key_file_that_holds_something_else_is_no_key(public_key, settings, content):
    (settings.KEY_STORE / f"{public_key.hex()}.key").write_bytes(content)
    with pytest.raises(sealing.KeyMissing, match="is not this survey’s key"):
        sealing.opener(public_key)


def test_store_without_a_folder_holds_no_key(settings):
    assert not settings.KEY_STORE.exists()
    with pytest.raises(sealing.KeyMissing):
        sealing.opener(bytes(32))


def test_destroying_a_key_in_a_store_without_a_folder_is_harmless(settings):
    assert sealing.destroy_key(bytes(32)) is False
