"""The database itself keeps a survey to its life: lawful moves only, what is fixed stays fixed, records are only added.

TRUNCATE stays possible: tests empty their database with it. Who restores a dump has its rows before its triggers.
"""

from django.db import migrations

RULES = """
CREATE FUNCTION questionnaire_survey_moves_lawfully() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mendable text[] := ARRAY['state', 'opened_at', 'stopped_at', 'purged_at', 'invited', 'contact',
        'data_protection_contact', 'complaints_contact', 'host', 'mail_provider', 'backup_days', 'opens_at',
        'closes_at', 'listed', 'minimum_responses', 'counts_until', 'previous_id'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a survey begins as a draft' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'only a draft may be deleted' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'open'), ('draft', 'closed'), ('open', 'stopped'), ('stopped', 'closed'), ('closed', 'released'),
        ('stopped', 'purged'), ('closed', 'purged'), ('released', 'purged')
    ) THEN
        RAISE EXCEPTION 'a survey does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'draft' THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - mendable <> to_jsonb(OLD) - mendable THEN
        RAISE EXCEPTION 'this is fixed since the survey opened' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.minimum_responses < OLD.minimum_responses THEN
        RAISE EXCEPTION 'a threshold is never lowered' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'stopped' AND NEW.minimum_responses <> OLD.minimum_responses THEN
        RAISE EXCEPTION 'a threshold is not changed between the end and the closing' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.opens_at IS DISTINCT FROM OLD.opens_at AND (OLD.state <> 'open' OR OLD.opens_at IS NULL OR OLD.opens_at <= now())
        OR NEW.closes_at IS DISTINCT FROM OLD.closes_at AND (OLD.state <> 'open' OR OLD.closes_at <= now()) THEN
        RAISE EXCEPTION 'a time that has passed is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.counts_until IS NOT NULL AND (NEW.counts_until IS NULL OR NEW.counts_until > OLD.counts_until) THEN
        RAISE EXCEPTION 'counts are never kept longer than was said' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.opened_at IS DISTINCT FROM NEW.opened_at OR
        (OLD.stopped_at IS NOT NULL AND OLD.stopped_at IS DISTINCT FROM NEW.stopped_at) THEN
        RAISE EXCEPTION 'when something happened is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER questionnaire_survey_moves_lawfully BEFORE INSERT OR UPDATE OR DELETE ON questionnaire_survey
    FOR EACH ROW EXECUTE FUNCTION questionnaire_survey_moves_lawfully();

CREATE FUNCTION questionnaire_breakdowns_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_surveys bigint[];
    in_state text;
BEGIN
    -- Where a row is moved, both the survey that it leaves and the one that it joins.
    IF TG_TABLE_NAME = 'questionnaire_group' THEN
        SELECT array_agg(survey_id) INTO of_surveys FROM questionnaire_breakdown
            WHERE id IN (OLD.breakdown_id, NEW.breakdown_id);
    ELSE
        of_surveys := ARRAY[OLD.survey_id, NEW.survey_id];
    END IF;
    -- Waits for a survey that is being opened meanwhile, and then sees it open.
    FOR in_state IN SELECT state FROM questionnaire_survey WHERE id = ANY (of_surveys) FOR SHARE LOOP
        IF in_state <> 'draft' THEN
            RAISE EXCEPTION 'breakdowns are fixed since the survey opened' USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER questionnaire_breakdowns_are_fixed BEFORE INSERT OR UPDATE OR DELETE ON questionnaire_breakdown
    FOR EACH ROW EXECUTE FUNCTION questionnaire_breakdowns_are_fixed();
CREATE TRIGGER questionnaire_groups_are_fixed BEFORE INSERT OR UPDATE OR DELETE ON questionnaire_group
    FOR EACH ROW EXECUTE FUNCTION questionnaire_breakdowns_are_fixed();
CREATE TRIGGER questionnaire_two_ways_are_fixed BEFORE INSERT OR UPDATE OR DELETE ON questionnaire_twoway
    FOR EACH ROW EXECUTE FUNCTION questionnaire_breakdowns_are_fixed();

CREATE FUNCTION questionnaire_audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit record is only added to' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER questionnaire_audit_is_only_added_to BEFORE UPDATE OR DELETE ON questionnaire_auditentry
    FOR EACH ROW EXECUTE FUNCTION questionnaire_audit_is_only_added_to();

-- The planner's samples of a column outlive its rows.
ALTER TABLE questionnaire_invitation
    ALTER digest SET STATISTICS 0, ALTER reference SET STATISTICS 0, ALTER groups SET STATISTICS 0;
"""

NO_RULES = """
DROP TRIGGER questionnaire_audit_is_only_added_to ON questionnaire_auditentry;
DROP FUNCTION questionnaire_audit_is_only_added_to();
DROP TRIGGER questionnaire_two_ways_are_fixed ON questionnaire_twoway;
DROP TRIGGER questionnaire_groups_are_fixed ON questionnaire_group;
DROP TRIGGER questionnaire_breakdowns_are_fixed ON questionnaire_breakdown;
DROP FUNCTION questionnaire_breakdowns_are_fixed();
DROP TRIGGER questionnaire_survey_moves_lawfully ON questionnaire_survey;
DROP FUNCTION questionnaire_survey_moves_lawfully();
"""


class Migration(migrations.Migration):
    dependencies = [("questionnaire", "0004_lives_of_surveys")]

    operations = [migrations.RunSQL(RULES, NO_RULES)]
