"""The basis of a survey's releases is destroyed with its counts; releases built before say what is told of them now."""

from django.db import migrations

DESTROY = """
CREATE FUNCTION outputs_basis_goes_with_the_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM outputs_releasebasis WHERE survey_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER outputs_basis_goes_with_the_counts AFTER UPDATE OF state ON questionnaire_survey
    FOR EACH ROW WHEN (NEW.state = 'purged') EXECUTE FUNCTION outputs_basis_goes_with_the_counts();
"""

KEEP = """
DROP TRIGGER outputs_basis_goes_with_the_counts ON questionnaire_survey;
DROP FUNCTION outputs_basis_goes_with_the_counts();
"""

NEAREST = {"method": "nearest", "to": 5, "within": 2}
NONE = {"method": "none", "to": 1, "within": 0}


def complete(apps, schema_editor) -> None:
    """Releases of before kept no codes of groups and were rounded to the nearest 5, or not at all."""
    releases = apps.get_model("outputs", "Release").objects.filter(facts__rounding__isnull=True)
    schema_editor.execute("ALTER TABLE outputs_release DISABLE TRIGGER outputs_release_never_changes")
    for release in releases:
        codes = {}
        for breakdown in release.facts.get("breakdowns", []):
            breakdown |= {"shape": "flat", "two_way": False} | breakdown
            for place, group in enumerate(breakdown["groups"]):
                codes[breakdown["code"], group["title"]] = code = f"{place}"
                group |= {"code": code, "made_of": [], "headcount": 0} | group
        for table in release.tables:
            table.setdefault("group_code", codes.get((table["breakdown"], table["group"]), "all"))
        exact = release.facts["policy"] == "exact"
        release.facts |= {
            "rounding": NONE if exact else NEAREST,
            "imputation": "", "access": "", "headcount": None, "headcount_date": None, "previous": "",
            "minimum": 10, "group_minimum": 10,
        } | release.facts
        release.save()
    schema_editor.execute("ALTER TABLE outputs_release ENABLE TRIGGER outputs_release_never_changes")


class Migration(migrations.Migration):
    dependencies = [("outputs", "0003_audit"), ("questionnaire", "0006_linked_surveys")]

    operations = [migrations.RunPython(complete, migrations.RunPython.noop), migrations.RunSQL(DESTROY, KEEP)]
