"""Releases that were built before they told how they were rounded read as those of today."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from outputs.exports.release_files import release_files
from outputs.models import Release
from outputs.release_job import build_release
from outputs.releases import release
from tests.grouped_survey import closed_with_groups

NEW_FACTS = ("rounding", "imputation", "access", "headcount", "headcount_date", "previous", "minimum", "group_minimum")


def as_it_was(stored: Release) -> tuple[dict, list]:
    """What a release was before: without codes of groups, and without the facts told since."""
    facts = {name: value for name, value in stored.facts.items() if name not in NEW_FACTS}
    for breakdown in facts["breakdowns"]:
        breakdown["groups"] = [{"title": group["title"], "members": group["members"]} for group in breakdown["groups"]]
        del breakdown["shape"], breakdown["two_way"]
    tables = [{name: value for name, value in table.items() if name != "group_code"} for table in stored.tables]
    return facts, tables


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_migration_completes_what_was_built_before():
    closed_with_groups()
    built = build_release("staff", actor="test")
    facts, tables = as_it_was(built)
    try:
        migrate_to("0002_releases_never_change")
        old = MigrationExecutor(connection).loader.project_state(("outputs", "0002_releases_never_change")).apps
        rows = old.get_model("outputs", "Release").objects
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE outputs_release DISABLE TRIGGER outputs_release_never_changes")
            rows.update(facts=facts, tables=tables)
            cursor.execute("ALTER TABLE outputs_release ENABLE TRIGGER outputs_release_never_changes")
    finally:
        migrate_to(None)
    read = release("staff")
    assert (read.facts["rounding"], read.facts["group_minimum"]) == ({"method": "nearest", "to": 5, "within": 2}, 10)
    assert [(part.id, part.breakdown, part.group) for part in read.parts] == [
        (table["id"], table["breakdown"], table["group"]) for table in tables
    ]
    codes = [(part.breakdown, part.group_code) for part in read.parts if part.id == "nssec-3"]
    assert len(set(codes)) == len(codes)
    assert (read.audit, len(release_files(read)) > 0) == ({}, True)
    with pytest.raises(Exception, match="a release is never changed"), connection.cursor() as cursor:
        cursor.execute("UPDATE outputs_release SET number = 7")


def migrate_to(name: str | None) -> None:
    executor = MigrationExecutor(connection)
    targets = [("outputs", name)] if name else executor.loader.graph.leaf_nodes("outputs")
    executor.migrate(targets)
