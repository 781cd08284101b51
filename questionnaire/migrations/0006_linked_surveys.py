import django.db.models.deletion
from django.db import migrations, models

# Once opened, the trigger of migration 0005 fixes it, as everything that is not named there.
KIND_IS_FIXED = """
CREATE FUNCTION questionnaire_kind_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> OLD.kind AND EXISTS (SELECT FROM questionnaire_invitation WHERE survey_id = OLD.id) THEN
        RAISE EXCEPTION 'the kind of a survey is chosen before the first invitation'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER questionnaire_survey_kind_is_fixed BEFORE UPDATE OF kind ON questionnaire_survey
    FOR EACH ROW EXECUTE FUNCTION questionnaire_kind_is_fixed();
"""
KIND_IS_NOT_FIXED = """
DROP TRIGGER questionnaire_survey_kind_is_fixed ON questionnaire_survey;
DROP FUNCTION questionnaire_kind_is_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("questionnaire", "0005_lawful_moves_only")]

    operations = [
        migrations.AddField(
            model_name="survey",
            name="kind",
            field=models.CharField(
                choices=[
                    ("anonymous", "anonymous: at closing only counts remain"),
                    ("linked", "linked: each invited person’s answers are kept with their reference and groups"),
                ],
                default="anonymous",
                help_text="Respondents are told. Chosen before the first invitation, never changed.",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "linked"), _negated=True),
                    models.Q(("access", "invited"), ("custody", "service"), ("origin", "web")),
                    _connector="OR",
                ),
                name="linked_survey_knows_whom_it_asks",
                violation_error_message=(
                    "A linked survey is for invited people only, is answered here, and has its key in this service’s "
                    "key store."
                ),
            ),
        ),
        migrations.CreateModel(
            name="LinkedResponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "survey",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="questionnaire.survey"),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING, to="questionnaire.invitation"
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("mode", models.CharField(max_length=20)),
                ("answers", models.JSONField()),
            ],
            options={"default_permissions": ("view",)},
        ),
        migrations.RunSQL(KIND_IS_FIXED, KIND_IS_NOT_FIXED),
    ]
