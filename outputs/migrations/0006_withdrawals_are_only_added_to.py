"""The database itself keeps withdrawals as they were written. TRUNCATE stays possible: tests empty their database."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION outputs_withdrawal_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a withdrawal is never changed' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER outputs_withdrawal_is_only_added_to BEFORE UPDATE OR DELETE ON outputs_withdrawal
    FOR EACH ROW EXECUTE FUNCTION outputs_withdrawal_is_only_added_to();
"""

ALLOW = """
DROP TRIGGER outputs_withdrawal_is_only_added_to ON outputs_withdrawal;
DROP FUNCTION outputs_withdrawal_is_only_added_to();
"""


class Migration(migrations.Migration):
    dependencies = [("outputs", "0005_withdrawals_and_buildings")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
