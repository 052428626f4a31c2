"""The audit log refuses changes: the same triggers that `triggers.install` puts back after every migration."""

from django.db import migrations

from essor.kernel import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
