"""The database itself refuses to change a release. TRUNCATE stays possible: tests empty their database with it."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION outputs_release_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a release is never changed' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER outputs_release_never_changes BEFORE UPDATE ON outputs_release
    FOR EACH ROW EXECUTE FUNCTION outputs_release_never_changes();
"""

ALLOW = """
DROP TRIGGER outputs_release_never_changes ON outputs_release;
DROP FUNCTION outputs_release_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("outputs", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
