"""The registry finds every standard's folder, and reports what is wrong with one instead of stopping at it."""

import pytest

from questionnaire import registry
from tests.unit.planted import TOML, copy, edit


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A place of its own with one standard in it; returns the standard's folder."""
    monkeypatch.setattr(registry, "STANDARDS", tmp_path)
    registry.get_key.cache_clear()
    yield copy(tmp_path)
    registry.get_key.cache_clear()


def test_get_finds_the_standard_by_id_and_version():
    standard = registry.get("gss_seb", "2023-07")
    assert (standard.id, standard.version, standard.key) == ("gss_seb", "2023-07", "gss_seb/2023-07")


def test_get_key_gives_the_same_object_each_time():
    assert registry.get_key("gss_seb/2023-07") is registry.get("gss_seb", "2023-07")


@pytest.mark.parametrize("key", ["gss_seb/2020-01", "gss_seb", "", "../standards/gss_seb/2023-07", "gss_seb/2023-07/"])
def test_get_key_refuses_what_is_not_installed(key):
    with pytest.raises(LookupError, match=f"^there is no standard {key}$"):
        registry.get_key(key)


def test_all_standards_are_those_with_a_folder(installed):
    second = installed.with_name("2030-01")
    installed.rename(second)
    edit(second, TOML, ('version = "2023-07"', 'version = "2030-01"'))
    copy(registry.STANDARDS)
    assert [standard.key for standard in registry.all_standards()] == ["gss_seb/2023-07", "gss_seb/2030-01"]


def test_faults_are_none_as_installed():
    assert registry.faults() == []


def test_faults_name_the_folder_of_a_standard_that_cannot_be_read(installed):
    edit(installed, TOML, ('id = "gss_seb"', "id = 3"))
    assert [str(fault) for fault in registry.faults()] == ["gss_seb/2023-07/standard.toml, id: must be text"]


def test_faults_name_the_folder_of_a_standard_that_is_not_sound(installed):
    edit(installed, "school_type_reported.csv", ("\noutside_uk,outside_uk,", "\nstate,outside_uk,"))
    assert [str(fault) for fault in registry.faults()] == [
        "gss_seb/2023-07/school_type_reported.csv: there is no row for school_type = outside_uk (1 in all)",
        "gss_seb/2023-07/school_type_reported.csv, line 6: no combination that can occur reaches this row",
    ]


def test_folder_is_where_the_standard_lies():
    assert registry.folder("gss_seb/2023-07") == registry.STANDARDS / "gss_seb" / "2023-07"
