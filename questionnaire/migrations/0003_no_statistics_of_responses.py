from django.db import migrations

# PostgreSQL's ANALYZE keeps samples of every column, for as long as nothing new is analysed: keys and times of
# responses would outlive closing there.
COLUMNS = ("key", "number", "sealed")


def statistics(target: int) -> str:
    columns = ", ".join(f"ALTER COLUMN {column} SET STATISTICS {target}" for column in COLUMNS)
    return f"ALTER TABLE questionnaire_sealedresponse {columns}"


class Migration(migrations.Migration):
    dependencies = [("questionnaire", "0002_what_respondents_are_told")]

    operations = [migrations.RunSQL(statistics(0), statistics(-1))]
