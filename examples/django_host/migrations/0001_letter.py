"""Make the table of letters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Make it."""

    initial = True
    operations = (
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("request", models.CharField(max_length=64, unique=True)),
                ("title", models.CharField(max_length=80)),
                ("origin", models.CharField(max_length=16)),
                ("area", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=16)),
                ("post", models.CharField(max_length=32)),
                ("item", models.CharField(default="", max_length=16)),
            ],
            options={"db_table": "letter"},
        ),
    )
